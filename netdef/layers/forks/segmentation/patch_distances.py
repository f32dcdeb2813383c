"""Im2dist, Im2parity, DistLoss: how each pixel differs from those around it. Segmentation-aware nets, Harley et al. 2017."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution_window import check_fits, read_window
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_shape
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "dist_loss_param"


class _Patches(Layer):
    """The base of Im2dist and Im2parity: (N, C, H, W) to (N, places of the kernel, places of the window).

    The window is that of ``convolution_param``; the centre of a k x k kernel is its place k // 2.
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        window = self.window = read_window(spec, 2)
        check_fits(spec, shapes[0][2:], window)
        self.centre = window.kernel[0] // 2 * window.kernel[1] + window.kernel[1] // 2
        self.unfolding = {"kernel_size": window.kernel, "dilation": window.dilation, "padding": window.pad,
                          "stride": window.stride}

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        kernel = self.window.kernel
        return [(bottoms[0][0], kernel[0] * kernel[1], *self.window.places(bottoms[0][2:], False))]


@register("Im2dist")
class Im2dist(_Patches):
    """The distance of each pixel of a patch from its centre, over channels: half the sum of squares (L2), or the sum (L1).

    0 outside the image, or with ``remove_bounds`` 3.4e36, and with ``remove_center`` this is also the distance of the centre to
    itself. 0 if the centre lies outside. The exact gradient; the fork's of L1 is -1 at differences of 0, also outside the image.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.im2dist_param
        self.squares: bool = param.norm == param.L2
        self.removed = bool(param.remove_center), bool(param.remove_bounds)

    def forward(self, x: Tensor) -> Tensor:
        height, width = self.window.places(tuple(x.shape[2:]), False)
        return patch_distances(x, self.unfolding, self.centre, self.squares, self.removed).unflatten(2, (height, width))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        sizes = self.window.places(tuple(x.shape[2:]), False)
        call = f"patch_distances({x}, {self.unfolding}, {self.centre}, {self.squares}, {self.removed}).unflatten(2, {sizes})"
        return TorchCode(call, functions=(patch_distances,))


def patch_distances(x: Tensor, unfolding: dict, centre: int, squares: bool, removed: tuple) -> Tensor:
    """The distances (N, places of the kernel, places of the window); ``removed``: of the centre, and outside the image."""
    infinite = 3.4028234663852886e36
    here = F.unfold(x, **unfolding).unflatten(1, (x.shape[1], -1))
    inside = F.unfold(torch.ones_like(x[:1, :1]), **unfolding) > 0
    difference = here[:, :, centre, None] - here
    distance = (difference * difference / 2 if squares else difference.abs()).sum(1)
    distance = torch.where(inside, distance, infinite if removed[1] else 0)
    if removed[0]:
        own = (torch.arange(here.shape[2], device=x.device) == centre)[:, None]
        distance = torch.where(own, infinite, distance)
    return torch.where(inside[:, centre, None], distance, 0)


@register("Im2parity")
class Im2parity(_Patches):
    """1 for each pixel of a patch that has the label of its centre, else 0; outside the image the label counts as 0.

    ``ignore_label`` where either has that label, and where the centre lies outside the image. Of several channels of labels the
    last counts. No gradient.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.im2parity_param
        self.ignore: int | None = param.ignore_label if param.HasField("ignore_label") else None

    def forward(self, labels: Tensor) -> Tensor:
        labels = labels[:, -1:].detach().trunc()
        here = F.unfold(labels, **self.unfolding)
        inside = F.unfold(torch.ones_like(labels), **self.unfolding) > 0
        centre = here[:, self.centre, None]
        parity = (here == centre).to(labels.dtype)
        if self.ignore is not None:
            parity = torch.where((here == self.ignore) | (centre == self.ignore), self.ignore, parity)
        parity = torch.where(inside[:, self.centre, None], parity, self.ignore or 0)
        return parity.unflatten(2, self.window.places(tuple(labels.shape[2:]), False))


@register("DistLoss")
class DistLoss(PairLoss):
    """The mean over all distances of what those of like pixels have above ``alpha``, and those of others below ``beta``.

    Bottoms: distances and parities of one shape; a parity of ``ignore_label`` adds nothing. As in the fork the gradient of a
    distance is what it adds, with its sign, over their number: that of half its square.
    """

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)
        param = spec.message.dist_loss_param
        if not 0 < param.alpha < param.beta:
            raise spec.refuse(f"has `alpha` {param.alpha:g} and `beta` {param.beta:g}; wanted are 0 < alpha < beta", PARAM)
        self.near, self.far = param.alpha, param.beta
        self.ignore: int | None = param.ignore_label if param.HasField("ignore_label") else None

    def forward(self, distances: Tensor, parities: Tensor) -> Tensor:
        parities = parities.detach().trunc()
        over = torch.where(parities != 0, (distances - self.near).clamp(min=0), -(self.far - distances).clamp(min=0))
        if self.ignore is not None:
            over = torch.where(parities == self.ignore, 0, over)
        return with_gradient(over.abs().sum() / over.numel(), distances, over / over.numel())

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        return torch.randint(2, shape, generator=generator).float() if index == 1 else None
