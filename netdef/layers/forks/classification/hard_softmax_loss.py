"""`SoftmaxWithLoss` of the hardest predictions: of torrvision's and lxx1991's forks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.softmax_loss import SoftmaxWithLoss

_PARAM = "loss_param"


def _of_hardest(spec: LayerDefinition) -> bool:
    param = spec.message.loss_param
    return param.use_ohem or param.has_probability_thresh or param.hm_ratio < 1


@register("SoftmaxWithLoss", when=_of_hardest)
class HardSoftmaxWithLoss(SoftmaxWithLoss):
    """`SoftmaxWithLoss` that leaves out easy predictions as if their label were to be ignored.

    Torrvision's: with ``has_probability_thresh`` those whose softmax at the label is above ``probability_threshold``, and with
    ``use_ohem`` all but the ``ohem_n`` of the greatest losses in the batch, counted without those. The divisor VALID is the
    number of those that are left, as on its CPU; on its GPU it is so only where the text has an ``ignore_label``.

    lxx1991's, as on its GPU: ``hm_ratio`` r, below 1, leaves out the losses of an item below that at place ``(1 - r) n``,
    cut to a whole number, of its n losses in order.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.loss_param
        self.most: int | None = param.ohem_n if param.use_ohem else None
        if param.use_ohem:
            check_positive(spec, param.ohem_n, _PARAM, "ohem_n")
        self.enough: float | None = -math.log(max(param.probability_threshold, 1e-38)) if param.has_probability_thresh else None
        self.share: float = param.hm_ratio

    def each(self, scores: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
        by_class, labels, losses, ignored = super().each(scores, labels)
        left = torch.ones_like(losses, dtype=torch.bool) if ignored is None else ~ignored
        found = losses.detach()
        if self.enough is not None:
            left = left & (found >= self.enough)
        if self.most is not None:
            ranks = found.where(left, 0).flatten().argsort(descending=True, stable=True).argsort().view_as(found)
            left = left & (ranks < self.most)
        if self.share < 1:
            left = left & (found >= self._least(found.flatten(1), left.flatten(1)).reshape(-1, *[1] * (found.ndim - 1)))
        return by_class, labels, losses.where(left, 0), ~left

    def _least(self, losses: Tensor, counted: Tensor) -> Tensor:
        """The least loss of each item (N, predictions) that counts."""
        if not losses.shape[1]:
            return losses.new_full((len(losses),), -math.inf)
        count = counted.sum(1).float()
        place = ((1 - self.share) * count).long() - 1
        in_order = losses.where(counted, math.inf).sort(1)[0]
        return in_order.gather(1, place.clamp(min=0)[:, None])[:, 0].where(place >= 0, -math.inf)
