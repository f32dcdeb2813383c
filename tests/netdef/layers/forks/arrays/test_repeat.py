"""Repeat: copies along a new axis, and the matrix in its file."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

from netdef.errors import SpecError


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_copies_follow_the_batch(phase):
    x = draw(2, 3, 4)
    net = one_layer("Repeat", "repeat_param { num_repeats: 5 }", phase, x=x)
    assert net(x=x)["y0"].equal(x[:, None].expand(2, 5, 3, 4))


def test_copies_of_the_values_from_an_axis_on():
    """Of axis 2 the copies of 4 values follow each other, for each item and row."""
    x = draw(2, 3, 4)
    top = one_layer("Repeat", "repeat_param { num_repeats: 5 axis: 2 }", x=x)(x=x)["y0"]
    assert top.shape == (2, 5, 3, 4) and top.flatten().equal(x[:, :, None].expand(2, 3, 5, 4).flatten())


def test_a_matrix_of_a_file_is_multiplied():
    x = torch.tensor([[1.0, 2], [3, 4]]).double()
    net = one_layer("Repeat", "repeat_param { num_repeats: 2 }", x=x)
    (weight,) = net.params["l"]
    assert weight.tolist() == [[1, 0], [0, 1], [1, 0], [0, 1]]
    with torch.no_grad():
        weight[3] = torch.tensor([0.5, 0.25])
    assert net(x=x)["y0"].tolist() == [[[1, 2], [1, 1]], [[3, 4], [3, 2.5]]]


def test_the_bottom_alone_has_a_gradient():
    x = draw(2, 3).requires_grad_()
    net = one_layer("Repeat", "repeat_param { num_repeats: 4 }", "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], x)
    assert not any(weight.requires_grad for weight in net.params["l"])


def test_no_repeats_are_refused():
    with pytest.raises(SpecError, match="`num_repeats`"):
        one_layer("Repeat", x=(2, 3))
