"""Concat of permuted, flattened maps."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.errors import SpecError

FUSED = "concat_param { per_fla_fuse: true }"


def test_it_computes_what_ssds_three_layers_do():
    x, y = draw(2, 3, 5, 4), draw(2, 6, 1, 7)
    text = "".join(f"""
        layer {{ name: "{b}" type: "Input" top: "{b}" input_param {{ shape {{ {' '.join(f'dim: {d}' for d in blob.shape)} }} }} }}
        layer {{ name: "{b}p" type: "Permute" bottom: "{b}" top: "{b}p" permute_param {{ order: [0, 2, 3, 1] }} }}
        layer {{ name: "{b}f" type: "Flatten" bottom: "{b}p" top: "{b}f" }}""" for b, blob in (("x", x), ("y", y)))
    three = netdef.loads(text + 'layer { name: "c" type: "Concat" bottom: "xf" bottom: "yf" top: "c" }').double()
    top = top_of("Concat", FUSED, x=x, y=y)
    assert top.shape == (2, 3 * 5 * 4 + 6 * 7, 1, 1)
    assert torch.equal(top[..., 0, 0], three(x=x, y=y)["c"])


def test_maps_that_do_not_fit_are_refused():
    with pytest.raises(SpecError, match="their batches must be equal"):
        one_layer("Concat", FUSED, x=(2, 3, 5, 4), y=(1, 3, 5, 4))
    with pytest.raises(SpecError, match="joins maps along axis 1 only"):
        one_layer("Concat", "concat_param { per_fla_fuse: true axis: 2 }", x=(2, 3, 5, 4))
