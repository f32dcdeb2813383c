"""Tensor2Box."""

from __future__ import annotations

import math

import pytest
from one_layer import draw, one_layer, top_of

import netdef

PARAM = "num_classes: 2 img_dim_h: 30 img_dim_w: 45 anchors_x: [3, 7] anchors_y: [5, 11]"


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_every_box():
    x = draw(2, 14, 3, 4)  # strides 10 and 11, whole pixels
    top = top_of("Tensor2Box", f"tensor2box_param {{ {PARAM} }}", x=x)
    assert top.shape == (2, 24, 7)
    for n, anchor, row, column in ((0, 0, 0, 0), (1, 1, 2, 3), (0, 1, 1, 2)):
        given = x[n, 7 * anchor : 7 * anchor + 7, row, column].tolist()
        wanted = [(sigmoid(given[0]) + column) * 11, (sigmoid(given[1]) + row) * 10, math.exp(given[2]) * (3, 7)[anchor],
                  math.exp(given[3]) * (5, 11)[anchor], *map(sigmoid, given[4:])]
        assert top[n, (anchor * 3 + row) * 4 + column].tolist() == pytest.approx(wanted)


@pytest.mark.parametrize("param, said", [
    (PARAM.replace("num_classes: 2", ""), "needs a `num_classes`"),
    (PARAM.replace("[3, 7]", "3"), "1 `anchors_x` and 2 `anchors_y`"),
    (PARAM.replace("[3, 7]", "[3, 0]"), "`anchors_x` 0; it must be above 0"),
    (PARAM.replace("img_dim_h: 30", "img_dim_h: 2"), "smaller than its maps"),
    (PARAM.replace("num_classes: 2", "num_classes: 3"), r"wants 2 \* .5 \+ 3. channels")])
def test_what_does_not_fit_is_refused(param, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("Tensor2Box", f"tensor2box_param {{ {param} }}", x=(2, 14, 3, 4))
