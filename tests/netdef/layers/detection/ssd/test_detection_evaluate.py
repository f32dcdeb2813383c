"""DetectionEvaluate: true and false detections, row by row."""

from __future__ import annotations

import pytest
import torch

import netdef

NET = """
layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 1 dim: 1 dim: %d dim: 7 } } }
layer { name: "t" type: "Input" top: "t" input_param { shape { dim: 1 dim: 1 dim: %d dim: 8 } } }
layer { name: "e" type: "DetectionEvaluate" bottom: "d" bottom: "t" top: "e" detection_evaluate_param { %s } }
"""
TRUE = [[0, 1, 0, 0.0, 0.0, 0.4, 0.4, 0], [-1] * 8, [0, 1, 1, 0.5, 0.5, 0.9, 0.9, 0], [0, 2, 0, 0.1, 0.1, 0.3, 0.3, 1],
        [2, 1, 0, 0.2, 0.2, 0.6, 0.6, 0]]  # a row of -1 is nothing, wherever it stands
FOUND = [
    [0, 1, 0.5, 0.0, 0.0, 0.4, 0.38],  # true, but a better one has the box
    [0, 1, 0.8, 0.0, 0.0, 0.4, 0.4],
    [0, 1, 0.7, 0.5, 0.5, 0.9, 0.65],  # overlaps by 0.375
    [0, 2, 0.6, 0.1, 0.1, 0.3, 0.3],  # a difficult box
    [1, 2, 0.9, 0.1, 0.1, 0.3, 0.3],  # an image without boxes
    [0, 3, 0.4, 0.5, 0.5, 0.9, 0.9],  # a class without boxes in it
    [2, 1, 0.3, 0.2, 0.2, 0.6, 0.6],
]


def run(param: str, found=FOUND, true=TRUE) -> list[list[float]]:
    net = netdef.loads(NET % (len(found), len(true), param))
    return net(d=torch.tensor(found)[None, None], t=torch.tensor(true)[None, None])["e"][0, 0].tolist()


def test_rows_of_true_and_false_detections():
    """First how many boxes each class has; then images, in each classes, in each the best first."""
    rows = run("num_classes: 4 background_label_id: 0 overlap_threshold: 0.5 evaluate_difficult_gt: false")
    expected = [
        [-1, 1, 3, -1, -1], [-1, 2, 0, -1, -1], [-1, 3, 0, -1, -1],
        [0, 1, 0.8, 1, 0], [0, 1, 0.7, 0, 1], [0, 1, 0.5, 0, 1], [0, 2, 0.6, 0, 0], [0, 3, 0.4, 0, 1],
        [1, 2, 0.9, 0, 1],
        [2, 1, 0.3, 1, 0],
    ]
    assert len(rows) == len(expected)
    for row, wanted in zip(rows, expected):
        assert row == pytest.approx(wanted)


def test_difficult_boxes_count_by_default():
    rows = run("num_classes: 4")
    assert rows[1] == [-1, 2, 1, -1, -1] and rows[6] == pytest.approx([0, 2, 0.6, 1, 0])


def test_a_lower_threshold_and_no_background():
    rows = run("num_classes: 4 background_label_id: -1 overlap_threshold: 0.3")
    assert [row[:3] for row in rows[:4]] == [[-1, 0, 0], [-1, 1, 3], [-1, 2, 1], [-1, 3, 0]]
    assert rows[5] == pytest.approx([0, 1, 0.7, 1, 0])


def test_images_without_detections_have_a_row():
    """DetectionOutput says so with rows of an image and -1."""
    assert run("num_classes: 2", [[0, -1, -1, -1, -1, -1, -1]]) == [[-1, 1, 3, -1, -1], [0, -1, -1, 0, 1]]
    assert run("num_classes: 2", [[-1.0] * 7]) == [[-1, 1, 3, -1, -1], [0, 0, 0, 0, 0]]  # as many rows as there were


@pytest.mark.parametrize(("param", "message"), [
    ("", "needs a `num_classes`"),
    ("num_classes: 3 overlap_threshold: 0", "`overlap_threshold` 0; it must be above 0"),
])
def test_bad_parameters_are_refused(param: str, message: str):
    with pytest.raises(netdef.SpecError, match=message):
        run(param)
    with pytest.raises(netdef.SpecError, match="wants detections of 7 numbers each"):
        netdef.loads((NET % (2, 2, "num_classes: 3")).replace("dim: 7", "dim: 6"))


def test_landmarks_do_not_count():
    found, true = ([[*row, *[0.25] * extra] for row in rows] for rows, extra in ((FOUND, 10), (TRUE, 11)))
    text = NET % (len(found), len(true), "num_classes: 4 has_lm: true")
    net = netdef.loads(text.replace("dim: 7", "dim: 17").replace("dim: 8 ", "dim: 19 "))
    rows = net(d=torch.tensor(found)[None, None], t=torch.tensor(true)[None, None])["e"][0, 0].tolist()
    assert rows == run("num_classes: 4")
