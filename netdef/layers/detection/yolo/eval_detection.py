"""EvalDetection: mark the true detections of a YOLO 9000 map. From intel's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.yolo.yolo_maps import by_anchor, check_map, overlap, predicted_boxes, read_anchors, truths_of_image

PARAM = "eval_detection_param"
_LEAST = 0.005  # scores below are no detections


@register("EvalDetection")
class EvalDetection(Layer):
    """(N, classes + 4 side^2 num_object): of each image the number of true boxes a class, then rows of 4 numbers.

    Bottoms: a map (N, num_object (5 + classes), S, S) as RegionLoss reads it, true boxes of AnnotatedData, and perhaps the
    image, which is not read. A detection is of its best class; its score is that chance, the object's (``score_type`` PROB,
    OBJ) or their product (MULTIPLY). By falling score, all classes together, one that overlaps a better one by ``nms`` or
    more is dropped; without an ``nms`` of at least 0 there are none. A row has class, score, 1 if true, 1 if false, class after
    class, the best first: true is one that overlaps the true box of its class nearest to it by ``threshold``, false one whose
    true box is taken or whose class has none; one that overlaps too little is neither, as in the fork. The rest is 0.
    """

    n_bottoms = between(2, 3)
    is_score = True
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.eval_detection_param
        check_map(spec, shapes, param.num_object, param.num_class, PARAM, "num_object")
        side = shapes[0][2]
        if shapes[0][3] != side or param.side != side:
            raise spec.refuse(f"has `side` {param.side} for a map of shape {shapes[0]}", PARAM, "side")
        if not shapes[1] or shapes[1][-1] != 8:
            raise spec.refuse(f"wants true boxes of 8 numbers, as AnnotatedData has them; `{spec.bottoms[1]}` has shape "
                              f"{shapes[1]}", "bottom", 1)
        self.anchors = read_anchors(spec, param.biases, PARAM)[: param.num_object]
        if len(self.anchors) < param.num_object:
            raise spec.refuse(f"has {len(self.anchors)} anchors in `biases` and `num_object` {param.num_object}", PARAM, "biases")
        self.classes: int = param.num_class
        self.threshold, self.nms = param.threshold, param.nms
        self.score: str = param.ScoreType.Name(param.score_type)

    @torch.no_grad()
    def forward(self, x: Tensor, labels: Tensor, image: Tensor | None = None) -> Tensor:
        n, side = len(x), x.shape[2]
        found = x.new_zeros(n, self.classes + 4 * side * side * len(self.anchors))
        if x.is_meta:
            return found
        numbers = by_anchor(x, len(self.anchors))
        boxes = predicted_boxes(numbers, x.new_tensor(self.anchors) / side).flatten(1, 3)
        chances, classes = numbers[..., 5:].softmax(-1).flatten(1, 3).max(2)
        objects = numbers[..., 4].sigmoid().flatten(1, 3)
        scores = {"OBJ": objects, "PROB": chances, "MULTIPLY": objects * chances}[self.score]
        for index in range(n):
            truths, true_classes = truths_of_image(labels, index)
            counts = torch.bincount(true_classes.clamp(min=0), minlength=self.classes)
            found[index, : self.classes] = counts[: self.classes].to(found)
            kept = self._kept(boxes[index], scores[index])
            marked = self._marked(boxes[index], scores[index], classes[index], kept, truths, true_classes)
            found[index, self.classes : self.classes + 4 * len(marked)] = found.new_tensor(marked).flatten()
        return found

    def _kept(self, boxes: Tensor, scores: Tensor) -> list[int]:
        """The detections by falling score, after non-maximum suppression."""
        if self.nms < 0:
            return []
        kept: list[int] = []
        for index in scores.sort(descending=True, stable=True).indices.tolist():
            if scores[index] < _LEAST:
                break
            if not kept or float(overlap(boxes[index], boxes[kept]).max()) < self.nms:
                kept.append(index)
        return kept

    def _marked(
        self, boxes: Tensor, scores: Tensor, classes: Tensor, kept: list[int], truths: Tensor, true_classes: Tensor
    ) -> list[list[float]]:
        """The rows of an image."""
        taken: set[int] = set()
        rows = []
        for index in sorted(kept, key=lambda index: int(classes[index])):  # stable: in each class by falling score
            label = int(classes[index])
            (mine,) = torch.where(true_classes == label)
            true, false = 0.0, 1.0
            if len(mine):
                overlaps = overlap(boxes[index], truths[mine])
                best = int(mine[overlaps.argmax()])
                if float(overlaps.max()) < self.threshold:
                    false = 0.0
                elif best not in taken:
                    taken.add(best)
                    true, false = 1.0, 0.0
            rows.append([float(label), float(scores[index]), true, false])
        return rows
