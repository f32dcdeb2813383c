"""DetectionEvaluate of Cascade R-CNN against its definition."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef
from netdef.errors import SpecError

# image, x1, y1, x2, y2, class, score
FOUND = [
    [0, 0, 0, 0, 0, -1, -1],  # none
    [0, 10, 10, 18, 19, 1, 0.5],  # 9 x 10 of the 10 x 10 pixels of a true box
    [0, 10, 10, 19, 19, 1, 0.75],  # the same box, better
    [0, 30, 30, 39, 39, 1, 0.25],  # over a difficult box
    [0, 10, 10, 19, 19, 2, 0.875],  # another class
    [1, 10, 10, 13, 19, 1, 0.625],  # 4 x 10 of 10 x 10
]
# image, x1, y1, x2, y2, class, ignored, difficult
TRUE = [[0, 10, 10, 19, 19, 1, 0, 0], [0, 30, 30, 39, 39, 1, 0, 1], [1, 10, 10, 19, 19, 1, 0, 0]]


def rows(param: str) -> list[list[float]]:
    found, true = torch.tensor(FOUND).double(), torch.tensor(TRUE).double()
    top = top_of("DetectionEvaluate", f"detection_evaluate_param {{ num_classes: 3 {param} }}",
                 f=found[:, :, None, None], t=true[:, :, None, None], s=torch.tensor([[50.0, 60], [50, 60]]).double())
    assert top.shape == (7, 5, 1, 1)
    return top.flatten(1).tolist()


def test_true_and_false_detections():
    assert rows("evaluate_difficult_gt: false overlap_threshold: 0.375") == [
        [-1, 1, 2, -1, -1], [-1, 2, 0, -1, -1],
        [0, 1, 0.75, 1, 0], [0, 1, 0.5, 0, 1], [0, 1, 0.25, 0, 0], [0, 2, 0.875, 0, 1],
        [1, 1, 0.625, 1, 0],
    ]


def test_both_corners_have_pixels():
    """The overlap of the last detection is 40 of 100, which 3 x 9 of 81 were not."""
    assert rows("overlap_threshold: 0.39")[-1] == [1, 1, 0.625, 1, 0]
    assert rows("overlap_threshold: 0.41")[-1] == [1, 1, 0.625, 0, 1]


@pytest.mark.parametrize(("index", "words"), [(0, "rows of 7 numbers, detections"), (1, "rows of 8 numbers, true boxes"),
                                              (2, "rows of 2 numbers, heights and widths")])
def test_other_shapes_are_refused(index, words):
    shapes = [(4, 7, 1, 1), (2, 8, 1, 1), (1, 2)]
    shapes[index] = (4, 6)
    with pytest.raises(SpecError, match=words):
        one_layer("DetectionEvaluate", "detection_evaluate_param { num_classes: 3 }", **dict(zip("fts", shapes)))


def test_the_bottoms_are_left_as_they_are():
    net = one_layer("DetectionEvaluate", "detection_evaluate_param { num_classes: 3 }", f=(6, 7), t=(3, 8), s=(2, 2))
    found, true = torch.tensor(FOUND).double(), torch.tensor(TRUE).double()
    net(f=found, t=true, s=torch.ones(2, 2).double())
    assert isinstance(net, netdef.Net) and found.tolist() == torch.tensor(FOUND).double().tolist() and true[0, 4] == 19
