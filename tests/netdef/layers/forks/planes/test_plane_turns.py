"""Planes turned, and their rows as sequences."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

import netdef

TURN = "spatialtransformer_param {{ mirror: {} rotate: {} operation: {} }}"
PLANE = [[1.0, 2, 3], [4, 5, 6]]
TURNED = {
    ("false", "NOROTATE"): PLANE,
    ("true", "NOROTATE"): [[3, 2, 1], [6, 5, 4]],
    ("false", "ROTATE90"): [[4, 1], [5, 2], [6, 3]],
    ("true", "ROTATE90"): [[6, 3], [5, 2], [4, 1]],
    ("false", "ROTATE180"): [[6, 5, 4], [3, 2, 1]],
    ("true", "ROTATE180"): [[4, 5, 6], [1, 2, 3]],
    ("false", "ROTATE270"): [[3, 6], [2, 5], [1, 4]],
    ("true", "ROTATE270"): [[1, 4], [2, 5], [3, 6]],
}


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("mirror", "turn"), TURNED)
def test_planes_are_mirrored_and_turned_and_back(mirror: str, turn: str, phase: str):
    plane, turned = (torch.tensor(rows).double().expand(2, 4, -1, -1) for rows in (PLANE, TURNED[mirror, turn]))
    assert torch.equal(top_of("SpatialTransformer", TURN.format(mirror, turn, "TRANSFORM"), phase, x=plane), turned)
    x = turned.clone().requires_grad_()
    top = top_of("SpatialTransformer", TURN.format(mirror, turn, "UNTRANSFORM"), phase, x=x)
    assert torch.equal(top, plane)
    assert torch.equal(torch.autograd.grad(top, x, plane)[0], turned)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_rows_are_sequences(phase: str):
    x = draw(2, 3, 5, 4)
    sequences, markers, height = tops_of("SRNNFormat", "", 3, phase, x=x)
    assert sequences.shape == (4, 10, 3) and height.item() == 5 and height.shape == ()
    for n, c, h, w in torch.cartesian_prod(*map(torch.arange, x.shape)).tolist():
        assert sequences[w, n * 5 + h, c] == x[n, c, h, w]
    assert torch.equal(markers, torch.tensor([0.0, 1, 1, 1]).double()[:, None].expand(4, 10))


@pytest.mark.parametrize(("kind", "param", "tops", "shapes", "words"), [
    ("SpatialTransformer", "spatialtransformer_param { }", 1, {"x": (2, 3, 4)}, "4 axes"),
    ("SRNNFormat", "", 1, {"x": (2, 3, 5, 4)}, "has 1 bottoms and 1 tops; with FORMAT it wants 1 and 3"),
    ("SRNNFormat", "srnnformat_param { operation: UNFORMAT }", 1, {"x": (4, 10, 3)}, "with UNFORMAT it wants 2 and 1"),
    ("SRNNFormat", "srnnformat_param { operation: UNFORMAT }", 1, {"x": (4, 9, 3), "h": (), "p": (2, 1, 5, 7)},
     "planes with 5 rows"),
])
def test_refusals(kind, param, tops, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer(kind, param, tops=tops, **shapes)
