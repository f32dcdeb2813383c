"""SoftmaxWithLoss of OpenVINO's fork: weights for rare classes, and a price for sure predictions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.checks import check_above_zero
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.softmax_loss import SoftmaxWithLoss

_PARAM = "loss_param"


def _is_adaptive(spec: LayerDefinition) -> bool:
    param = spec.message.loss_param
    return param.adaptive_weighting or param.max_entropy_weight > 0


@register("SoftmaxWithLoss", when=_is_adaptive)
class AdaptiveSoftmaxWithLoss(SoftmaxWithLoss):
    """`SoftmaxWithLoss` with the loss of a prediction plus ``max_entropy_weight * sum p log p``, if the weight is above 0.

    Only predictions whose loss is then above 0 count. With ``adaptive_weighting`` each is times the weight of its true class c,
    ``scale * (sum f / classes) / f_c`` with ``f`` the moving average, by ``gamma``, of the classes' shares in the batches;
    between ``min_weight`` and ``max_weight`` before the scale. The averages go on from batch to batch.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    carried = ("shares",)
    shares: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.loss_param
        if param.weight_by_label_freqs:
            raise spec.refuse("has `weight_by_label_freqs`, beside `adaptive_weighting` or `max_entropy_weight`", _PARAM,
                              "weight_by_label_freqs")
        self.adapts: bool = param.adaptive_weighting
        self.entropy: float = max(param.max_entropy_weight, 0.0)
        self.gamma, self.scale = param.gamma, param.scale
        check_above_zero(spec, self.gamma, _PARAM, "gamma")
        check_above_zero(spec, self.scale, _PARAM, "scale")
        self.least: float | None = param.min_weight if param.HasField("min_weight") else None
        self.most: float | None = param.max_weight if param.HasField("max_weight") else None
        self.add_constant("shares", (1, 1, shapes[0][self.axis]), constant(0.0))  # what is carried has a batch on axis 1

    def forward(self, scores: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor | tuple[Tensor, ...]:
        by_class, labels, losses, ignored = self.each(scores, labels)
        if self.entropy:
            logs = by_class.log_softmax(1)
            losses = losses + self.entropy * (logs.exp() * logs).sum(1)
        left_out = losses.detach() <= 0
        if ignored is not None:
            left_out, labels = left_out | ignored, labels.masked_fill(ignored, 0)
        losses = losses.masked_fill(left_out, 0)
        if self.adapts:
            losses = losses * self._weights(labels, ~left_out)[labels]
        loss = self.normalizer.reduce(losses, len(by_class), left_out)
        return loss if self.n_outputs == 1 else (loss, torch.softmax(scores, self.axis))

    @torch.no_grad()
    def _weights(self, labels: Tensor, counted: Tensor) -> Tensor:
        """The weights of the classes, after the shares of the labels that count are in the averages."""
        shares = self.shares.flatten()
        counts = torch.zeros_like(shares).index_add(0, labels.flatten(), counted.flatten().to(shares.dtype))
        found = counts / counts.sum().clamp(min=1)
        shares = torch.where(shares > 0, self.gamma * shares + (1 - self.gamma) * found, found)
        self.shares = shares[None, None]
        seen = shares > 0
        weights = torch.where(seen, shares.sum() / len(seen) / torch.where(seen, shares, 1), 0)
        return self.scale * (weights if self.least is self.most is None else weights.clamp(self.least, self.most))
