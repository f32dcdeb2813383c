"""DetectionOutput: the boxes that a detector has found."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TypedDict

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.layers.detection.boxes import area, decode, detect, overlaps, suppress
from netdef.schema import messages

PARAM = "detection_output_param"


class _Settings(TypedDict):
    """The settings of `detect`."""

    classes: int
    background: int
    code: str
    with_variance: bool
    shared: bool
    least: float | None
    top_k: int | None
    keep: int | None
    threshold: float
    eta: float


@register("DetectionOutput")
class DetectionOutput(Layer):
    """Detections (1, 1, n, 7): image, class, score, x1, y1, x2, y2. From SSD's fork (Liu et al. 2016).

    Bottoms: offsets (N, priors * 4; without ``share_location`` priors * classes * 4), scores (N, priors * classes), and
    priors (1, 2, priors * 4) of PriorBox. Of each class but the background the scores above ``confidence_threshold``,
    at most ``top_k`` of them, go through non-maximum suppression; of each image the best ``keep_top_k`` stay, by class
    and then by score. Where there is nothing at all, each image has a row of its number and -1s. n is known only from
    the numbers: 1 in the net's table of shapes. No gradient.
    """

    n_bottoms = exactly(3)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.detection_output_param
        check_positive(spec, param.num_classes, PARAM, "num_classes")
        check_predictions(spec, shapes, param.num_classes, param.share_location)
        nms = param.nms_param
        check_at_least(spec, nms.nms_threshold, 0, PARAM, "nms_param", "nms_threshold")
        if not 0 < nms.eta <= 1:
            raise spec.refuse(f"has `eta` {nms.eta:g}; it must be above 0 and at most 1", PARAM, "nms_param", "eta")
        self.settings: _Settings = {
            "classes": param.num_classes,
            "background": param.background_label_id,
            "code": messages.PriorBoxParameter.CodeType.Name(param.code_type),
            "with_variance": not param.variance_encoded_in_target,
            "shared": param.share_location,
            "least": param.confidence_threshold if param.HasField("confidence_threshold") else None,
            "top_k": nms.top_k if nms.HasField("top_k") and nms.top_k > -1 else None,
            "keep": param.keep_top_k if param.keep_top_k > -1 else None,
            "threshold": nms.nms_threshold,
            "eta": nms.eta,
        }

    @torch.no_grad()
    def forward(self, offsets: Tensor, scores: Tensor, priors: Tensor) -> Tensor:
        if offsets.is_meta:
            return offsets.new_empty(1, 1, 1, 7)
        return detect(offsets, scores, priors, **self.settings)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        settings = ", ".join(f"{name}={_text(value)}" for name, value in self.settings.items())
        return TorchCode(f"detect({', '.join(bottoms)}, {settings})", functions=(area, overlaps, decode, suppress, detect))


def check_predictions(spec: LayerDefinition, shapes: Sequence[Shape], classes: int, shared: bool) -> None:
    """Refuse offsets and scores of another number than that of the priors."""
    offsets, scores, priors = shapes[:3]
    if len(priors) != 3 or priors[1] != 2 or priors[2] % 4:
        raise spec.refuse(
            f"wants priors of shape (1, 2, priors * 4); `{spec.bottoms[2]}` has shape {priors}", "bottom", 2)
    count = priors[2] // 4
    predictions = ("offsets", offsets, 4 if shared else 4 * classes), ("scores", scores, classes)
    for i, (what, shape, each) in enumerate(predictions):
        if not shape or math.prod(shape[1:]) != count * each:
            raise spec.refuse(
                f"has {count} priors and wants {count * each} {what} an image; `{spec.bottoms[i]}` has shape {shape}",
                "bottom", i)


def _text(value: object) -> str:
    return number(value) if isinstance(value, float) else json.dumps(value) if isinstance(value, str) else repr(value)
