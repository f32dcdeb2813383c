"""MILLoss: a softmax loss at places whose labels are found from the classes of an image. Of CCNN (Pathak et al. 2015)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.labels import check_classes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.softmax_loss import SoftmaxWithLoss

_LEAST = torch.finfo(torch.float32).tiny


@register("MILLoss")
class MILLoss(SoftmaxWithLoss):
    """SoftmaxWithLoss of scores (N, classes, ...) with labels that follow from which classes those of bottom 1 name.

    Labels -1 and 255 name none. In each of up to 20 rounds numbers are added to the scores of class 0 and of the image's other
    classes, and a place gets the class of its largest score: 1 to both at first and while another class has places; then 1
    to class 0 while it has below 40% of the places, else 1 to the others while they have below 20%. The rounds end when
    class 0 has more than 40% and the others of the image more than 30%. The fork goes on from the shares of the image before;
    here each image starts anew.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        if self.axis != 1:
            raise spec.refuse("wants the classes on axis 1", "softmax_param", "axis")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return super().top_shapes(bottoms)

    def forward(self, scores: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor | tuple[Tensor, ...]:
        named = labels.detach().long().reshape(len(scores), -1)
        named = named.where((named != -1) & (named != 255), 0)
        check_classes(self, named.flatten(), scores.shape[1])
        found = [latent_labels(score, name) for score, name in zip(scores.detach().flatten(2), named)]
        return super().forward(scores, torch.stack(found).reshape(labels.shape))


def latent_labels(scores: Tensor, named: Tensor) -> Tensor:
    """The labels of the places of one image, by its scores (classes, places) and the classes that are named."""
    present = torch.zeros(len(scores), dtype=torch.bool, device=scores.device).index_fill(0, named, True)
    present[0] = False
    back, front, labels = 1.0, 1.0, named
    for _ in range(20):
        scores = scores + front * present[:, None]
        scores[0] += back
        labels = scores.clamp(min=_LEAST).argmax(0)
        of_back, of_front = (labels == 0).double().mean(), present[labels].double().mean()
        if (labels != 0).logical_and(~present[labels]).any():
            back, front = 1.0, 1.0
        elif of_back > 0.4 and of_front > 0.3:
            break
        elif of_back < 0.4:
            back, front = 1.0, 0.0
        elif of_front < 0.2:
            back, front = 0.0, 1.0
    return labels
