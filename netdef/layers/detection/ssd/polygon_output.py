"""DetectionOutput of TextBoxes++ (Liao et al. 2018): detections with the corners of a quadrangle."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.detection.boxes import detect
from netdef.layers.detection.ssd.detection_output import PARAM, DetectionOutput


@register("DetectionOutput", when=lambda spec: spec.message.detection_output_param.HasField("use_polygon"))
class PolygonOutput(DetectionOutput):
    """Detections (1, 1, n, 15): image, class, score, x1, y1, x2, y2 as of `DetectionOutput`, then the four corners, x and y.

    Bottoms: offsets (N, priors * 12), of each prior 4 for the box and 8 for the corners from the upper left one clockwise, then
    scores and priors. A corner is that of the prior plus its offset times its variances and the prior's sides. Boxes alone
    decide which detections stay.
    """

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        param = spec.message.detection_output_param
        if not param.use_polygon:
            raise spec.refuse("has `use_polygon: false`, for rotated boxes, which are not implemented", PARAM, "use_polygon")
        offsets = shapes[0]
        if len(offsets) != 2 or offsets[1] % 12:
            raise spec.refuse(f"wants 12 offsets for each prior, (N, priors * 12); `{spec.bottoms[0]}` has shape {offsets}",
                              "bottom", 0)
        super().__init__(spec, [(offsets[0], offsets[1] // 3), *shapes[1:]])
        if self.settings["code"] != "CENTER_SIZE" or not self.settings["shared"] or not self.settings["with_variance"]:
            raise spec.refuse("has corners of quadrangles only with `code_type: CENTER_SIZE`, `share_location` and variances "
                              "that are not in the target", PARAM)
        self.onnx_functions = ()

    @torch.no_grad()
    def forward(self, *bottoms: Tensor) -> Tensor:
        offsets, scores, priors = bottoms
        if offsets.is_meta:
            return offsets.new_empty(1, 1, 1, 15)
        each = offsets.unflatten(1, (-1, 12))
        rows = detect(each[..., :4], scores, priors, **self.settings, survivors=self.survivors, with_prior=True)
        return with_corners(rows, each[..., 4:], priors)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        offsets, _, priors = bottoms
        code = super().torch_code(me, bottoms)
        call = code.call.replace(f"detect({offsets}, ", f"detect({offsets}.unflatten(1, (-1, 12))[..., :4], ", 1)
        corners = f"{offsets}.unflatten(1, (-1, 12))[..., 4:]"
        return TorchCode(f"with_corners({call[:-1]}, with_prior=True), {corners}, {priors})",
                         functions=(*code.functions, with_corners))


def with_corners(rows: Tensor, offsets: Tensor, priors: Tensor) -> Tensor:
    """Detections (1, 1, n, 15) of (1, 1, n, 8), whose last column is the number of the prior, or -1.

    ``offsets`` (N, priors, 8) are those of the corners.
    """
    boxes, variances = priors.reshape(2, -1, 4)
    left, top, right, bottom = boxes.unbind(-1)
    size = torch.stack((right - left, bottom - top), -1)
    corners = torch.stack((left, top, right, top, right, bottom, left, bottom), -1)
    corners = corners + offsets * (variances[:, :2] * size).repeat(1, 4)
    image, prior = rows[0, 0, :, 0].long(), rows[0, 0, :, 7:].long()
    found = corners[image, prior[:, 0].clamp(min=0)]
    return torch.cat((rows[..., :7], torch.where(prior < 0, -1, found)[None, None]), -1)
