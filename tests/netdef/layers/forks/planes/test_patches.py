"""Patches cut from planes and put together."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef

CUT = "division_param { height: 2 width: 3 xcoord: 0 xcoord: 1 ycoord: 3 ycoord: 0 }"
BOXES = CUT.replace("division", "box")


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("kind", "param"), [("Division", CUT), ("Box", BOXES)])
def test_patches_of_a_plane(kind: str, param: str, phase: str):
    x = draw(2, 3, 5, 4)
    first, second = tops_of(kind, param, 2, phase, x=x)
    assert torch.equal(first, x[:, :, 3:5, 0:3]) and torch.equal(second, x[:, :, 0:2, 1:4])


def test_a_plane_of_patches():
    a, b, c = draw(2, 3, 2, 4), draw(2, 3, 3, 1, seed=2), draw(2, 3, 2, 2, seed=3)
    top = top_of("Combination", "combination_param { xcoord: [0, 0, 2] ycoord: [0, 2, 3] }", a=a, b=b, c=c)
    assert top.shape == (2, 3, 5, 4)
    assert torch.equal(top[:, :, :2], a) and torch.equal(top[:, :, 2:, :1], b) and torch.equal(top[:, :, 3:, 2:], c)
    assert top[:, :, 2:, 1].abs().max() == 0 and top[:, :, 2, 1:].abs().max() == 0


def test_a_square_of_patches_of_one_shape():
    a, b, c, d = (draw(2, 3, 2, 5, seed=seed) for seed in range(4))
    top = top_of("Splice", "splice_param { xcoord: [0, 5, 0, 5] ycoord: [0, 0, 2, 2] }", a=a, b=b, c=c, d=d)
    assert torch.equal(top, torch.cat((torch.cat((a, b), 3), torch.cat((c, d), 3)), 2))


def test_a_plane_of_two_patches_has_sides_rounded_down():
    a, b = draw(2, 3, 2, 5), draw(2, 3, 2, 5, seed=2)
    top = top_of("Splice", "splice_param { xcoord: [0, 2] ycoord: [0, 0] }", a=a, b=b)
    assert top.shape == (2, 3, 2, 7)  # 2.83 and 7.07
    assert torch.equal(top, torch.cat((a[..., :2], b), 3))


def test_gradients():
    x = draw(1, 2, 5, 4).requires_grad_()
    net = one_layer("Division", CUT, "TRAIN", tops=2, x=x)
    assert gradcheck(lambda x: tuple(net(x=x).values()), (x,))
    a, b = draw(1, 2, 2, 3).requires_grad_(), draw(1, 2, 3, 2, seed=2).requires_grad_()
    net = one_layer("Combination", "combination_param { xcoord: [0, 1] ycoord: [0, 2] }", "TRAIN", a=a, b=b)
    assert gradcheck(lambda a, b: net(a=a, b=b)["y0"], (a, b))


def test_gradients_of_patches_that_overlap_add_up():
    x = draw(2, 3, 5, 4).requires_grad_()
    tops = one_layer("Box", "box_param { width: 3 height: 2 xcoord: [0, 1] ycoord: [2, 3] }", "TRAIN", tops=2, x=x)(x=x)
    (gradient,) = torch.autograd.grad(tops["y0"].sum() + 10 * tops["y1"].sum(), x)
    assert gradient[1, 2].tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 0], [1, 11, 11, 10], [0, 10, 10, 10]]


def test_the_later_patch_counts_where_two_overlap():
    a, b = draw(1, 2, 3, 3), draw(1, 2, 3, 3, seed=2)
    top = top_of("Combination", "combination_param { xcoord: [0, 2] ycoord: [0, 1] }", a=a, b=b)
    assert torch.equal(top[:, :, 1:, 2:], b) and torch.equal(top[:, :, :3, :2], a[..., :2])


@pytest.mark.parametrize(("kind", "param", "shapes", "complaint"), [
    ("Division", "division_param { height: 2 width: 3 xcoord: 0 }", {"x": (2, 3, 5, 4)}, "has 1 tops and 0 numbers in `ycoord`"),
    ("Division", "division_param { height: 2 width: 3 xcoord: 2 ycoord: 0 }", {"x": (2, 3, 5, 4)},
     "cuts 2 x 3 pixels from row 0, column 2 of a plane of 5 x 4"),
    ("Box", "box_param { width: 3 xcoord: 0 ycoord: 0 }", {"x": (2, 3, 5, 4)}, "`height`"),
    ("Combination", "combination_param { xcoord: [0, 2] ycoord: [0, 0] }", {"a": (2, 3, 5, 4), "b": (2, 3, 3, 1)},
     "puts 5 x 4 pixels at row 0, column 0 of a plane of 3 x 3"),
    ("Combination", "combination_param { xcoord: [0, 2] ycoord: [0, 0] }", {"a": (2, 3, 5, 4), "b": (2, 1, 5, 4)},
     "their items and channels must agree"),
    ("Combination", "combination_param { xcoord: 0 ycoord: 0 }", {"a": (3,)}, "wants a bottom of 4 axes"),
    ("Splice", "splice_param { xcoord: [0, 0] ycoord: [0, 0] }", {"a": (2, 3, 5, 7), "b": (2, 3, 4, 6)}, "of one shape"),
    ("Splice", "splice_param { xcoord: [0, 3] ycoord: [0, 0] }", {"a": (2, 3, 4, 6), "b": (2, 3, 4, 6)},
     "at row 0, column 3 of a plane of 5 x 8, the size of a patch times the root of their number")])
def test_what_does_not_fit_is_refused(kind: str, param: str, shapes: dict[str, tuple[int, ...]], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, **shapes)
