"""Features of several layers at places."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef

PARAM = ("sparse_hypercolumn_extractor_param { scale: 1 scale: 2 offset_height: 0 offset_height: 1 offset_width: 0 "
         "offset_width: 0 activation_mult: 1 activation_mult: 10 }")
PLACES = torch.tensor([[[1.0, 2], [3, 1], [0, 99]], [[2, 0], [1, 1], [0, 0]]]).double()


def features() -> dict:
    return {"p": PLACES, "a": draw(2, 3, 5, 4), "b": draw(2, 2, 3, 6, seed=2)}


def test_values_at_places():
    bottoms = features()
    a, b = bottoms["a"], bottoms["b"]
    top = one_layer("SparseHypercolumnExtractor", PARAM, **bottoms)(**bottoms)["y0"]
    assert top.shape == (6, 5)
    assert torch.allclose(top[0], torch.cat((a[0, :, 1, 2], 10 * b[0, :, 0, 1])))  # in b (1 - 1) / 2, 2 / 2
    halves = b[0, :, 1, :2].mean(-1)  # of (3 - 1) / 2, 1 / 2
    assert torch.allclose(top[1], torch.cat((a[0, :, 3, 1], 10 * halves)))
    assert torch.allclose(top[2, :3], a[0, :, 0, 2] * 1e-4 + a[0, :, 0, 3] * (1 - 1e-4))  # kept within the features
    assert torch.allclose(top[3, :3], a[1, :, 2, 0])


def test_gradient():
    bottoms = features()
    net = one_layer("SparseHypercolumnExtractor", PARAM, "TRAIN", **bottoms)
    a, b = bottoms["a"].requires_grad_(), bottoms["b"].requires_grad_()
    assert gradcheck(lambda a, b: net(p=PLACES, a=a, b=b)["y0"], (a, b))


@pytest.mark.parametrize(("change", "complaint"), [
    ({"p": (2, 3, 3)}, "y and x"), ({"b": (1, 2, 3, 6)}, "2 items"), ({"b": (2, 2, 1, 6)}, "at least 2 x 2"),
    ({"c": (2, 1, 3, 4)}, "3 bottoms of features")])
def test_what_does_not_fit_is_refused(change: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("SparseHypercolumnExtractor", PARAM, **features() | change)
