"""RegionLoss against its definition, number by number; the gradient is the error over N. Errors of Yolov3, too."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from one_layer import one_layer
from yolo_maps import CLASSES, SIDE, TRUE, box_of, check, iou, maps, rows_of_five, s

from netdef.errors import NetdefError, SpecError

ANCHORS = [(1.0, 2.0), (3.0, 1.5)]


def rows_of_eight() -> torch.Tensor:
    rows = [(n, label + 1, 0, x - w / 2, y - h / 2, x + w / 2, y + h / 2, 0)
            for n, boxes in enumerate(TRUE) for label, x, y, w, h in boxes]
    return torch.tensor([*rows, (-1,) * 8]).double()[None, None]


def region(x, intel, rescore=True, match=True, thresh=0.2, scales=(1.5, 0.7, 0.5, 5.0)):
    """d of RegionLoss (N, A, S, S, 5 + K), by loops over everything."""
    object_scale, class_scale, noobject_scale, coord_scale = scales
    sizes = [(w / SIDE, h / SIDE) for w, h in ANCHORS]
    d = np.zeros(x.shape)
    for n, a, row, column in np.ndindex(x.shape[:4]):
        p = x[n, a, row, column]
        o = s(p[4])
        box = box_of(p, column, row, SIDE, SIDE, sizes[a])
        if max(iou(box, truth[1:]) for truth in TRUE[n]) <= thresh:
            d[n, a, row, column, 4] = noobject_scale * o * o * (1 - o)
    for n, boxes in enumerate(TRUE):
        for label, *truth in boxes:
            column, row = int(truth[0] * SIDE), int(truth[1] * SIDE)
            wanted = sizes if match else [box_of(x[n, a, row, column], column, row, SIDE, SIDE, sizes[a])[2:] for a in (0, 1)]
            a = max((0, 1), key=lambda a: iou((0, 0, *wanted[a]), (0, 0, *truth[2:])))
            p = x[n, a, row, column]
            apart = [truth[0] * SIDE - column - s(p[0]), truth[1] * SIDE - row - s(p[1]),
                     math.log(truth[2] / sizes[a][0]) - p[2], math.log(truth[3] / sizes[a][1]) - p[3]]
            scale = coord_scale
            if intel:
                apart = [min(max(v, -1), 1) for v in apart]
            elif not rescore:
                scale *= 2 - truth[2] * truth[3]
            o = s(p[4])
            t = iou(box_of(p, column, row, SIDE, SIDE, sizes[a]), truth) if rescore else 1
            e = np.exp(p[5:] - p[5:].max())
            d[n, a, row, column] = [
                -scale * apart[0] * s(p[0]) * (1 - s(p[0])), -scale * apart[1] * s(p[1]) * (1 - s(p[1])),
                -scale * apart[2], -scale * apart[3],
                -object_scale * (2 * (1 - o) ** 3 if intel else t - o) * o * (1 - o),
                *(-class_scale * ((c == label) - e[c] / e.sum()) for c in range(CLASSES))]
    return d


PARAM = ("num_class: 3 num: 2 biases: 1 biases: 2 biases: 3 biases: 1.5 object_scale: 1.5 class_scale: 0.7 "
         "noobject_scale: 0.5 coord_scale: 5")


@pytest.mark.parametrize("rescore", [True, False])
@pytest.mark.parametrize("match", [True, False])
def test_region_loss_of_mobilenet_yolo(rescore, match):
    x, numbers = maps()
    d = region(numbers, False, rescore, match)
    param = f"region_loss_param {{ {PARAM} rescore: {int(rescore)} bias_match: {int(match)} }}"
    check(one_layer("RegionLoss", param, "TRAIN", x=x, gt=rows_of_five()), x, rows_of_five(), d, (d**2).sum() / 2)


def test_region_loss_of_intel():
    x, numbers = maps()
    d = region(numbers, True)
    net = one_layer("RegionLoss", f"region_loss_param {{ {PARAM} side: 9 }}", "TRAIN", x=x, gt=rows_of_eight())
    check(net, x, rows_of_eight(), d, (d**2).sum())


def test_a_class_map_merges_classes(tmp_path):
    (tmp_path / "map").write_text("2\n1\n0\n")
    x, _ = maps()
    param = f"region_loss_param {{ {PARAM} %s }}"
    turned = rows_of_five()
    turned[turned[..., 1] > 0] = torch.stack([torch.cat((2 - row[:1], row[1:])) for row in turned[turned[..., 1] > 0]])
    one = one_layer("RegionLoss", param % f"class_map: '{tmp_path / 'map'}'", x=x, gt=turned)(x=x, gt=turned)["y0"]
    other = one_layer("RegionLoss", param % "", x=x, gt=turned)(x=x, gt=rows_of_five())["y0"]
    assert one.item() == other.item()


def test_an_image_without_true_boxes_has_a_loss():
    x, numbers = maps()
    empty = torch.zeros(2, 1, 5, 5).double()
    expected = sum((0.5 * s(v) ** 2 * (1 - s(v))) ** 2 for v in numbers[..., 4].flatten()) / 2
    loss = one_layer("RegionLoss", f"region_loss_param {{ {PARAM} }}", x=x, gt=empty)(x=x, gt=empty)["y0"]
    assert loss.item() == pytest.approx(expected)


@pytest.mark.parametrize("kind", ["RegionLoss", "Yolov3"])
def test_an_unknown_class_is_refused(kind):
    x, _ = maps()
    labels = rows_of_five()
    labels[0, 0, 0, 0] = 3
    param = f"region_loss_param {{ {PARAM} }}" if kind == "RegionLoss" else (
        "yolov3_param { num_class: 3 num: 2 mask: 0 mask: 1 biases: 20 biases: 30 biases: 70 biases: 50 }")
    with pytest.raises(NetdefError, match=r"got a true box of class \[3\]; it has 3 classes, 0 to 2"):
        one_layer(kind, param, x=x, gt=labels)(x=x, gt=labels)


@pytest.mark.parametrize(
    ("kind", "param", "shapes", "words"),
    [
        ("RegionLoss", f"region_loss_param {{ {PARAM} }}", ((2, 15, 4, 4), (2, 1, 3, 5)), r"wants 2 x \(5 \+ 3\) channels"),
        ("RegionLoss", f"region_loss_param {{ {PARAM} }}", ((2, 16, 4, 5), (2, 1, 3, 5)), "wants a square map"),
        ("RegionLoss", f"region_loss_param {{ {PARAM} }}", ((2, 16, 4, 4), (2, 1, 3, 6)), "5 numbers .* or of 8"),
        ("RegionLoss", f"region_loss_param {{ {PARAM} softmax_tree: 't' }}", ((2, 16, 4, 4), (2, 1, 3, 5)), "not implemented"),
        ("RegionLoss", "region_loss_param { num_class: 3 num: 2 }", ((2, 16, 4, 4), (2, 1, 3, 5)), "needs `biases` above 0"),
        ("Yolov3", "yolov3_param { num_class: 3 num: 2 biases: 2 biases: 3 mask: 0 mask: 1 }", ((2, 16, 4, 5), (2, 1, 3, 5)),
         "to name 2 of the 1 anchors"),
        ("Yolov3", "yolov3_param { num_class: 3 num: 1 biases: 2 biases: 3 mask: 0 iou_loss: CIOU }",
         ((2, 8, 4, 5), (2, 1, 3, 5)), "CIOU; only MSE is implemented"),
        ("Yolov3", "yolov3_param { num_class: 3 num: 1 biases: 2 biases: 3 mask: 0 }", ((2, 8, 4, 5), (1, 1, 3, 8)),
         "5 numbers for each of 2 images"),
    ],
)
def test_bad_parameters_are_refused(kind, param, shapes, words):
    with pytest.raises(SpecError, match=words):
        one_layer(kind, param, x=shapes[0], gt=shapes[1])
