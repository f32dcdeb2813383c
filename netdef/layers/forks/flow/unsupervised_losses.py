"""CharbonnierLoss and SSIMLoss: how far an image warped by a flow is from another. Of Hidden Two-Stream (bryanyzhu)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, check_positive, check_same_shape, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("CharbonnierLoss")
class CharbonnierLoss(Layer):
    """``sum of ((beta x)^2 + epsilon^2)^alpha`` over the places of all images.

    Bottom 1 is a mask, by which each summand is multiplied. The sum is then divided by the sum of the mask's sizes times the
    number of images, cut to a whole number, as in the fork. A mask may have more channels than x: its first numbers in memory
    are taken, in which item 1 follows at once, and all of it is summed.
    """

    n_bottoms = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if len(shapes) == 2:
            check_axes(spec, shapes, 4, 1)
            x, mask = shapes
            if (mask[0], *mask[2:]) != (x[0], *x[2:]) or mask[1] < x[1]:
                raise refuse_shapes(spec, shapes, 1, "a mask must be as large, with at least as many channels")
        param = spec.message.charbonnier_loss_param
        self.alpha, self.beta, self.epsilon = param.alpha, param.beta, param.epsilon

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        penalties = ((self.beta * x).square() + self.epsilon**2).pow(self.alpha)
        if mask is None:
            return penalties.sum() / (x.numel() / x.shape[1])
        mask = mask.detach()
        return (penalties * mask.flatten()[: x.numel()].view_as(x)).abs().sum() / (len(x) * mask.abs().sum()).trunc()


@register("SSIMLoss")
class SSIMLoss(Layer):
    """The sum of ``1 - SSIM`` of bottom 0 and bottom 1 over windows and channels, over N (Wang et al. 2004).

    Windows are ``kernel_size`` wide, ``stride`` apart, weighted by a Gaussian of a sixth of that, and cut at the image's end,
    without a change of the weights. The Gaussian's centre is at ``kernel_size / 2``, half a place off the middle, as in the fork.
    Bottom 1 gets no gradient.
    """

    n_bottoms = exactly(2)
    is_loss = True
    weights: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        param = spec.message.ssim_loss_param
        for field in ("kernel_size", "stride", "c1", "c2"):
            if not param.HasField(field):
                raise spec.refuse(f"has no `{field}`; SSIMLoss wants it given", "ssim_loss_param")
        for field in ("kernel_size", "stride"):
            check_positive(spec, getattr(param, field), "ssim_loss_param", field)
        for field in ("c1", "c2"):
            check_above_zero(spec, getattr(param, field), "ssim_loss_param", field)
        self.size, self.stride, self.c1, self.c2 = param.kernel_size, param.stride, param.c1, param.c2
        self.windows = [math.ceil((side - self.size) / self.stride) + 1 for side in shapes[0][2:]]
        if min(self.windows) < 1:
            raise spec.refuse(f"has windows of {self.size} for images of {shapes[0][2]} x {shapes[0][3]}", "ssim_loss_param")
        self.add_constant("weights", (1, 1, self.size, self.size), _fill_with_a_gaussian)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        y = y.detach()
        mean_x, mean_y = self.means(x), self.means(y)
        products, squares = mean_x * mean_y, mean_x.square() + mean_y.square()
        light = (2 * products + self.c1) / (squares + self.c1)
        deviations = self.means(x.square()) + self.means(y.square()) - squares
        structure = (2 * (self.means(x * y) - products) + self.c2) / (deviations + self.c2)
        return (1 - light * structure).sum() / len(x)

    def means(self, x: Tensor) -> Tensor:
        """Each channel's weighted sum in every window."""
        down, across = ((n - 1) * self.stride + self.size - side for n, side in zip(self.windows, x.shape[2:], strict=True))
        alone = F.pad(x.flatten(0, 1)[:, None], (0, max(0, across), 0, max(0, down)))
        return F.conv2d(alone, self.weights.to(x), stride=self.stride)


@torch.no_grad()
def _fill_with_a_gaussian(weights: Tensor) -> None:
    """A Gaussian of a sixth of the size, with its centre at the half, that sums to 1."""
    size = weights.shape[-1]
    places = torch.arange(size, dtype=torch.float64) - size / 2
    ramp = torch.exp(-places.square() / (2 * (size / 6) ** 2))
    weights.copy_(torch.outer(ramp / ramp.sum(), ramp / ramp.sum()))
