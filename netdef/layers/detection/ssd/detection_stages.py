"""SSDDecoder and SSDSort, the two halves of DetectionOutput, from Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.detection.boxes import decode, detect, survivors
from netdef.layers.detection.ssd.detection_output import DETECTING, PARAM, count_priors, read_settings, settings_text


@register("SSDDecoder")
class SSDDecoder(Layer):
    """The boxes (1, 1, priors, 4) that the offsets (1, priors * 4), of one image, make of the priors of PriorBox.

    ``code_type`` and ``variance_encoded_in_target`` say how; the box is the same for all classes, and is not cut to the image.
    The fork has no gradient of it; here it has its own.
    """

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        _check_shared(spec)
        settings, count = read_settings(spec), count_priors(spec, shapes[1], 1)
        self.code, self.with_variance = settings["code"], settings["with_variance"]
        if shapes[0][:1] != (1,) or torch.Size(shapes[0]).numel() != 4 * count:
            raise spec.refuse(f"has {count} priors and wants {4 * count} offsets of one image; `{spec.bottoms[0]}` has shape "
                              f"{shapes[0]}", "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, bottoms[1][2] // 4, 4)]

    def forward(self, offsets: Tensor, priors: Tensor) -> Tensor:
        return decoded(offsets, priors, self.code, self.with_variance)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        call = f"decoded({bottoms[0]}, {bottoms[1]}, \"{self.code}\", {self.with_variance})"
        return TorchCode(call, functions=(decode, decoded))


@register("SSDSort")
class SSDSort(Layer):
    """Detections (1, 1, n, 7) as of `DetectionOutput`, from the boxes of SSDDecoder (1, 1, priors, 4), and scores.

    The scores are (1, priors * classes), of one image.
    """

    n_bottoms = exactly(2)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        _check_shared(spec)
        self.settings = read_settings(spec)
        self.settings["code"], self.settings["with_variance"] = "CORNER", False  # the boxes are moved by 0
        boxes, scores = shapes
        if len(boxes) != 4 or boxes[:2] != (1, 1) or boxes[3] != 4:
            raise spec.refuse(f"wants boxes (1, 1, priors, 4) of one image; `{spec.bottoms[0]}` has shape {boxes}", "bottom", 0)
        wanted = boxes[2] * self.settings["classes"]
        if scores[:1] != (1,) or torch.Size(scores).numel() != wanted:
            raise spec.refuse(f"has {boxes[2]} boxes and wants {wanted} scores of one image; `{spec.bottoms[1]}` has shape "
                              f"{scores}", "bottom", 1)
        self.survivors = survivors
        if self.settings["eta"] == 1 or self.settings["threshold"] <= 0.5:
            self.onnx_functions = ("survivors",)

    @torch.no_grad()
    def forward(self, boxes: Tensor, scores: Tensor) -> Tensor:
        if boxes.is_meta:
            return boxes.new_empty(1, 1, 1, 7)
        priors = boxes.flatten(1).expand(2, -1)
        return detect(torch.zeros_like(boxes), scores, priors, **self.settings, survivors=self.survivors)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, scores = bottoms
        call = f"detect(torch.zeros_like({x}), {scores}, {x}.flatten(1).expand(2, -1), {settings_text(self.settings)})"
        return TorchCode(call, functions=DETECTING)


def _check_shared(spec: LayerDefinition) -> None:
    if not spec.message.detection_output_param.share_location:
        raise spec.refuse("wants `share_location`: one box of a prior for all classes", PARAM, "share_location")


def decoded(offsets: Tensor, priors: Tensor, code: str, with_variance: bool) -> Tensor:
    """The boxes (1, 1, n, 4) of offsets (1, 4 n) from priors (1, 2, 4 n)."""
    boxes, variances = priors.reshape(2, 1, 1, -1, 4)
    return decode(code, boxes, variances if with_variance else None, offsets.reshape(1, 1, -1, 4))
