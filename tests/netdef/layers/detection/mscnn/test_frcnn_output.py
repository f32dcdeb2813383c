"""The detections of Cascade R-CNN."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

STATISTICS = "bbox_mean: [0.1, -0.2, 0.05, 0] bbox_std: [0.5, 0.4, 0.3, 0.2]"
REGIONS = torch.tensor([[0, 2, 3, 11, 12], [0, 3, 3, 12, 12], [0, 20, 20, 29, 39], [0, 5, 5, 6, 6]]).double()
SCORES = torch.tensor([[0.125, 0.5, 0.375], [0.125, 0.75, 0.125], [0.25, 0.125, 0.625], [0.875, 0.0625, 0.0625]]).double()
SIZE = torch.tensor([[36.0, 40]]).double()


def detections(param: str, offsets: torch.Tensor, statistics: str = "") -> list[list[float]]:
    return top_of("FrcnnOutput", f"frcnn_output_param {{ {param} }} bbox_reg_param {{ {statistics} }}", s=SCORES, o=offsets,
                  r=REGIONS, size=SIZE).flatten(1).tolist()


def test_the_best_of_each_class():
    rows = detections("conf_thr: 0.2 iou_thr: 0.5", torch.zeros(4, 12).double())
    assert rows == [[0] + [-1] * 6, [0, 3, 3, 12, 12, 1, 0.75], [0, 20, 20, 29, 36, 2, 0.625], [0, 2, 3, 11, 12, 2, 0.375]]


def test_at_most_so_many_of_all_classes():
    rows = detections("conf_thr: 0.2 iou_thr: 1 max_det_num: 2", torch.zeros(4, 12).double())
    assert [row[5:] for row in rows[1:]] == [[1, 0.75], [2, 0.625]]


@pytest.mark.parametrize(("columns", "aware", "first"), [(12, "true", 4), (8, "false", 4)])
def test_boxes_moved_by_the_offsets_of_their_class(columns: int, aware: str, first: int):
    offsets = torch.zeros(4, columns).double()
    offsets[:, first : first + 4] = torch.tensor([0.2, 0.3, 0.4, -0.5])
    rows = detections("conf_thr: 0.7", offsets, f"{STATISTICS} cls_aware: {aware}")
    width, height = 10 * math.exp(0.4 * 0.3 + 0.05), 10 * math.exp(-0.5 * 0.2)
    x, y = 7.5 + 10 * (0.2 * 0.5 + 0.1) - (width - 1) / 2, 7.5 + 10 * (0.3 * 0.4 - 0.2) - (height - 1) / 2
    assert rows[1] == pytest.approx([0, x, y, x + width - 1, y + height - 1, 1, 0.75])


def test_nothing_found():
    assert detections("conf_thr: 0.95", torch.zeros(4, 12).double()) == [[0] + [-1] * 6]


@pytest.mark.parametrize(("param", "shapes", "complaint"), [
    ("nms_type: 'IOMU'", ((4, 3), (4, 12), (4, 5), (1, 2)), 'has `nms_type` "IOMU"'),
    ("", ((4, 3), (4, 8), (4, 5), (1, 2)), "wants 4 rows of 12 numbers in `o`"),
    ("", ((4, 3), (4, 12), (4, 7), (1, 2)), "wants 4 rows of 5 or 6 numbers in `r`"),
    ("", ((4, 3), (4, 12), (4, 5), (2, 2)), "height and width of one image")])
def test_what_does_not_fit_is_refused(param: str, shapes, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("FrcnnOutput", f"frcnn_output_param {{ {param} }}", **dict(zip(("s", "o", "r", "size"), shapes)))
