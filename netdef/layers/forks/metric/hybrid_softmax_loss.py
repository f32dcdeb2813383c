"""HybridSoftmaxLoss: a softmax over persons and over the last features without a name. Person search (ShuangLI59)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive, check_same_batch
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.metric.sampled_classes import sample_classes

PARAM = "hybrid_softmax_loss_param"
_WORST = -math.log(torch.finfo(torch.float32).tiny)


@register("HybridSoftmaxLoss")
class HybridSoftmaxLoss(Layer):
    """The cross-entropy of features (N, ...) times ``weight``, a row for each person and for each place of a pool.

    Each pass, in TEST, too, writes the features labelled -1, times ``unlabeled_score_weight``, into the pool, the oldest place
    first. The loss is the mean over the items labelled 0 to ``num_classes - 1`` of minus the log of the softmax at their label,
    over that person, ``random_sampling_num - 1`` others drawn at random, and the places of the pool that were ever written to;
    0 if there is no such item. As in SoftmaxWithLoss an item costs at most 87.3.

    The gradient of the pool goes on to the features that this pass has written, not to ``weight``. ``loss_param`` has no effect.
    Which place is next is not in weight files: a net that is read from one starts with a pool that counts as empty.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True
    weight: Tensor
    written: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        param = spec.message.hybrid_softmax_loss_param
        self.classes, self.pool, self.count = param.num_classes, param.unlabeled_pool_size, param.random_sampling_num
        self.factor: float = param.unlabeled_score_weight
        for value, name in ((self.classes, "num_classes"), (self.count, "random_sampling_num")):
            check_positive(spec, value, PARAM, name)
        if self.pool < 0:
            raise spec.refuse(f"has `unlabeled_pool_size` {self.pool}; it must be at least 0", PARAM, "unlabeled_pool_size")
        if param.random_sampling_policy != "random":
            raise spec.refuse(f'has `random_sampling_policy` "{param.random_sampling_policy}"; only "random" is known',
                              PARAM, "random_sampling_policy")
        if self.count > self.classes:
            raise spec.refuse(f"has `random_sampling_num` {self.count}, more than its {self.classes} classes",
                              PARAM, *(["random_sampling_num"] if param.HasField("random_sampling_num") else []))
        shape = (self.classes + self.pool, math.prod(shapes[0][1:]))
        self.add_blob("weight", shape, filler(spec, PARAM, "weight_filler", shape=shape))
        self.add_constant("written", (1, 1), constant(0.0))  # places; once all were, their number plus the next one
        self.carried = ("written",)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        rows, labels = x.flatten(1), labels.detach().flatten().long()
        pool = self._pool(rows[labels == -1])
        known = (labels >= 0) & (labels < self.classes)
        rows, labels = rows[known], labels[known]
        persons = (rows @ self.blob("weight")[: self.classes].t()).gather(1, sample_classes(labels, self.classes, self.count))
        losses = F.cross_entropy(torch.cat((persons, rows @ pool.t()), 1), torch.zeros_like(labels), reduction="none")
        losses.detach().clamp_(max=_WORST)  # unseen by autograd: the gradient is not capped
        return losses.sum() / max(1, len(losses))

    def _pool(self, rows: Tensor) -> Tensor:
        """The places of the pool that have been written to, after ``rows`` were, with the way back to them for gradients."""
        if not self.pool:
            return rows[:0]
        first = int(self.written)
        places = [place % self.pool for place in range(first, first + len(rows))]
        kept = self.weight.data.reshape(-1, rows.shape[1])[self.classes :]
        for place, row in zip(places, self.factor * rows.detach()):
            kept[place] = row
        end = first + len(rows)
        self.written = torch.full_like(self.written, end if end < self.pool else self.pool + end % self.pool)
        changes = self.factor * (rows - rows.detach())  # zeros
        pool = kept.clone().index_add(0, torch.tensor(places, dtype=torch.long, device=rows.device), changes)
        return pool[: min(end, self.pool)]
