"""L1Loss with the options of FlowNet 2 (Ilg et al. 2017), and L1LossKitti; without options L1Loss is NVIDIA's."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_at_least, check_least_axes, check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "l1_loss_param"


@register("L1Loss", when=lambda spec: spec.message.HasField(PARAM) or len(spec.bottoms) == 1)
class FlowL1Loss(Layer):
    """The sum of absolute differences, or with ``l2_per_location`` of the lengths of difference vectors, over N.

    Bottoms a and b, or their difference alone. NaNs, which mark what is not known, do not count; nor do differences below
    ``plateau``. A length is ``sqrt(sum over channels of d^2 + epsilon)``, so that one that does not count still adds
    ``sqrt(epsilon)``, as in the fork; ``l2_prescale_by_channels`` takes the mean over channels. ``normalize_by_num_entries``
    divides by the number of values that are no NaN, over the number of channels. Where a difference is 0 so is the gradient,
    which in the fork is -1 / N.
    """

    n_bottoms = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.l1_loss_param
        check_least_axes(spec, shapes, 2)
        check_same_shape(spec, shapes)
        check_above_zero(spec, param.epsilon, PARAM, "epsilon")
        check_at_least(spec, param.plateau, 0, PARAM, "plateau")
        self.lengths, self.mean = param.l2_per_location, param.l2_prescale_by_channels
        self.by_entries: bool = param.normalize_by_num_entries
        self.epsilon, self.plateau = param.epsilon, param.plateau

    def forward(self, a: Tensor, b: Tensor | None = None) -> Tensor:
        known = self.known(a, b)
        difference = a.where(known, 0) - (0 if b is None else b.where(known, 0))
        divisor = (known.sum() / a.shape[1]).clamp(min=1) if self.by_entries else len(a)
        if not self.lengths:
            size = difference.abs()
            return size.where(size >= self.plateau, 0).sum() / divisor
        square = difference.square().sum(1) / (a.shape[1] if self.mean else 1)
        if self.plateau:
            square = square.where(square >= self.plateau**2, 0)
        return torch.sqrt(square + self.epsilon).sum() / divisor

    def known(self, a: Tensor, b: Tensor | None) -> Tensor:
        """Which values count."""
        return ~(a if b is None else a - b).detach().isnan()


@register("L1LossKitti")
class L1LossKitti(FlowL1Loss):
    """L1Loss of FlowNet 2 where only those values of bottom 1 count whose size is at least 1. Of SVS (lawy623)."""

    n_bottoms = exactly(2)

    def known(self, a: Tensor, b: Tensor | None) -> Tensor:
        """Which values count."""
        assert b is not None
        return b.detach().abs() >= 1
