"""Losses of flows that are learned without any given, and Floacc. DSTFlow (Ren et al. 2017), sunshinezhe's fork.

The gradients of the losses are those of their sums: what a loss is divided by does not divide its gradient.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_axes, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.flow.lite_flow import places_of, values_at


class _FlowLoss(Layer):
    """The base of the losses: a bottom is a flow (N, 2, H, W), across and down, in pixels."""

    is_loss = True
    needs_float32 = True
    place = 0
    images: Sequence[int] = ()
    param = ""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4, self.place)
        flow = shapes[self.place]
        if flow[1] != 2:
            raise refuse_shapes(spec, shapes, self.place, "it wants a flow of two channels")
        for index in self.images:
            check_axes(spec, shapes, 4, index)
            if (shapes[index][0], *shapes[index][2:]) != (flow[0], *flow[2:]) or shapes[index][1] != shapes[self.images[0]][1]:
                raise refuse_shapes(spec, shapes, index, "images and flow must agree")
        if self.param:
            param = getattr(spec.message, self.param)
            check_at_least(spec, param.epsilon, 0, self.param, "epsilon")
            self.of_entries, self.epsilon, self.plateau = param.normalize_by_num_entries, param.epsilon, param.plateau

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def above_plateau(self, squares: Tensor) -> Tensor:
        """Squares of less than the plateau become 0."""
        return squares.where(squares >= self.plateau**2, 0) if self.plateau > 0 else squares


@register("STLoss", when=lambda spec: not spec.message.HasField("st_loss_param"))
class FlowBoundLoss(_FlowLoss):
    """Half the squared distance from the image of the places that a flow leads to, their mean over those outside."""

    def forward(self, flow: Tensor) -> Tensor:
        places = places_of(flow) + flow
        last = flow.new_tensor([flow.shape[3] - 1, flow.shape[2] - 1]).reshape(2, 1, 1)
        beyond = ((places - places.clamp(min=torch.zeros_like(last), max=last)).square() / 2).sum(1)
        return divided(beyond.sum(), (beyond.detach() > 1e-10).sum().clamp(min=1))


@register("DataLoss")
class DataLoss(_FlowLoss):
    """Sum over places of ``sqrt(|a - b at the flow|^2 + epsilon)``, over their number or N; bottoms a, b, flow.

    b is interpolated linearly, 0 outside. NaNs count as no difference; with ``normalize_by_num_entries``, the default, they
    are left out of the number. Differences below ``plateau`` are 0.
    """

    n_bottoms = exactly(3)
    place = 2
    images = (0, 1)
    param = "data_loss_param"

    def forward(self, a: Tensor, b: Tensor, flow: Tensor) -> Tensor:
        missed = a - values_at(b, places_of(flow) + flow)
        known = ~missed.isnan()
        squares = self.above_plateau(missed.where(known, 0).square().sum(1))
        count = known.sum() / missed.shape[1] if self.of_entries else len(a)
        return divided((squares + self.epsilon).sqrt().sum(), count)


@register("GradientLoss")
class GradientLoss(DataLoss):
    """`DataLoss` of the images' slopes across and down, ``[1, -8, 0, 8, -1] / 12``, 0 around; only the flow has a gradient."""

    param = "gradient_loss_param"

    def forward(self, a: Tensor, b: Tensor, flow: Tensor) -> Tensor:
        return super().forward(torch.cat(slopes(a.detach()), 1), torch.cat(slopes(b.detach()), 1), flow)


@register("SmoothLoss")
class SmoothLoss(_FlowLoss):
    """A penalty on changes of a flow (bottom 0) at places where its image (bottom 1, three channels) does not change.

    The sum is divided by the number of places, or by N.

    At each place and for each direction the root of ``epsilon`` and of the squares of each channel's step to the next place, and
    of its slope along the other direction, the mean of both places'; that times ``exp(-5 g) / 2`` of both places, added up,
    where g is how steep the image's brightness is, by GradientLoss' slopes. Roots of less than ``plateau`` are that of
    ``epsilon``. The last place of a direction has neither step nor slope, the first no slope, and the last counts once.

    As in the fork, an even height leaves out the second channel; and in the gradient weights count squared and the mean of
    two slopes' squares is in place of the mean's square.
    """

    n_bottoms = exactly(2)
    images = (1,)
    param = "smooth_loss_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if shapes[1][1] != 3:
            raise refuse_shapes(spec, shapes, 1, "it wants an image of three channels")

    def forward(self, flow: Tensor, image: Tensor) -> Tensor:
        if flow.shape[2] % 2 == 0:
            flow = flow[:, :1]
        light = image.detach() * image.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1) / 255
        across, down = slopes(light.sum(1, keepdim=True))
        weight = (-5 * (across.square() + down.square()).sqrt()[:, 0]).exp() / 2
        first, second = self._along(flow, weight), self._along(flow.mT, weight.mT)
        count = weight.numel() if self.of_entries else len(flow)
        return divided(first + second, count)

    def _along(self, flow: Tensor, weight: Tensor) -> Tensor:
        """The sum for steps along rows."""
        step = F.pad(flow.diff(dim=3), (0, 1))
        slope = F.pad((flow[:, :, 2:] - flow[:, :, :-2]) / 2, (0, 0, 1, 1)) if flow.shape[2] > 2 else torch.zeros_like(flow)
        after = torch.cat((slope[..., 1:], slope[..., -1:]), 3)
        square = ((slope + after) / 2).square()
        learned = (slope.square() + after.square()) / 2
        square = with_gradient(square, learned, torch.ones_like(learned))
        root = (self.above_plateau((step.square() + square).sum(1)) + self.epsilon).sqrt()
        weight = weight + F.pad(weight[..., 1:], (0, 1))
        learned = weight.square() * root
        return with_gradient(weight * root, learned, torch.ones_like(learned)).sum()


@register("Floacc")
class Floacc(Layer):
    """The mean length of how much two flows (N, 2, H, W) differ, and shares of at most 2, 3, 4 and 5, (4,). No gradient.

    A NaN is an infinite difference.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if shapes[0][1] != 2 or shapes[1] != shapes[0]:
            raise refuse_shapes(spec, shapes, 1, "it wants two flows of two channels")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), (4,)]

    def forward(self, flow: Tensor, given: Tensor) -> tuple[Tensor, Tensor]:
        missed = flow.detach() - given.detach()
        lengths = missed.where(~missed.isnan(), math.inf).square().sum(1).sqrt()
        return lengths.mean(), torch.stack([(lengths <= most).to(lengths.dtype).mean() for most in (2, 3, 4, 5)])


def divided(total: Tensor, count: Tensor | int) -> Tensor:
    """A sum over a count, with the gradient of the sum."""
    return with_gradient(total / count, total, torch.ones_like(total))


def slopes(image: Tensor) -> tuple[Tensor, Tensor]:
    """Return the slopes of each channel of an image, along its rows and along its columns."""
    taps = image.new_tensor([1, -8, 0, 8, -1]) / 12
    channels = image.shape[1]
    across = F.conv2d(image, taps.expand(channels, 1, 1, 5), padding=(0, 2), groups=channels)
    down = F.conv2d(image, taps[:, None].expand(channels, 1, 5, 1), padding=(2, 0), groups=channels)
    return across, down
