"""Yolov3 against its definition, number by number; the gradient is the error over N."""

from __future__ import annotations

import math

import numpy as np
import pytest
from one_layer import one_layer
from yolo_maps import CLASSES, SIDE, TRUE, box_of, check, iou, maps, rows_of_five, s

SIZES = [(20.0, 30.0), (70.0, 50.0), (90.0, 190.0)]  # pixels; a place is 32 wide


def yolo3(x, width, mask, thresh, near, smooth, focal, object_scale, scales=(0.7, 5.0)):
    """d of Yolov3 and the derivatives of the sigmoids in it."""
    class_scale, coord_scale = scales
    sizes = [(w / (width * 32), h / (SIDE * 32)) for w, h in SIZES]
    d, through = np.zeros(x.shape), np.ones(x.shape)
    for n, a, row, column in np.ndindex(x.shape[:4]):
        p = x[n, a, row, column]
        box = box_of(p, column, row, width, SIDE, sizes[mask[a]])
        if max(iou(box, truth[1:]) for truth in TRUE[n]) <= thresh:
            d[n, a, row, column, 4] = s(p[4])
        for i in (0, 1, *range(4, len(p))):
            through[n, a, row, column, i] = s(p[i]) * (1 - s(p[i]))
    seen = set()
    for n, boxes in enumerate(TRUE):
        for label, *truth in boxes:
            column, row = int(truth[0] * width), int(truth[1] * SIDE)
            overlaps = [iou((0, 0, *size), (0, 0, *truth[2:])) for size in sizes]
            for a, anchor in enumerate(mask):
                if overlaps[anchor] < max(overlaps) and overlaps[anchor] <= near:
                    continue
                p, k = x[n, a, row, column], coord_scale * (2 - truth[2] * truth[3])
                chances = [s(v) for v in p[5:]]
                if focal:
                    pt = chances[label]
                    factor = -0.5 * (1 - pt) * (2 * pt * math.log(pt) + pt - 1)
                    classes = [-class_scale * ((c == label) - chances[c]) * factor for c in range(CLASSES)]
                else:
                    classes = [-class_scale * ((c == label) * (1 - smooth) + smooth / 2 - chances[c]) for c in range(CLASSES)]
                here = d[n, a, row, column]
                here[:5] = [-k * (truth[0] * width - column - s(p[0])), -k * (truth[1] * SIDE - row - s(p[1])),
                            -k * (math.log(truth[2] / sizes[anchor][0]) - p[2]),
                            -k * (math.log(truth[3] / sizes[anchor][1]) - p[3]), -object_scale * (1 - s(p[4]))]
                if (n, a, row, column) in seen:
                    here[5 + label] = classes[label]
                else:
                    here[5:] = classes
                seen.add((n, a, row, column))
    return d, through


@pytest.mark.parametrize(
    ("more", "near", "smooth", "focal", "logic"),
    [
        ("", 0.5, 0.1, False, False),
        ("iou_thresh: 0.2 label_smooth_eps: 0", 0.2, 0, False, False),
        ("iou_thresh: 1 use_logic_gradient: true object_scale: 3", 9, 0.1, False, True),
        ("use_focal_loss: true", 0.5, 0.1, True, False),
    ],
)
def test_yolo_v3(more, near, smooth, focal, logic):
    x, numbers = maps(width=5)
    d, through = yolo3(numbers, 5, [2, 0], 0.3, near, smooth, focal, 3 if logic else 1)
    sizes = " ".join(f"biases: {w} biases: {h}" for w, h in SIZES)
    param = f"yolov3_param {{ num_class: 3 num: 2 mask: 2 mask: 0 thresh: 0.3 class_scale: 0.7 {sizes} {more} }}"
    net = one_layer("Yolov3", param, "TRAIN", x=x, gt=rows_of_five())
    check(net, x, rows_of_five(), d * through if logic else d, (d**2).sum() / 2)
