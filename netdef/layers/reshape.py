"""Flatten and Reshape: change the shape and keep the row-major order of the elements."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Flatten")
class Flatten(Layer):
    """Axes ``axis`` to ``end_axis``, both included, become one."""

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.flatten_param
        n_axes = len(shapes[0])
        self.axis = canonical_axis(spec, param.axis, n_axes, "flatten_param", "axis")
        self.end_axis = canonical_axis(spec, param.end_axis, n_axes, "flatten_param", "end_axis")
        if self.axis > self.end_axis:
            raise spec.refuse(
                f"flattens from axis {self.axis} to axis {self.end_axis} of a bottom of shape {shapes[0]}; the end "
                "must not come first", "flatten_param", "end_axis")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        shape, end = bottoms[0], self.end_axis + 1
        return [(*shape[: self.axis], math.prod(shape[self.axis : end]), *shape[end:])]

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(self.axis, self.end_axis)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        to_the_end = self.end_axis == len(bottoms[0].shape) - 1
        return TorchCode(f"{bottoms[0]}.flatten({self.axis}{'' if to_the_end else f', {self.end_axis}'})")


@register("Reshape")
class Reshape(Layer):
    """Axes ``axis`` to ``axis + num_axes`` (-1: to the last) are replaced by ``shape``.

    In ``shape``, 0 copies the bottom's axis at that place and a single -1 takes what is left. A negative ``axis``
    counts from behind the last axis: -1 appends, unlike in any other layer. ``pixelshuffler``, from intel's and
    Synopsys' forks, is another layer, `PixelShuffle`. In place it gives its bottom's name to the new shape, as in
    LRCN's fork; BVLC's refuses that.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.reshape_param, shapes[0]
        self.dims: list[int] = list(param.shape.dim)
        if min(self.dims, default=0) < -1 or self.dims.count(-1) > 1:
            raise spec.refuse(
                f"reshapes to {self.dims}; a size is positive, 0 to copy, or -1 once to take what is left",
                "reshape_param", "shape")
        n_axes = len(shape)
        if not -n_axes - 1 <= param.axis <= n_axes:
            raise spec.refuse(f"reshapes from axis {param.axis}, but its bottom has {n_axes} axes",
                              "reshape_param", "axis")
        self.start: int = param.axis if param.axis >= 0 else n_axes + param.axis + 1
        if param.num_axes < -1 or self.start + param.num_axes > n_axes:
            raise spec.refuse(
                f"reshapes {param.num_axes} axes from axis {self.start}, but its bottom has {n_axes} axes; -1 stands "
                "for all that follow", "reshape_param", "num_axes")
        self.end: int = n_axes if param.num_axes == -1 else self.start + param.num_axes
        for i, dim in enumerate(self.dims):
            if dim == 0 and self.start + i >= n_axes:
                raise spec.refuse(f"copies axis {self.start + i}, but its bottom has {n_axes} axes",
                                  "reshape_param", "shape", "dim", i)
        wanted, count = self._target(shape), math.prod(shape)
        known = math.prod(d for d in wanted if d != -1)
        if (-1 in wanted and (known == 0 or count % known)) or (-1 not in wanted and known != count):
            raise spec.refuse(f"cannot make a bottom of shape {shape}, {count} elements, into {wanted}",
                              "reshape_param", "shape")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        target = self._target(bottoms[0])
        rest = math.prod(size for size in target if size != -1)
        return [tuple(math.prod(bottoms[0]) // rest if size == -1 else size for size in target)]

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(self._target(x.shape))

    def _target(self, shape: Sequence[int]) -> Shape:
        replaced = [dim or shape[self.start + i] for i, dim in enumerate(self.dims)]
        return (*shape[: self.start], *replaced, *shape[self.end :])

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        copied = [f"{x}.shape[{i}]" for i in range(len(x.shape))]
        replaced = [str(dim) if dim else copied[self.start + i] for i, dim in enumerate(self.dims)]
        return TorchCode(f"{x}.reshape({', '.join([*copied[: self.start], *replaced, *copied[self.end :]]) or '()'})")


@register("Reshape", when=lambda spec: spec.message.reshape_param.HasField("new_patch_width"))
class PatchPlanes(Layer):
    """(N, C w h, H, W) to (N, C, H h, W w): channel (j h + i) C + c is place (i, j) of channel c of each patch. Arroosh's fork.

    C, h and w are ``new_channel``, ``new_patch_height`` and ``new_patch_width``; a bottom of two axes has H and W 1. The fork
    wants ``new_height`` and ``new_width``, the sides of the top, too.
    """

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.reshape_param
        self.patch = param.new_patch_width, param.new_patch_height, param.new_channel
        if not 2 <= len(shapes[0]) <= 4 or not math.prod(self.patch) or shapes[0][1] != math.prod(self.patch):
            raise spec.refuse(f"wants channels for {' x '.join(map(str, self.patch))}, a patch's width and height and "
                              f"`new_channel`; its bottom has shape {shapes[0]}", "reshape_param", "new_patch_width")
        height, width = (*shapes[0][2:], 1, 1)[:2]
        top = height * param.new_patch_height, width * param.new_patch_width
        if (param.new_height, param.new_width) != top:
            raise spec.refuse(f"has `new_height` {param.new_height} and `new_width` {param.new_width}; its top is of {top[0]} x "
                              f"{top[1]}", "reshape_param", "new_height")

    def forward(self, x: Tensor) -> Tensor:
        return patches_as_planes(x, *self.patch)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"patches_as_planes({', '.join(map(str, (bottoms[0], *self.patch)))})", functions=(patches_as_planes,))


def patches_as_planes(x: Tensor, patch_width: int, patch_height: int, channels: int) -> Tensor:
    """Planes of patches from channels; see `PatchPlanes`."""
    height, width = (*x.shape[2:], 1, 1)[:2]
    patches = x.reshape(x.shape[0], patch_width, patch_height, channels, height, width).permute(0, 3, 4, 2, 5, 1)
    return patches.reshape(x.shape[0], channels, height * patch_height, width * patch_width)


@register("Reshape", when=lambda spec: spec.message.reshape_param.pixelshuffler != 1)
class PixelShuffle(Layer):
    """(N, C r^2, H, W) to (N, C, H r, W r), r the ``pixelshuffler``: channel c r^2 + i r + j is place (i, j) of each block.

    From intel's and Synopsys' forks (Shi et al. 2016). ``shape``, ``axis`` and ``num_axes`` are not read there, nor here.
    """

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.factor: int = spec.message.reshape_param.pixelshuffler
        shape = shapes[0]
        if len(shape) != 4 or not self.factor or shape[1] % self.factor**2:
            raise spec.refuse(
                f"wants a bottom of 4 axes with channels in multiples of `pixelshuffler` squared, {self.factor**2}; it has "
                f"shape {shape}", "reshape_param", "pixelshuffler")

    def forward(self, x: Tensor) -> Tensor:
        return F.pixel_shuffle(x, self.factor)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.pixel_shuffle({bottoms[0]}, {self.factor})")
