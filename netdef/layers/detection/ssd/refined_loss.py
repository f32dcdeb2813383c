"""MultiBoxLoss of RefineDet (Zhang et al. 2018): the losses of both of its stages."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.ssd.multibox_loss import PARAM, MultiBoxLoss


def _is_refined(spec: LayerDefinition) -> bool:
    return len(spec.bottoms) in (5, 6) or spec.message.multibox_loss_param.HasField("objectness_score")


@register("MultiBoxLoss", when=_is_refined)
class RefinedMultiBoxLoss(MultiBoxLoss):
    """`MultiBoxLoss` of the first stage, of two classes, where boxes of every class count as class 1, or of the second.

    The second has two more bottoms: the first stage's softmax, two scores of each prior (N, priors * 2), and its offsets
    (N, priors * 4). The offsets move the priors, which are matched there, and from which the others count; a prior whose
    second score is below ``objectness_score`` is no negative. Neither gets a gradient.
    """

    n_bottoms = between(4, 6)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:4])
        priors = shapes[2][2] // 4
        for index, each in zip(range(4, len(shapes)), (2, 4)):
            if torch.Size(shapes[index]).numel() != shapes[0][0] * priors * each:
                raise refuse_shapes(spec, shapes, index, f"the first stage wants {each} numbers for each of {priors} priors")
        if self.mining == "NONE" and len(shapes) > 4:
            raise spec.refuse("leaves out no negatives, but has a first stage that says which", PARAM, "mining_type")
        self.objectness: float = spec.message.multibox_loss_param.objectness_score

    def forward(self, *bottoms: Tensor) -> Tensor:
        offsets, scores, priors, truth, *first = bottoms
        if self.classes == 2:
            truth = torch.cat((truth[..., :1], truth[..., 1:2].clamp(max=1), truth[..., 2:]), -1)
        likely = first[0].detach().reshape(len(offsets), -1, 2)[..., 1] >= self.objectness if first else None
        moves = first[1].detach().reshape(len(offsets), -1, 4) if len(first) > 1 else None
        return self.loss(offsets, scores, priors, truth, likely, moves)
