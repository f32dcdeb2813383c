"""MySmoothL1Loss: the smooth L1 loss at labelled places. Of GuohongWu's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("MySmoothL1Loss")
class MySmoothL1Loss(Layer):
    """The smooth L1 loss of (N, C, H, W) from bottom 1, at places of which the label, bottom 2 (N, 1, H, W), is above 0.1.

    ``(sigma d)^2 / 2`` of differences below ``1 / sigma^2``, else ``|d| - 1 / (2 sigma^2)``, summed, over the number of places.
    """

    n_bottoms = exactly(3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.my_smooth_L1_loss_param
        check_axes(spec, shapes, 4)
        check_above_zero(spec, param.sigma, "my_smooth_L1_loss_param", "sigma")
        self.beta = 1 / param.sigma**2
        for index, wanted in ((1, shapes[0]), (2, (shapes[0][0], 1, *shapes[0][2:]))):
            if shapes[index] != wanted:
                raise refuse_shapes(spec, shapes, index, f"it must have shape {wanted}")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, a: Tensor, b: Tensor, labels: Tensor) -> Tensor:
        counts = labels.detach() > 0.1
        total = (F.smooth_l1_loss(a, b, reduction="none", beta=self.beta) * counts).sum()
        return total / counts.sum().clamp(min=1)
