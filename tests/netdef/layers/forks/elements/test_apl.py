"""APL by arithmetic, its gradients, and what it starts from."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

from netdef.errors import SpecError


def test_a_sum_of_hinges():
    x = torch.tensor([[-2.0, 3], [0.5, -1], [4, 0]]).double()
    net = one_layer("APL", "apl_param { sums: 3 }", x=x)
    with torch.no_grad():  # three numbers of the first value, then of the second
        net.get_parameter("l.slope").copy_(torch.tensor([0.5, 2, -1, 3, 0.25, 1]).reshape(1, 1, 3, 2))
        net.get_parameter("l.offset").copy_(torch.tensor([1.0, 0, -3, -2, 1, 5]).reshape(1, 1, 3, 2))
    # First value: 0.5 (1 - x), 2 (0 - x) and -(-3 - x); second: 3 (-2 - x), 0.25 (1 - x) and (5 - x), each where above 0.
    assert net(x=x)["y0"].tolist() == [[1.5 + 4, 3 + 2], [0.5 + 0.25, 0.5 + 6], [4, 0.25 + 5]]


def test_gradients():
    x = draw(2, 3, 4, 5).requires_grad_()
    net = one_layer("APL", "apl_param { slope_filler { type: 'gaussian' std: 1 } }", "TRAIN", x=x)
    assert gradcheck(lambda x, *_: net(x=x)["y0"], (x, *net.parameters()))


def test_what_it_starts_from():
    net = one_layer("APL", "apl_param { sums: 4 }", x=(2, 500, 3))
    slope, offset = net.get_parameter("l.slope"), net.get_parameter("l.offset")
    assert slope.shape == offset.shape == (1, 1, 4, 1500)
    assert 0.12 < slope.max() <= 0.125 and -0.125 <= slope.min() < -0.12
    assert abs(offset.mean()) < 6 * 0.5 / 6000**0.5 and abs(offset.std() / 0.5 - 1) < 6 / 12000**0.5
    given = one_layer("APL", "apl_param { slope_filler { value: 3 } offset_filler { value: 7 } }", x=(2, 5))
    assert given.get_parameter("l.slope").unique().tolist() == [3] and given.get_parameter("l.offset").unique().tolist() == [7]


def test_no_sums_are_refused():
    with pytest.raises(SpecError, match="`sums`"):
        one_layer("APL", "apl_param { sums: 0 }", x=(2, 3))
