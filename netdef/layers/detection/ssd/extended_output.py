"""DetectionOutputExtended of OpenVINO's fork: detections with the place of the map that they are from."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.detection.boxes import detect
from netdef.layers.detection.ssd.detection_output import PARAM, DetectionOutput


@register("DetectionOutputExtended")
class DetectionOutputExtended(DetectionOutput):
    """Detections (1, 1, n, 10) of class 1: image, class, score, x1, y1, x2, y2, and the box's number at its place, x and y.

    Bottoms: offsets (N, H, W, boxes * 4), scores and priors as of `DetectionOutput`, of one map. ``num_classes`` is 2, and
    class 0 the background, whatever ``background_label_id`` says.
    """

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.detection_output_param
        if param.num_classes != 2:
            raise spec.refuse(f"has {param.num_classes} classes; it wants 2, of which the first is the background", PARAM,
                              "num_classes")
        if len(shapes[0]) != 4 or shapes[0][3] % 4 or not param.share_location:
            raise refuse_shapes(spec, shapes, 0, "it wants offsets of shape (N, H, W, boxes * 4), with `share_location`")
        self.settings["background"] = 0
        self.width, self.boxes = shapes[0][2], shapes[0][3] // 4
        self.onnx_functions = ()

    @torch.no_grad()
    def forward(self, *bottoms: Tensor) -> Tensor:
        offsets, scores, priors = bottoms
        if offsets.is_meta:
            return offsets.new_empty(1, 1, 1, 10)
        rows = detect(offsets, scores, priors, **self.settings, survivors=self.survivors, with_prior=True)
        return with_places(rows, self.width, self.boxes)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        code = super().torch_code(me, bottoms)
        call = f"with_places({code.call[:-1]}, with_prior=True), {self.width}, {self.boxes})"
        return TorchCode(call, functions=(*code.functions, with_places))


def with_places(rows: Tensor, width: int, boxes: int) -> Tensor:
    """Detections (1, 1, n, 10) of (1, 1, n, 8), whose last column is the number of the prior, or -1."""
    prior = rows[..., 7:]
    place = (prior / boxes).floor()
    x = place - (place / width).floor() * width
    cell = torch.cat((prior - place * boxes, x, (place / width).floor()), -1)
    return torch.cat((rows[..., :7], torch.where(prior < 0, prior, cell)), -1)
