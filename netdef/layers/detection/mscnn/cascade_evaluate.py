"""DetectionEvaluate of Cascade R-CNN (Cai and Vasconcelos 2018): mark the detections of FrcnnOutput that are true."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.ssd.detection_evaluate import DetectionEvaluate

_WIDTHS = {"detections": 7, "true boxes": 8, "heights and widths": 2}


@register("DetectionEvaluate", when=lambda spec: len(spec.bottoms) == 3)
class CascadeDetectionEvaluate(DetectionEvaluate):
    """`DetectionEvaluate` of boxes in pixels, rows (classes + n, 5, 1, 1).

    Bottoms: detections (n, 7): image, x1, y1, x2, y2, class, score, where class -1 is none; true boxes (M, 8): image, x1, y1,
    x2, y2, class, ignored, difficult; and the size of each image (N, 2). Boxes have the pixels of both corners. They are
    compared in the net's input; the fork scales both first, to the size that ``name_size_file`` gives for each image.
    """

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        for i, (shape, (name, width)) in enumerate(zip(shapes, _WIDTHS.items())):
            if len(shape) < 2 or math.prod(shape[1:]) != width:
                raise spec.refuse(f"wants rows of {width} numbers, {name}; `{spec.bottoms[i]}` has shape {shape}", "bottom", i)
        super().__init__(spec, [(1, 1, shape[0], width) for shape, width in zip(shapes, (7, 8))])

    @torch.no_grad()
    def forward(self, found: Tensor, true: Tensor, sizes: Tensor | None = None) -> Tensor:
        if found.is_meta:
            return found.new_empty(len(self.labels) + len(found), 5, 1, 1)
        found = found.flatten(1)
        found = found[found[:, 5] != -1][:, [0, 5, 6, 1, 2, 3, 4]]
        true = true.flatten(1)[:, [0, 5, 6, 1, 2, 3, 4, 7]]
        found[:, 5:7] += 1
        true[:, 5:7] += 1
        return super().forward(found, true).reshape(-1, 5, 1, 1)
