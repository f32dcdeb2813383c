"""Columns of planes as the steps of a sequence."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of
from torch.autograd import gradcheck

import netdef


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_steps_and_markers(phase):
    x = draw(2, 3, 1, 5)
    steps, markers = tops_of("Convert", "", 2, phase, x=x)
    assert steps.shape == (5, 2, 3) and markers.tolist() == [[0, 0], *[[1, 1]] * 4]
    for w in range(5):
        assert torch.equal(steps[w], x[:, :, 0, w])


def test_gradient():
    x = draw(2, 3, 5).requires_grad_()
    net = one_layer("Convert", "", "TRAIN", tops=2, x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


def test_planes_of_several_rows_are_refused():
    with pytest.raises(netdef.SpecError, match="wants planes of one row"):
        one_layer("Convert", "", tops=2, x=(2, 3, 2, 5))
