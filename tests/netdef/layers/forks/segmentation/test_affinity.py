"""Graphs of neighbouring pixels, and the components of labels."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

import netdef
from netdef.testing import check_layer


def test_an_edge_has_the_lesser_of_two_pixels():
    x = torch.tensor([[[9.0, 9, 9], [9, 9, 9]], [[1, 5, 2], [3, 4, 8]]]).double()[None].requires_grad_()
    y = top_of("Affinity", "affinity_param { offset: 1 }", x=x)
    assert y.tolist() == [[[[1, 4, 0], [0, 0, 0]], [[1, 2, 0], [0, 0, 0]]]]  # down: of 1 3, 5 4; across: of 1 5, 5 2
    y.backward(torch.tensor([[[[1.0, 2, 7], [7, 7, 7]], [[10, 20, 7], [7, 7, 7]]]]).double())
    assert x.grad[0, 1].tolist() == [[11, 22, 0], [0, 0, 0]]  # to the pixel itself, whichever is the lesser
    assert x.grad[0, 0].tolist() == [[-11, -22, 0], [0, 0, 0]]


def test_each_bottom_has_a_top_and_a_channel():
    first, second = tops_of("Affinity", "affinity_param { offset: 1 offset: 0 }", 2, x=draw(1, 2, 3, 4), t=torch.ones(1, 1, 5, 6))
    assert first.shape == (1, 2, 3, 4) and second.sum().item() == 2 * 4 * 5
    check_layer('layer { name: "l" type: "Affinity" bottom: "x" top: "y" }', gradients=False, x=(3, 2, 4, 5))
    with pytest.raises(netdef.SpecError, match="an `offset` of 2 for `x`, which has 2 channels"):
        one_layer("Affinity", "affinity_param { offset: 2 }", x=(1, 2, 3, 4))
    with pytest.raises(netdef.SpecError, match="1 bottoms and 2 tops"):
        one_layer("Affinity", tops=2, x=(1, 2, 3, 4))


LABELS = torch.tensor([
    [1.0, 1, 0, 3, 3],
    [0, 1, 0, 3, 0],
    [1, 0, 3, 0, 3],
    [1, 0, 3, 3, 3]])


def test_components_are_numbered_by_their_first_pixels():
    wanted = [[4, 4, 0, 5, 5], [0, 4, 0, 5, 0], [6, 0, 7, 0, 7], [6, 0, 7, 7, 7]]
    found = top_of("ConnectedComponent", x=torch.stack((LABELS, LABELS.flip(1)))[:, None])
    assert found[0, 0].tolist() == wanted
    assert found[1, 0].tolist() == [[4, 4, 0, 5, 5], [0, 4, 0, 5, 0], [6, 0, 6, 0, 7], [6, 6, 6, 0, 7]]
    check_layer('layer { name: "l" type: "ConnectedComponent" bottom: "x" top: "y" }', gradients=False,
                x=LABELS.reshape(1, 1, 4, 5))


def test_a_winding_component_is_one():
    plane = torch.zeros(9, 9)
    plane[::2] = 2
    plane[1::4, 8] = plane[3::4, 0] = 2  # one line to and fro
    plane[8, 4] = 0  # cut near its end
    found = top_of("ConnectedComponent", x=plane[None, None])[0, 0]
    assert found[8, :4].unique().tolist() != found[8, 5:].unique().tolist()
    assert set(found.unique().tolist()) == {0, 3, 4} and found[0, 0] == 3
