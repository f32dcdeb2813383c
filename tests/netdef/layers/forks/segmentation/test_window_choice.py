"""Windows of several scales, chosen by attention: AttentionMask."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef


def row(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64).reshape(1, 1, 1, -1)


def test_scores_without_an_object_get_one():
    objects, others = row(0.1, 0.7, 0.3), row(0.9, 0.7, 0.8)
    tops = tops_of("CheckAtt", "", 2, a=objects, b=others)
    assert [top.flatten().tolist() for top in tops] == [[0.51, 0.7, 0.3], [0.49, 0.7, 0.8]]
    others[..., 2] = 0.2
    assert all(map(torch.equal, tops_of("CheckAtt", "", 2, a=objects, b=others), (objects, others)))


@pytest.mark.parametrize(("kind", "places"), [("ArgMaxMy", [3, 0]), ("ArgMaxAll", [3, 2, 0, 1])])
def test_the_places_of_the_best_scores(kind: str, places: list):
    """Two objects' scores are above the others'. Places 2 and 0 have one score: the later is first."""
    top = top_of(kind, "argmax_param { axis: -1 top_k: 9 }", a=row(0.5, 0.1, 0.6 if kind == "ArgMaxAll" else 0.4, 0.9),
                 b=row(0.2, 0.3, 0.6, 0.8))
    assert top.shape == (1, 1, 1, len(places)) and top.flatten().tolist() == places


def test_of_equal_scores_the_later_place_is_first():
    assert top_of("ArgMaxMy", "argmax_param { axis: 3 }", a=row(0.5, 0.1, 0.5), b=row(0.2, 0.2, 0.2)).flatten().tolist() == [2, 0]


def test_places_become_flags_and_scores():
    flags, scores = tops_of("ConvertIndices", "", 2, i=row(3, 1), x=row(5, 6, 7, 8, 9))
    assert flags.flatten().tolist() == [0, 1, 0, 1, 0]
    assert scores.shape == (2, 1, 1, 1) and scores.flatten().tolist() == [8, 6]
    places = top_of("FlagsToIndices", "", f=flags)
    assert places.shape == (2, 1, 1, 1) and places.flatten().tolist() == [1, 3]


def test_a_row_is_cut_into_those_of_the_scales():
    tops = tops_of("SplitIndices", "", 2, f=row(1, 2, 3, 4, 5), a=row(0, 0, 0), b=row(0, 0))
    assert [top.flatten().tolist() for top in tops] == [[1, 2, 3], [4, 5]]


def test_windows_around_the_flagged_corners():
    """Windows of 4 x 2 of a map of 2 x 3, from 2 rows and 1 column before a corner: corner 0, and 7, in row 1 and column 3."""
    x = draw(1, 3, 2, 3).requires_grad_()
    flags = torch.zeros(1, 1, 1, 12).double()
    flags[..., [0, 7]] = 1
    net = one_layer("SlidingWindowIndex", "sliding_window_param { window_h: 4 window_w: 2 }", "TRAIN", x=x, f=flags)
    top = net(x=x, f=flags)["y0"]
    wanted = torch.zeros(2, 3, 4, 2).double()
    wanted[0, :, 2:, 1] = x[0, :, :, 0]
    wanted[1, :, 1:3, 0] = x[0, :, :, 2]
    assert torch.equal(top, wanted)
    assert gradcheck(lambda x: net(x=x, f=flags)["y0"], (x,))
    none = net(x=x, f=torch.zeros_like(flags))["y0"]
    assert none.shape == (1, 3, 4, 2) and not none.any()


def test_channels_times_a_map():
    x, tile = draw(2, 3, 4, 5), draw(2, 1, 4, 5, seed=2)
    assert torch.equal(top_of("TileProduct", "", x=x, t=tile), x * tile)


@pytest.mark.parametrize(("kind", "param", "tops", "shapes", "complaint"), [
    ("ArgMaxMy", "argmax_param { axis: 2 }", 1, {"a": (1, 1, 1, 4), "b": (1, 1, 1, 4)}, "along the last axis"),
    ("ArgMaxAll", "argmax_param { axis: -1 }", 1, {"a": (1, 2, 1, 4), "b": (1, 2, 1, 4)}, r"wants \(1, 1, 1, places\)"),
    ("SplitIndices", "", 2, {"f": (1, 1, 1, 4), "a": (1, 1, 1, 3), "b": (1, 1, 1, 2)}, r"cuts 4 places into rows of \[3, 2\]"),
    ("SlidingWindowIndex", "sliding_window_param { window_h: 3 window_w: 2 }", 1, {"x": (1, 2, 3, 4), "f": (1, 1, 1, 20)},
     "even"),
    ("SlidingWindowIndex", "sliding_window_param { window_h: 2 window_w: 2 }", 1, {"x": (1, 2, 3, 4), "f": (1, 1, 1, 12)},
     r"flags as \(height"),
    ("TileProduct", "", 1, {"x": (2, 3, 4, 5), "t": (2, 3, 4, 5)}, "with one channel"),
])
def test_what_does_not_fit_is_refused(kind: str, param: str, tops: int, shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, tops=tops, **shapes)
