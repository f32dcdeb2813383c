"""YOLO's detections against their definition, box by box."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

import netdef

ANCHORS = [(10.0, 14.0), (23.0, 27.0), (37.0, 58.0), (81.0, 82.0)]
BIASES = " ".join(f"biases: {w} biases: {h}" for w, h in ANCHORS)
V3 = (f'type: "Yolov3DetectionOutput" yolov3_detection_output_param {{ num_classes: 3 num_box: 2 {BIASES} '
      "mask: 2 mask: 3 mask: 0 mask: 1 anchors_scale: 32 anchors_scale: 16 mask_group_num: 2 %s }")
V2 = ('type: "YoloDetectionOutput" yolo_detection_output_param { num_classes: 3 num_box: 2 '
      "biases: 1.5 biases: 0.5 biases: 2 biases: 3 %s }")


def run(text: str, *maps: torch.Tensor) -> list[list[float]]:
    inputs = "".join(
        f'layer {{ name: "m{i}" type: "Input" top: "m{i}" input_param {{ shape {{ '
        f"{' '.join(f'dim: {size}' for size in x.shape)} }} }} }}" for i, x in enumerate(maps))
    bottoms = " ".join(f'bottom: "m{i}"' for i in range(len(maps)))
    net = netdef.loads(f'{inputs} layer {{ name: "out" {bottoms} top: "out" {text} }}').double()
    return net(*(x.double() for x in maps))["out"][0, 0].tolist()


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def maps(seed: int = 3) -> list[torch.Tensor]:
    draw = torch.Generator().manual_seed(seed)
    return [torch.randn(2, 16, h, w, generator=draw) * 2 for h, w in ((2, 3), (4, 6))]


def iou(a: list[float], b: list[float]) -> float:
    w = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def suppressed(found: list[list[float]], threshold: float) -> list[list[float]]:
    kept = []
    for row in sorted(found, key=lambda row: (row[0], -row[2])):
        if all(other[0] != row[0] or iou(row[3:], other[3:]) <= threshold for other in kept):
            kept.append(row)
    return kept


def near(found: list[list[float]], expected: list[list[float]]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        assert one == pytest.approx(other, abs=1e-6)


def test_detections_of_version_3():
    """Anchors 2 and 3 in the first map, of 96 x 64 pixels; 0 and 1 in the second. Every class above the threshold."""
    found = []
    for x, scale, anchors in zip(maps(), (32, 16), (ANCHORS[2:], ANCHORS[:2])):
        n, _, rows, columns = x.shape
        for image, j, i, a in itertools.product(range(n), range(rows), range(columns), (0, 1)):
            v = [float(c) for c in x[image, 8 * a : 8 * a + 8, j, i]]
            cx, cy = (sigmoid(v[0]) + i) / columns, (sigmoid(v[1]) + j) / rows
            w = math.exp(v[2]) * anchors[a][0] / (scale * columns)
            h = math.exp(v[3]) * anchors[a][1] / (scale * rows)
            for label in range(3):
                score = sigmoid(v[4]) * sigmoid(v[5 + label])
                if score > 0.5:
                    found.append([image, label + 1, score, cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2])
    expected = suppressed(found, 0.4)
    assert 10 < len(expected) < len(found) and {row[0] for row in expected} == {0, 1}
    near(run(V3 % "confidence_threshold: 0.5 nms_threshold: 0.4", *maps()), expected)


def test_uncertain_boxes_have_less_of_a_chance():
    """One place and two anchors of nine numbers and two classes; uncertainties of sigmoids 1/2, 1/4, 1/5 and 1/10."""
    doubts = [-math.log(1 / share - 1) for share in (1 / 2, 1 / 4, 1 / 5, 1 / 10)]
    first = [0.0, doubts[0], 1, doubts[1], 0.2, doubts[2], -0.3, doubts[3], 2, 1, -1]
    second = [0.0, 9, 0, 9, 0, 9, 0, 9, 9, 9, 9]  # Uncertain, whatever its chance
    x = torch.tensor([*first, *second]).reshape(1, 22, 1, 1)
    text = ('type: "Yolov3DetectionOutput" yolov3_detection_output_param { num_classes: 2 num_box: 2 confidence_threshold: 0.05 '
            "mask_group_num: 1 mask: 0 mask: 1 anchors_scale: 32 biases: 16 biases: 8 biases: 4 biases: 4 gaussian_box: true }")
    (row,) = run(text, x)  # The same box of the second class is suppressed.
    chance = sigmoid(2) * (4 - (1 / 2 + 1 / 4 + 1 / 5 + 1 / 10)) / 4
    half = math.exp(0.2) * 16 / 32 / 2, math.exp(-0.3) * 8 / 32 / 2
    centre = 0.5, sigmoid(1)
    assert row == pytest.approx([0, 1, chance * sigmoid(1), centre[0] - half[0], centre[1] - half[1], centre[0] + half[0],
                                 centre[1] + half[1]], abs=1e-6)


def test_detections_of_version_2():
    """The best class only; anchors in places."""
    x, found = maps()[1], []
    for image, j, i, a in itertools.product(range(2), range(4), range(6), (0, 1)):
        v = [float(c) for c in x[image, 8 * a : 8 * a + 8, j, i]]
        cx, cy = (sigmoid(v[0]) + i) / 6, (sigmoid(v[1]) + j) / 4
        w, h = math.exp(v[2]) * (1.5, 2)[a] / 6, math.exp(v[3]) * (0.5, 3)[a] / 4
        best = max(range(3), key=lambda c: v[5 + c])
        score = sigmoid(v[4]) * math.exp(v[5 + best]) / sum(math.exp(s) for s in v[5:])
        if score > 0.3:
            found.append([image, best + 1, score, cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2])
    expected = suppressed(found, 0.45)
    assert 5 < len(expected) < len(found)
    near(run(V2 % "confidence_threshold: 0.3", x), expected)


@pytest.mark.parametrize("classes", ["num_classes: 3", "classes: 3"])
def test_detections_with_centres(classes: str):
    """Those of version 2, with classes from 0."""
    text = V2.replace("YoloDetectionOutput", "DetectionOutput").replace("yolo_detection", "detection")
    x = maps()[1]
    plain = run(V2 % "confidence_threshold: 0.3", x)
    near(run(text.replace("num_classes: 3", classes) % "confidence_threshold: 0.3", x), centred(plain))
    assert run(text % "", torch.full_like(x, -9.0)) == [[0] + [-1] * 6, [1] + [-1] * 6]
    near(run(text % "", x)[:9], centred(run(V2 % "confidence_threshold: 0.01", x)[:9]))


def centred(rows: list[list[float]]) -> list[list[float]]:
    return [[image, label - 1, score, (a + c) / 2, (b + d) / 2, c - a, d - b] for image, label, score, a, b, c, d in rows]


def test_detections_on_an_image_are_those_of_clcaffe():
    """Three more channels an anchor are not read."""
    x, picture = maps()[1], torch.zeros(2, 3, 8, 12)
    wide = torch.cat((x[:, :8], x[:, :3] + 9, x[:, 8:], x[:, :3] + 9), 1)
    plain = run(V2 % "confidence_threshold: 0.3", x)
    near(run(V2 % "confidence_threshold: 0.3", wide, picture), centred(plain))
    near(run(V2 % "confidence_threshold: 0.3 ssd_format: true", wide, picture), plain)
    near(run(V2 % "confidence_threshold: 0.3 ssd_format: false", x), centred(plain))
    first_days = V2.replace("yolo_detection_output_param", "detection_output_param")
    near(run(first_days % "confidence_threshold: 0.3", wide), centred(plain))
    with pytest.raises(netdef.SpecError, match=r"with 16 channels, 2 x \(5 \+ 3\); `m0` has shape \(2, 22, 4, 6\)"):
        run(V2 % "", wide)


def test_no_detections_give_a_row_of_minus_ones():
    low = [torch.full_like(x, -9.0) for x in maps()]
    assert run(V3 % "", *low) == [[0] + [-1] * 6, [1] + [-1] * 6]
    low[0][1, 4, 1, 2] = low[0][1, 6, 1, 2] = 9  # image 1, first anchor, class 2
    (row,) = run(V3 % "", *low)
    assert row[:2] == [1, 2]


@pytest.mark.parametrize(("text", "message"), [
    (V3.replace("num_classes: 3", "num_classes: 4") % "", r"wants maps of 2 images with 18 channels, 2 x \(5 \+ 4\)"),
    (V3.replace("mask: 1 ", "") % "", "wants `mask` to name 2 of the 4 anchors for each of 2 bottoms"),
    (V3.replace("mask: 1 ", "mask: 4 ") % "", "wants `mask` to name 2 of the 4 anchors"),
    (V3.replace("anchors_scale: 16", "") % "", "has 2 bottoms and 1 in `anchors_scale`"),
    (V3.replace("biases: 82.0", "") % "", "needs `biases` above 0"),
    (V2.replace("biases: 2 biases: 3", "") % "", "has 1 anchors in `biases` and 2 boxes a place"),
    (V2 % "coords: 5", "has 5 `coords`"),
])
def test_bad_parameters_are_refused(text: str, message: str):
    with pytest.raises(netdef.SpecError, match=message):
        run(text, *maps())
