"""Maps and true boxes of YOLO by hand."""

from __future__ import annotations

import pytest
import torch

from netdef.layers.detection.yolo.yolo_maps import as_map, best_overlap, by_anchor, corner, overlap, size_overlap, truths_of_rows


def test_a_map_by_anchor_and_back():
    x = torch.arange(2 * 3 * 7 * 4 * 5.0).reshape(2, 3 * 7, 4, 5)
    found = by_anchor(x, 3)
    assert found.shape == (2, 3, 4, 5, 7) and found[1, 2, 3, 4, 6] == x[1, 2 * 7 + 6, 3, 4]
    assert torch.equal(as_map(found), x)


def test_corners_are_column_and_row():
    found = corner(2, 3, torch.zeros(1))
    assert found.shape == (2, 3, 2) and found[1, 2].tolist() == [2, 1]


def test_overlap_is_intersection_over_union():
    """Squares of side 2 whose centres are 1 apart share half of each: 2 of 6."""
    square = torch.tensor([1.0, 1, 2, 2])
    assert overlap(square, torch.tensor([2.0, 1, 2, 2])).item() == pytest.approx(1 / 3)
    assert overlap(square, torch.tensor([9.0, 9, 2, 2])).item() == 0
    assert overlap(torch.zeros(4), torch.zeros(4)).item() == 0


def test_best_overlap_is_that_with_any_true_box():
    boxes = torch.tensor([[1.0, 1, 2, 2], [9.0, 9, 1, 1]])
    truths = torch.tensor([[2.0, 1, 2, 2], [1.0, 1, 2, 2], [5.0, 5, 1, 1]])
    assert best_overlap(boxes, truths).tolist() == [1, 0]
    assert best_overlap(boxes, truths[:0]).tolist() == [0, 0]


def test_sizes_overlap_about_one_centre():
    found = size_overlap(torch.tensor([[2.0, 3]]), torch.tensor([[2.0, 3], [4.0, 3], [1.0, 1]]))
    torch.testing.assert_close(found, torch.tensor([[1, 0.5, 1 / 6]]))


def test_true_boxes_end_at_the_first_row_of_zeros():
    rows = torch.tensor([[2, 0.5, 0.25, 0.1, 0.2], [0, 0.3, 0.6, 0.4, 0.5], [0, 0, 0, 0, 0], [1, 0.9, 0.9, 0.1, 0.1]])
    boxes, classes = truths_of_rows(rows)
    torch.testing.assert_close(boxes, rows[:2, 1:])
    assert classes.tolist() == [2, 0]
