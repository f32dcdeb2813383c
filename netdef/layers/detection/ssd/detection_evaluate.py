"""DetectionEvaluate: mark the detections that are true."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import overlaps

PARAM = "detection_evaluate_param"


@register("DetectionEvaluate")
class DetectionEvaluate(Layer):
    """Rows of 5 numbers (1, 1, classes + n, 5), from which tests compute average precision. From SSD's fork.

    Bottoms: detections (1, 1, n, 7) of DetectionOutput, and true boxes (1, 1, M, 8) as MultiBoxLoss has them. First comes
    a row for each class but the background: -1, class, how many true boxes it has, -1, -1. Then one for each detection:
    image, class, score, 1 if it is true, 1 if it is false; images and classes in order, in each the best first. True is
    one whose overlap with the box that it overlaps most is ``overlap_threshold`` or more, if no better one has that box.
    With ``evaluate_difficult_gt: false`` difficult boxes are not counted, and what finds one is neither true nor false.
    With ``has_lm``, of yuqj1991's caffe_train, 10 and 11 numbers of landmarks follow in both, which do not count. No gradient.
    """

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.detection_evaluate_param
        check_positive(spec, param.num_classes, PARAM, "num_classes")
        check_above_zero(spec, param.overlap_threshold, PARAM, "overlap_threshold")
        for i, (shape, name, width) in enumerate(zip(shapes, ("detections", "true boxes"), self.widths(spec))):
            if not shape or shape[-1] != width:
                raise spec.refuse(
                    f"wants {name} of {width} numbers each; `{spec.bottoms[i]}` has shape {shape}", "bottom", i)
        self.labels = [c for c in range(param.num_classes) if c != param.background_label_id]
        self.threshold: float = param.overlap_threshold
        self.difficult: bool = param.evaluate_difficult_gt

    def widths(self, spec: LayerDefinition) -> tuple[int, int]:
        """Count the numbers of a detection, and those of a true box."""
        return (17, 19) if spec.message.detection_evaluate_param.has_lm else (7, 8)

    @torch.no_grad()
    def forward(self, found: Tensor, true: Tensor) -> Tensor:
        count = found.numel() // found.shape[-1]
        if found.is_meta:
            return found.new_empty(1, 1, len(self.labels) + count, 5)
        found, true = found.reshape(-1, found.shape[-1])[:, :7].cpu(), true.reshape(-1, true.shape[-1])[:, :8].cpu()
        found, true = found[found[:, 0] != -1], true[true[:, 0] != -1]
        counted = true if self.difficult else true[true[:, 7] == 0]
        rows: list[list[float]] = [[-1.0, label, int((counted[:, 1] == label).sum()), -1, -1] for label in self.labels]
        order = sorted(range(len(found)), key=lambda i: (*found[i, :2].tolist(), -float(found[i, 2])))
        taken: set[int] = set()
        for i in order:
            rows.append([*found[i, :3].tolist(), *self._judge(found[i], true, taken)])
        rows += [[0.0] * 5] * (len(self.labels) + count - len(rows))
        return torch.tensor(rows, dtype=found.dtype).reshape(1, 1, -1, 5)

    def _judge(self, detection: Tensor, true: Tensor, taken: set[int]) -> tuple[int, int]:
        """Two flags: whether a detection is true, and whether it is false. ``taken`` are the boxes of better detections."""
        (mine,) = torch.where((true[:, :2] == detection[:2]).all(1))
        if not len(mine):
            return 0, 1
        overlap, best = overlaps(detection[None, 3:], true[mine, 3:7])[0].max(0)
        box = int(mine[best])
        if float(overlap) < self.threshold:
            return 0, 1
        if not self.difficult and true[box, 7]:
            return 0, 0
        if box in taken:
            return 0, 1
        taken.add(box)
        return 1, 0
