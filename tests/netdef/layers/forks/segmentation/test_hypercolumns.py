"""Features of several layers at places."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
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


def test_columns_of_all_pixels():
    """Features of half the size are interpolated as torch does between the centres of blocks, and end at the edges."""
    maps, a, b = draw(2, 3, 4, 6), draw(2, 2, 4, 6, seed=2).requires_grad_(), draw(2, 5, 2, 3, seed=3).requires_grad_()
    net = one_layer("HyperColumns", "hypercolumns_param { is_train: false skip_ratio: 1 }", "TRAIN", tops=2, m=maps, a=a, b=b)
    tops = net(m=maps, a=a, b=b)
    wanted = torch.cat((a, F.interpolate(b, (4, 6), mode="bilinear")), 1).flatten(2).movedim(1, -1).flatten(0, 1)
    assert torch.allclose(tops["y0"], wanted)
    assert torch.equal(tops["y1"], maps.flatten(2).movedim(1, -1).flatten(0, 1))
    assert gradcheck(lambda a, b: net(m=maps, a=a, b=b)["y0"], (a, b))


def test_pixels_are_drawn_where_maps_have_values():
    maps = draw(2, 3, 4, 6)
    maps[:, :, 1:3] = 0
    maps[0, 1, 0, 2] = float("nan")
    features = maps.nan_to_num()
    net = one_layer("HyperColumns", "hypercolumns_param { is_train: true sample_num: 11 }", "TRAIN", tops=2, m=maps, a=features)
    tops = net(m=maps, a=features)
    assert torch.equal(tops["y0"], tops["y1"])
    rows = {tuple(row) for row in tops["y1"].tolist()}
    valid = {tuple(row) for item in maps for row in item.flatten(1).t().tolist() if any(row) and not math.isnan(sum(row))}
    assert len(rows) == 22
    assert rows <= valid
    with pytest.raises(netdef.NetdefError, match="draws 11 pixels; an item has 6"):
        maps[1, :, 0] = 0
        net(m=maps, a=features)


@pytest.mark.parametrize(("text", "features", "complaint"), [
    ("", (2, 3, 4, 6), "wants `is_train`"), ("is_train: false skip_ratio: 2", (2, 3, 4, 6), "only 1 is implemented"),
    ("is_train: true sample_num: 25", (2, 3, 4, 6), "draws 25 of 24 pixels"), ("is_train: false", (2, 3, 5, 6), "no more rows")])
def test_columns_that_do_not_fit_are_refused(text: str, features: tuple[int, ...], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("HyperColumns", f"hypercolumns_param {{ {text} }}", tops=2, m=(2, 3, 4, 6), a=features)
