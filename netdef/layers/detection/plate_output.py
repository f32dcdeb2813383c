"""DetectionCcpdOutput, LpEvaluate and FaceAttriEvaluate: number plates and faces. Of yuqj1991's caffe_train."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_SIGNS = 7
_FACE = 17  # numbers of a face: 5 x, 5 y, yaw, pitch, roll, then 4 scores, or gender, glasses, the image's width and height


@register("DetectionCcpdOutput")
class DetectionCcpdOutput(Layer):
    """The signs of number plates, (1, 1, N, 7): the number of the greatest of each bottom's scores (N, ...).

    The seven bottoms have scores for ``num_chinese`` signs of provinces, ``num_english`` letters, and five times
    ``num_letter`` letters and digits. Of scores that are not above 0 the first is taken. No gradient.
    """

    n_bottoms = exactly(_SIGNS)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.lp_det_param
        counts = [param.num_chinese, param.num_english, *[param.num_letter] * (_SIGNS - 2)]
        for index, (shape, count) in enumerate(zip(shapes, counts)):
            check_least_axes(spec, shapes, 2, index)
            if shape[0] != shapes[0][0] or math.prod(shape[1:]) != count:
                raise spec.refuse(f"wants {count} scores for each of {shapes[0][0]} plates; `{spec.bottoms[index]}` has shape "
                                  f"{shape}", "bottom", index)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, bottoms[0][0], _SIGNS)]

    @torch.no_grad()
    def forward(self, *scores: Tensor) -> Tensor:
        return greatest_numbers(*scores)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"greatest_numbers({', '.join(bottoms)})", functions=(greatest_numbers,))


def greatest_numbers(*scores: Tensor) -> Tensor:
    """The number of the greatest of each item's scores (N, ...), 0 if none is above 0, (1, 1, N, tensors)."""
    return torch.stack([each.flatten(1).clamp(min=0).argmax(1) for each in scores], 1).to(scores[0].dtype)[None, None]


@register("LpEvaluate")
class LpEvaluate(Layer):
    """Whether all signs of a plate are right, (1, 1, N): bottoms of 7 numbers a plate, found and true.

    As in the fork all plates of a batch after the first that is right count as right.
    """

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index, shape in enumerate(shapes):
            if math.prod(shape) % _SIGNS or math.prod(shape) != math.prod(shapes[0]):
                raise spec.refuse(f"wants as many times {_SIGNS} numbers in both bottoms; `{spec.bottoms[index]}` has shape "
                                  f"{shape}", "bottom", index)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, math.prod(bottoms[0]) // _SIGNS)]

    @torch.no_grad()
    def forward(self, found: Tensor, true: Tensor) -> Tensor:
        right = (found.reshape(-1, _SIGNS) == true.reshape(-1, _SIGNS)).all(1)
        return right.to(found.dtype).cummax(0).values[None, None]


@register("FaceAttriEvaluate")
class FaceAttriEvaluate(Layer):
    """Scores of faces, (1, 1, N, 10): of 5 landmarks the distance, whether gender and glasses are right, the cosines of 3 angles.

    Bottoms have 17 numbers a face: 5 x, 5 y, yaw, pitch, roll, and then found 2 scores of gender and of glasses, or true the
    gender, the glasses, and the image's width and height. Distances are in parts of the image's diagonal, angles in degrees.
    As in the fork gender and glasses count as right for all faces of a batch after the first whose own is.
    """

    n_bottoms = exactly(2)
    is_score = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.face_evaluate_param
        if not param.HasField("facetype") or param.facetype != param.FACEATTRIBUTE:
            raise spec.refuse("wants `facetype: FACEATTRIBUTE`, the only one of which the fork computes anything",
                              "face_evaluate_param")
        for index, shape in enumerate(shapes):
            if len(shape) < 1 or math.prod(shape) != _FACE * shapes[0][0]:
                raise spec.refuse(f"wants {_FACE} numbers a face in both bottoms; `{spec.bottoms[index]}` has shape {shape}",
                                  "bottom", index)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, bottoms[0][0], 10)]

    @torch.no_grad()
    def forward(self, found: Tensor, true: Tensor) -> Tensor:
        found, true = (x.reshape(-1, _FACE) for x in (found, true))
        size = true[:, 15:, None]
        away = (found[:, :10] - true[:, :10]).unflatten(1, (2, 5)) * size
        distances = away.square().sum(1).sqrt() / size.square().sum(1).sqrt()
        guessed = found[:, 13:].unflatten(1, (2, 2)).clamp(min=0).argmax(2)
        right = (guessed == true[:, 13:15]).to(found.dtype).cummax(0).values
        cosines = ((found[:, 10:13] - true[:, 10:13]) / 180 * math.pi).cos()
        return torch.cat((distances, right, cosines), 1)[None, None]
