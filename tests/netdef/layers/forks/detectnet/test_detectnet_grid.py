"""The grid of DetectNet's labels, from arithmetic: cells of 4 pixels over an image of 20 x 12."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.layers.forks.detectnet.detectnet_grid import LabelGrid, LabelledBox

BOX = LabelledBox(3, 2, 9, 5, 1)  # about (7.5, 4.5)


def grid(scale=0.5, largest=50, smallest=0, obj_norm=False, crop=True, planes=None):
    return LabelGrid(4, 20, 12, scale, largest, smallest, obj_norm, crop, planes or {1: 0})


def cells(label):
    return [tuple(cell) for cell in np.argwhere(label[0]).tolist()]


def test_the_cells_that_the_middle_of_a_box_touches():
    """The object is 4.5 x 2.5 pixels: columns 5.25 to 9.75, rows 3.25 to 5.75."""
    label = grid().draw([BOX])
    assert label.shape == (9, 3, 5) and cells(label) == [(0, 1), (0, 2), (1, 1), (1, 2)]
    for row, column in cells(label):
        x, y = 4 * column, 4 * row
        assert label[:, row, column] == pytest.approx([1, 3 - x, 2 - y, 12 - x, 7 - y, 1 / 9, 1 / 5, 16 / (4.5 * 2.5), 1])
    assert label[:, 2].max() == label[:, :, [0, 3, 4]].max() == 0


@pytest.mark.parametrize(("limits", "width", "height"), [
    ({"largest": 3}, 3, 2.5),
    ({"largest": None, "smallest": 6}, 6, 5),  # within the box
    ({"largest": None, "smallest": 2, "scale": 0.75}, 6.75, 3.75),
])
def test_how_much_an_object_covers(limits, width, height):
    label = grid(obj_norm=True, **limits).draw([BOX])
    assert label[7].max() == pytest.approx(16 / (width * height))
    low, high = (7.5 - width / 2) // 4, -(-(7.5 + width / 2) // 4)
    assert sorted({column for _, column in cells(label)}) == list(range(int(low), int(high)))


def test_a_large_object_weighs_1_without_its_own_norm():
    assert grid(scale=1).draw([BOX])[7].max() == 1


def test_boxes_are_cut_at_the_border_or_not():
    """Of 10 x 6 from (-4, 8), 6 x 4 are seen."""
    assert grid(scale=1).draw([LabelledBox(-4, 8, 10, 6, 1)])[1:7, 2, 0] == pytest.approx([0, 0, 6, 4, 1 / 6, 1 / 4])
    whole = grid(scale=1, crop=False).draw([LabelledBox(-4, 8, 10, 6, 1)])
    assert whole[1:7, 2, 0] == pytest.approx([-4, 0, 6, 6, 1 / 10, 1 / 6])
    assert not grid(crop=False).draw([LabelledBox(-30, 2, 9, 5, 1), LabelledBox(3, 40, 9, 5, 1)]).any()


def test_each_class_has_a_plane_and_the_last_box_counts():
    label = grid(planes={7: 2, 1: 0}).draw([BOX, LabelledBox(4, 0, 4, 8, 7), LabelledBox(0, 0, 20, 12, 3)])
    assert label.shape == (11, 3, 5)
    assert label[8:, 0, 1].tolist() == [0, 0, 1] and label[8:, 0, 2].tolist() == [1, 0, 0]
    assert label[3, 1, 1] == 4  # the second box's right edge, seen from its cell


def test_a_cell_that_is_only_touched_is_not_covered():
    """Columns 4 to 8, rows 4 to 8: one cell."""
    assert cells(grid(scale=1).draw([LabelledBox(4, 4, 4, 4, 1)])) == [(1, 1)]
    assert not grid().draw([LabelledBox(4, 4, 0, 4, 1)]).any()
