"""FrcnnOutput: the detections of Cascade R-CNN (Cai and Vasconcelos 2018), from scores and boxes of regions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import suppress
from netdef.layers.detection.mscnn.box_output import box_statistics

_PARAM = "frcnn_output_param"


@register("FrcnnOutput")
class FrcnnOutput(Layer):
    """Detections (D + 1, 7, 1, 1): image, x1, y1, x2, y2, class, score, after a row of the image's number, 0, and -1s.

    Bottoms: scores (R, classes), offsets (R, 4 classes), or with ``cls_aware: false`` (R, 8), regions (R, 5 or 6) of one
    image, and its height and width (1, 2). Each region is moved and grown by its offsets and clipped, to 0 and to the image's
    size. Of each class but 0 those of scores from ``conf_thr`` on go through non-maximum suppression, and the best
    ``max_det_num`` of all stay, by class and then score. Boxes have the pixels of both corners. No gradient.
    """

    n_bottoms = exactly(4)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.frcnn_output_param
        if param.nms_type != "IOU":
            raise spec.refuse(f'has `nms_type` "{param.nms_type}"; only IOU is implemented', _PARAM, "nms_type")
        self.by_class = spec.message.bbox_reg_param.cls_aware
        rows, classes = shapes[0][0], math.prod(shapes[0][1:])
        wanted = (classes,), (4 * classes if self.by_class else 8,), (5, 6)
        for index, (shape, sizes) in enumerate(zip(shapes, wanted)):
            if not shape or shape[0] != rows or math.prod(shape[1:]) not in sizes:
                raise spec.refuse(f"wants {rows} rows of {' or '.join(map(str, sizes))} numbers in `{spec.bottoms[index]}`, "
                                  f"which has shape {shape}", "bottom", index)
        if math.prod(shapes[3]) != 2:
            raise spec.refuse(f"wants the height and width of one image in `{spec.bottoms[3]}`, which has shape {shapes[3]}",
                              "bottom", 3)
        self.means, self.deviations = box_statistics(spec)
        self.least, self.threshold, self.most = param.conf_thr, param.iou_thr, param.max_det_num

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        if index == 3:
            return torch.tensor([30.0, 40.0]).reshape(shape)
        if index != 2:
            return None
        ends = torch.rand(shape[0], 2, 2, generator=generator).sort(1).values * torch.tensor([40.0, 30.0])
        rest = torch.zeros(shape[0], math.prod(shape[1:]) - 5)
        return torch.cat((torch.zeros(shape[0], 1), ends.flatten(1), rest), 1).reshape(shape)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 7, 1, 1)]

    @torch.no_grad()
    def forward(self, scores: Tensor, offsets: Tensor, regions: Tensor, size: Tensor) -> Tensor:
        scores, boxes = scores.flatten(1), self._boxes(offsets.flatten(1), regions.flatten(1), size.flatten())
        found = [self._of_class(number, scores[:, number], boxes) for number in range(1, scores.shape[1])]
        rows = torch.cat((boxes.new_zeros(0, 6), *found))
        if self.most and len(rows) > self.most:
            best = rows[:, 5].sort(descending=True, stable=True).indices[: self.most]
            rows = rows[best.sort().values]
        head = rows.new_full((1, 7), -1)
        head[0, 0] = 0
        return torch.cat((head, torch.cat((rows.new_zeros(len(rows), 1), rows), 1)))[:, :, None, None]

    def _of_class(self, number: int, scores: Tensor, boxes: Tensor) -> Tensor:
        """The detections (n, 6) of a class, x1, y1, x2, y2, class, score, the best first."""
        chosen = (scores >= self.least).nonzero().flatten()
        order = scores[chosen].sort(descending=True, stable=True).indices
        chosen = chosen[order]
        own = boxes[chosen, number if self.by_class else 1]
        valid = (own[:, 2:] >= own[:, :2]).all(1, keepdim=True)  # a box without pixels overlaps none
        whole = torch.cat((own[:, :2], torch.where(valid, own[:, 2:] + 1, own[:, :2])), 1)
        kept = suppress(whole, self.threshold)
        column = own.new_full((len(kept), 1), number)
        return torch.cat((own[kept], column, scores[chosen][kept, None]), 1)

    def _boxes(self, offsets: Tensor, regions: Tensor, size: Tensor) -> Tensor:
        """The boxes (R, n, 4) of each region and each of its n offsets."""
        parts = offsets.unflatten(1, (-1, 4)) * offsets.new_tensor(self.deviations) + offsets.new_tensor(self.means)
        low, high = regions[:, None, 1:3], regions[:, None, 3:5]
        sides = high - low + 1
        grown = sides * parts[..., 2:].exp()
        start = parts[..., :2] * sides + (low + high) / 2 - (grown - 1) / 2
        return torch.cat((start.clamp(min=0), torch.minimum(start + grown - 1, size.flip(0))), -1)
