"""L1Loss with the options of FlowNet 2 (Ilg et al. 2017), without which it is NVIDIA's, L1LossKitti and LpqLoss."""

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


@register("LpqLoss")
class LpqLoss(Layer):
    """``sum over places of (sum over channels of (|d| + p_epsilon)^p + q_epsilon)^q``, over N, of FlowNet 2 and PWC-Net.

    Bottoms a and b, or their difference d alone. NaNs count as differences of 0 without a gradient, as does 0 itself, where the
    fork has one. ``l2_prescale_by_channels`` takes the mean over channels; ``normalize_by_num_entries`` divides by the number of
    values that are no NaN, over the number of channels. ``pq_episode_starts_at_iter``, p and q that change during training,
    is not implemented.
    """

    n_bottoms = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.lpq_loss_param
        check_least_axes(spec, shapes, 2)
        check_same_shape(spec, shapes)
        if len(param.p) != 1 or len(param.q) != 1 or any(param.pq_episode_starts_at_iter):
            raise spec.refuse(f"has {len(param.p)} `p` and {len(param.q)} `q`; one of each is implemented", "lpq_loss_param")
        self.p, self.q = param.p[0], param.q[0]
        self.p_epsilon, self.q_epsilon = param.p_epsilon, param.q_epsilon
        self.mean, self.by_entries = param.l2_prescale_by_channels, param.normalize_by_num_entries

    def forward(self, a: Tensor, b: Tensor | None = None) -> Tensor:
        known = ~(a if b is None else a - b).detach().isnan()
        difference = a.where(known, 0) - (0 if b is None else b.where(known, 0))
        sums = (difference.abs() + self.p_epsilon).pow(self.p).sum(1) / (a.shape[1] if self.mean else 1)
        divisor = (known.sum() / a.shape[1]).clamp(min=1) if self.by_entries else len(a)
        return (sums + self.q_epsilon).pow(self.q).sum() / divisor
