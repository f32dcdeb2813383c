"""DetectionOutput of RefineDet (Zhang et al. 2018): detections from priors that were moved, and rated, before."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.checks import check_same_batch, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.layers.detection.ssd.detection_output import DetectionOutput


def _is_refined(spec: LayerDefinition) -> bool:
    param = spec.message.detection_output_param
    return len(spec.bottoms) in (4, 5) and not (param.HasField("nbottom") or param.no_permute)


@register("DetectionOutput", when=_is_refined)
class RefinedDetectionOutput(DetectionOutput):
    """`DetectionOutput` with the results of a first stage: two scores of each prior, and offsets if they are given.

    Bottoms: offsets, scores, priors, the first stage's scores (N, priors * 2) and offsets (N, priors * 4). A prior whose second
    score there is below ``objectness_score`` is background: its classes have the score 0. The offsets of the first stage move
    the priors, from which the others then count.
    """

    n_bottoms = between(4, 5)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:3])
        check_same_batch(spec, [shapes[0], *shapes[3:]])
        priors = shapes[2][2] // 4
        for index, each in zip(range(3, len(shapes)), (2, 4)):
            if torch.Size(shapes[index][1:]).numel() != priors * each:
                raise refuse_shapes(spec, shapes, index, f"the first stage wants {each} numbers for each of {priors} priors")
        self.objectness: float = spec.message.detection_output_param.objectness_score

    @torch.no_grad()
    def forward(self, *bottoms: Tensor) -> Tensor:
        offsets, scores, priors, objects, *moves = bottoms
        if offsets.is_meta:
            return offsets.new_empty(1, 1, 1, 7)
        scores = scores_of_objects(scores, objects, self.settings["classes"], self.objectness)
        return self.detect(offsets, scores, priors, first=moves[0] if moves else None)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        offsets, scores, priors, objects, *moves = bottoms
        code = super().torch_code(me, [offsets, scores, priors])
        rated = f"scores_of_objects({scores}, {objects}, {self.settings['classes']}, {number(self.objectness)})"
        first = f", first={moves[0]}" if moves else ""
        call = code.call.replace(f"detect({offsets}, {scores}, {priors}", f"detect({offsets}, {rated}, {priors}{first}", 1)
        return TorchCode(call, functions=(*code.functions, scores_of_objects))


def scores_of_objects(scores: Tensor, objects: Tensor, classes: int, least: float) -> Tensor:
    """The scores of priors (N, P * classes), 0 for those whose second score of (N, P * 2) is below ``least``."""
    rated = objects.reshape(len(objects), -1, 2)[:, :, 1:] >= least
    return scores.reshape(len(scores), -1, classes).where(rated, 0).flatten(1)
