"""MultinomialLogisticLoss: the cross-entropy of given probabilities."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch
from netdef.layers.core.labels import check_one_label_each_item, label_error
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_LEAST = 1e-20


@register("MultinomialLogisticLoss")
class MultinomialLogisticLoss(Layer):
    """``-log(p)`` of the probabilities p of bottom 0 at the labels of bottom 1: the mean over the first axis.

    All further axes together are classes. Labels are whole numbers from 0 (fractions are cut off), one an item. A
    probability below 1e-20 counts as that, in the gradient too, which is then -1e20 over the size of the first axis.
    Raises NetdefError on a label that is no class (on the CPU; a GPU reports it through CUDA).
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_one_label_each_item(spec, shapes[1], 1)

    def forward(self, probabilities: Tensor, labels: Tensor) -> Tensor:
        probabilities = probabilities.reshape(len(probabilities), -1)
        labels = labels.long().reshape(-1, 1)
        try:
            own = probabilities.gather(1, labels)
        except RuntimeError:
            if probabilities.is_meta:
                raise
            raise label_error(self, labels, probabilities.shape[1], None) from None
        own.detach().clamp_(min=_LEAST)  # unseen by autograd: the gradient is not floored
        return -own.log().sum() / len(own)
