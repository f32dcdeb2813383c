"""L1Loss with the options of FlowNet 2 (Ilg et al. 2017), without which it is NVIDIA's, L1LossKitti and LpqLoss."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_at_least, check_least_axes, check_same_shape
from netdef.layers.core.fillers import constant
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
    values that are no NaN, over the number of channels. With several p and q each pair counts from the pass in TRAIN, counted
    from 0, that ``pq_episode_starts_at_iter`` has for it; the fork counts iterations, of ``iter_size`` passes. The net of TEST
    has the first pair.
    """

    passes: Tensor

    n_bottoms = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.lpq_loss_param
        check_least_axes(spec, shapes, 2)
        check_same_shape(spec, shapes)
        self.starts = list(param.pq_episode_starts_at_iter) or [0]
        if not len(param.p) == len(param.q) == len(self.starts):
            raise spec.refuse(f"has {len(param.p)} `p`, {len(param.q)} `q` and {len(self.starts)} iterations from which they "
                              "count; it wants as many of each", "lpq_loss_param")
        if self.starts[0] != 0 or sorted(set(self.starts)) != self.starts:
            raise spec.refuse(f"has `pq_episode_starts_at_iter` {self.starts}; they rise from 0 on", "lpq_loss_param",
                              "pq_episode_starts_at_iter")
        self.powers = list(zip(param.p, param.q))
        if len(self.powers) > 1:
            self.depends_on_data = True
            self.add_constant("passes", (1, 1), constant(0.0))
            self.carried = ("passes",)
        self.p_epsilon, self.q_epsilon = param.p_epsilon, param.q_epsilon
        self.mean, self.by_entries = param.l2_prescale_by_channels, param.normalize_by_num_entries

    def forward(self, a: Tensor, b: Tensor | None = None) -> Tensor:
        p, q = self._powers()
        known = ~(a if b is None else a - b).detach().isnan()
        difference = a.where(known, 0) - (0 if b is None else b.where(known, 0))
        sums = (difference.abs() + self.p_epsilon).pow(p).sum(1) / (a.shape[1] if self.mean else 1)
        divisor = (known.sum() / a.shape[1]).clamp(min=1) if self.by_entries else len(a)
        return (sums + self.q_epsilon).pow(q).sum() / divisor

    def _powers(self) -> tuple[float, float]:
        """p and q of this pass."""
        if len(self.powers) == 1 or self.passes.is_meta:
            return self.powers[0]
        passes = int(self.passes.item())
        if self.training:
            self.passes = self.passes + 1
        return [powers for start, powers in zip(self.starts, self.powers) if start <= passes][-1]
