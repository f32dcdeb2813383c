"""Dtow, PixelConv and Duplicate: blocks of pixels as channels, a kernel for each pixel, a value for all pixels."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "dtow_param"


@register("Dtow")
class Dtow(Layer):
    """Channels to blocks of pixels (MDTOW, the default), or back (MWTOD): p^2 channels for blocks of p x p. CCN, limuhit's fork.

    Channel (c p + i) p + j of a place is the pixel i, j of its block in channel c: torch's ``pixel_shuffle``. With LDTOW and
    LWTOD channel (c p^2 + k) g + m, g the ``ngroup``, is pixel k of channel c g + m, where the pixels of a block are counted
    along its diagonals.
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.dtow_param, shapes[0]
        check_axes(spec, shapes, 4)
        check_positive(spec, param.psize, PARAM, "psize")
        check_positive(spec, param.ngroup, PARAM, "ngroup")
        self.side: int = param.psize
        self.group: int = param.ngroup if param.method in (param.LDTOW, param.LWTOD) else 1
        self.to_blocks: bool = param.method in (param.MDTOW, param.LDTOW)
        zigzag = param.method in (param.LDTOW, param.LWTOD)
        places = [(i, j) for i in range(self.side) for j in range(self.side)]
        if zigzag:
            places.sort(key=sum)  # stable: along a diagonal from its top
        self.order = [i * self.side + j for i, j in places]
        if self.to_blocks and shape[1] % (self.side**2 * self.group):
            raise spec.refuse(f"wants a multiple of {self.side**2 * self.group} channels; its bottom has {shape[1]}", "bottom", 0)
        if not self.to_blocks and (shape[2] % self.side or shape[3] % self.side or shape[1] % self.group):
            raise spec.refuse(f"wants a height and width that are multiples of {self.side}, and channels that are one of "
                              f"{self.group}; its bottom has shape {shape}", "bottom", 0)

    def forward(self, x: Tensor) -> Tensor:
        return channels_to_blocks(x, self.side, self.group, self.order) if self.to_blocks else (
            blocks_to_channels(x, self.side, self.group, self.order))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        function = channels_to_blocks if self.to_blocks else blocks_to_channels
        return TorchCode(f"{function.__name__}({bottoms[0]}, {self.side}, {self.group}, {self.order})", functions=(function,))


def channels_to_blocks(x: Tensor, side: int, group: int, order: list[int]) -> Tensor:
    """(N, C p^2, H, W) to (N, C, H p, W p); entry k of ``order`` is the place in a block of its k-th channel."""
    channels = sorted(range(side * side), key=order.__getitem__)  # of each place
    blocks = x.unflatten(1, (-1, side * side, group))[:, :, channels].unflatten(2, (side, side))  # N, C, i, j, g, H, W
    return blocks.permute(0, 1, 4, 5, 2, 6, 3).flatten(1, 2).flatten(4, 5).flatten(2, 3)


def blocks_to_channels(x: Tensor, side: int, group: int, order: list[int]) -> Tensor:
    """The inverse of `channels_to_blocks`."""
    blocks = x.unflatten(3, (-1, side)).unflatten(2, (-1, side)).unflatten(1, (-1, group))  # N, C, g, H, i, W, j
    pixels = blocks.permute(0, 1, 4, 6, 2, 3, 5).flatten(2, 3)
    return pixels[:, :, order].flatten(1, 3)


@register("PixelConv")
class PixelConv(Layer):
    """Each channel of an image (N, C, H, W), the second bottom, convolved with a k x k kernel for each pixel, padded by zeros.

    The first bottom (N, C k^2, H, W) holds the kernels, k odd. ``is_bpk`` and ``is_bpd``: false stops the gradient of the
    kernels, and of the image. SICE (Cai et al. 2018), csjcai's layer.
    """

    n_bottoms = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.pixelconvolution_param
        for index in range(2):
            check_axes(spec, shapes, 4, index)
        kernels, image = shapes
        self.side = round((kernels[1] / image[1]) ** 0.5)
        if kernels != (image[0], image[1] * self.side**2, *image[2:]) or self.side % 2 == 0:
            raise refuse_shapes(spec, shapes, 1, "the first has k x k numbers, k odd, for each of the second")
        if not param.is_pad:
            raise spec.refuse("is not padded, for which its code has no result", "pixelconvolution_param", "is_pad")
        self.learns: bool = param.is_bpk
        self.passes: bool = param.is_bpd

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[1]]

    def forward(self, kernels: Tensor, image: Tensor) -> Tensor:
        return filter_pixels(kernels if self.learns else kernels.detach(), image if self.passes else image.detach(), self.side)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"filter_pixels({bottoms[0]}, {bottoms[1]}, {self.side})", functions=(filter_pixels,))


def filter_pixels(kernels: Tensor, image: Tensor, side: int) -> Tensor:
    """An image (N, C, H, W) filtered by the kernels (N, C side^2, H, W) of its pixels."""
    windows = F.unfold(image, side, padding=side // 2) * kernels.flatten(2)
    return windows.unflatten(1, (-1, side * side)).sum(2).reshape(image.shape)


@register("Duplicate")
class Duplicate(Layer):
    """(N, C, 1, 1) to (N, C, height, width), the same value at all places. Of learnable dilation (SSAW14)."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.duplicate_param
        self.size = int(param.height), int(param.width)
        for field in ("height", "width"):
            check_positive(spec, int(getattr(param, field)), "duplicate_param", field)
        if len(shapes[0]) < 2 or torch.Size(shapes[0][2:]).numel() != 1:
            raise spec.refuse(f"wants a bottom of one value a channel; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self.size)]

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:2], 1, 1).expand(-1, -1, *self.size)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"{x}.reshape(*{x}.shape[:2], 1, 1).expand(-1, -1, {self.size[0]}, {self.size[1]})")
