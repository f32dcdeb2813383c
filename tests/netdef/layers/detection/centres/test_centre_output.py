"""Boxes at each place of maps, against loops over the places."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def cut(value: float, most: float) -> float:
    return min(max(value, 0.0), most)


def suppressed(found: list[list[float]], threshold: float) -> list[list[float]]:
    """Rows of score, area, x1, y1, x2, y2, ... in pixels that no better one overlaps."""
    kept: list[list[float]] = []
    for row in sorted(found, key=lambda row: -row[0]):
        for other in kept:
            width = max(min(row[4], other[4]) - max(row[2], other[2]) + 1, 0)
            height = max(min(row[5], other[5]) - max(row[3], other[3]) + 1, 0)
            if width * height / (row[1] + other[1] - width * height) > threshold:
                break
        else:
            kept.append(row)
    return kept


def grid(x: torch.Tensor, scale: float, size: tuple[int, int], marks: int) -> list[list[float]]:
    """The candidates of one image's map (C, H, H); two scores if ``marks`` is not None."""
    side = x.shape[1]
    step = size[0] / side
    rows = []
    for j in range(side):
        for i in range(side):
            places = [cut(((j if n < 4 and n % 2 else i) + 0.5) * step - float(x[n, j, i]) * scale, step * side)
                      for n in range(4 + marks)]
            width, height = places[2] - places[0], places[3] - places[1]
            scores = [float(value) for value in x[4 + marks :, j, i]]
            score = 1 / (1 + math.exp(-scores[0])) if len(scores) == 1 else math.exp(scores[1]) / sum(map(math.exp, scores))
            if width > 0 and height > 0:
                rows.append([score, width * height, *places])
    return rows


@pytest.mark.parametrize(("text", "classes", "marks"), [("SIGMOID", 1, 0), ("SOFTMAX", 2, 0), ("SOFTMAX", 2, 10)])
@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_grid_of_two_maps(text, classes, marks, phase):
    size, scales = (48, 60), (22, 40)
    maps = {name: draw(2, 4 + marks + classes, side, side, seed=seed) for name, side, seed in (("a", 6, 1), ("b", 4, 2))}
    for x in maps.values():
        x[:, :2], x[:, 2:4] = x[:, :2].abs(), -x[:, 2:4].abs()
    param = (f"detection_output_param {{ num_classes: {classes} class_type: {text} has_lm: {str(marks > 0).lower()} "
             f"bias_scale: {scales[0]} bias_scale: {scales[1]} confidence_threshold: 0.4 nms_thresh: 0.35 keep_top_k: 4 "
             f"net_width: {size[0]} net_height: {size[1]} }}")
    expected = []
    for image in range(2):
        found = []
        for x, scale in zip(maps.values(), scales):
            found += grid(x[image], scale if classes == 2 else scale / 2, size, marks)
        left = suppressed([row for row in found if row[0] >= 0.4], 0.35)
        assert len(left) > 4
        expected += [[image, 1, row[0], *(value / size[n % 2] for n, value in enumerate(row[2:]))] for row in left[:4]]
    top = top_of("CenterGridOutput", param, phase, **maps)
    assert top.shape == (1, 1, 8, 7 + marks)
    assert torch.allclose(top[0, 0], torch.tensor(expected).double(), atol=1e-6)


def test_an_image_without_faces_has_a_row_of_its_number():
    param = "detection_output_param { num_classes: 1 bias_scale: 9 confidence_threshold: 0.9 }"
    assert top_of("CenterGridOutput", param, x=torch.zeros(2, 5, 3, 3).double())[0, 0].tolist() == [
        [0, -1, -1, -1, -1, -1, -1], [1, -1, -1, -1, -1, -1, -1]]


@pytest.mark.parametrize("marks", [0, 10])
def test_centres(marks):
    boxes, scores = draw(2, 4 + marks, 5, 4), draw(2, 2, 5, 4, seed=2).sigmoid()
    boxes[:, 2:4] += 0.7
    scores[0, 1, 2, 3] = 1  # does not count
    param = (f"detection_output_param {{ num_classes: 3 confidence_threshold: 0.55 nms_thresh: 0.2 keep_top_k: 3 "
             f"has_lm: {str(marks > 0).lower()} }}")
    expected = []
    for image in range(2):
        found = []
        for label in range(2):
            for j in range(5):
                for i in range(4):
                    x, score = [float(value) for value in boxes[image, :, j, i]], float(scores[image, label, j, i])
                    if not 0.55 < score < 1:
                        continue
                    centre, size = ((i + x[0]) * 4, (j + x[1]) * 4), (math.exp(x[2]) * 4, math.exp(x[3]) * 4)
                    low = [cut(c - s / 2, most) for c, s, most in zip(centre, size, (16, 20))]
                    high = [cut(c + s / 2, most) for c, s, most in zip(centre, size, (16, 20))]
                    places = [cut((centre[n % 2] + x[4 + n] * (high[n % 2] - low[n % 2])) * 4, (16, 20)[n % 2])
                              for n in range(marks)]
                    found.append([score, size[0] * size[1], *low, *high, *places, label + 1])
        left = suppressed(found, 0.2)
        assert len(left) > 3
        for row in left[:3]:
            expected.append([image, row[-1], row[0], row[2] / 16, row[3] / 20, row[4] / 16, row[5] / 20, *row[6:-1]])
    top = top_of("CenternetDetectionOutput", param, x=boxes, s=scores)
    assert torch.allclose(top[0, 0], torch.tensor(expected).double())
    nothing = top_of("CenternetDetectionOutput", param, x=boxes, s=0 * scores)
    assert nothing[0, 0, :, :2].tolist() == [[0, -1], [1, -1]]


@pytest.mark.parametrize(("kind", "param", "shapes", "said"), [
    ("CenterGridOutput", "num_classes: 1 has_lm: true bias_scale: 9", [(1, 15, 3, 3)], "the fork has for SOFTMAX only"),
    ("CenterGridOutput", "num_classes: 2 bias_scale: 9", [(1, 6, 3, 3)], "has 2 classes; it wants 1"),
    ("CenterGridOutput", "num_classes: 1", [(1, 5, 3, 3)], "has 1 bottoms and 0 scales"),
    ("CenterGridOutput", "num_classes: 1 bias_scale: 9", [(1, 5, 3, 4)], "wants square maps of 5 channels"),
    ("CenternetDetectionOutput", "num_classes: 2", [(1, 4, 3, 4), (2, 1, 3, 4)], "wants maps of 1 images"),
    ("CenternetDetectionOutput", "num_classes: 2", [(1, 4, 3, 4), (1, 2, 3, 4)], "wants `b` of shape (1, 1, 3, 4)"),
])
def test_what_does_not_fit(kind, param, shapes, said):
    with pytest.raises(netdef.SpecError) as caught:
        one_layer(kind, f"detection_output_param {{ {param} }}", **dict(zip("ab", shapes)))
    assert said in str(caught.value)
