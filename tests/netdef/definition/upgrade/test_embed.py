"""Embed layers in nets of peteanderson80's fork, and in others."""

from __future__ import annotations

import warnings

import pytest

import netdef
from netdef.definition.read import read_net_text

EMBED = ('layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 4 dim: 1 } } } layer { name: "e" type: "Embed" '
         'bottom: "x" top: "y" embed_param { num_output: 3 input_dim: 5 } }')
NODE = ('layer { name: "c" type: "Input" top: "c" input_param { shape { dim: 4 dim: 2 } } } layer { name: "n" type: "LSTMNode" '
        'bottom: "y" bottom: "c" top: "h" top: "d" lstm_param { num_cells: 2 } }')


def test_beside_a_layer_of_that_fork_the_row_replaces_a_last_axis_of_1():
    with pytest.warns(UserWarning, match=r"^<text>:1:\d+: layer `e` .Embed. is read as in peteanderson80's fork"):
        net = netdef.loads(EMBED + NODE)
    assert net.shapes["y"] == (4, 3) and net.shapes["h"] == (4, 2)


def test_any_other_is_caffes():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = read_net_text(EMBED)
    assert not net.layers[1].message.embed_param.replaces_last_axis
    assert netdef.loads(EMBED).shapes["y"] == (4, 1, 3)


def test_the_mark_itself_is_read_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = netdef.loads(EMBED.replace("input_dim: 5", "input_dim: 5 replaces_last_axis: true") + NODE)
    assert net.shapes["y"] == (4, 3)


def test_rows_beside_an_inner_product_replace_a_last_axis_of_1():
    """As in bottom-up attention: (4, 5) scores, their classes (4, 1) and rows (4, 3), joined to (4, 6)."""
    text = ('layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 4 dim: 7 } } }'
            'layer { name: "f" type: "InnerProduct" bottom: "x" top: "f" inner_product_param { num_output: 6 } }'
            'layer { name: "r" type: "ReLU" bottom: "f" top: "f" }'
            'layer { name: "s" type: "InnerProduct" bottom: "f" top: "s" inner_product_param { num_output: 5 } }'
            'layer { name: "a" type: "ArgMax" bottom: "s" top: "a" argmax_param { axis: 1 } }'
            'layer { name: "e" type: "Embed" bottom: "a" top: "e" embed_param { num_output: 3 input_dim: 5 } }')
    concat = 'layer { name: "c" type: "Concat" bottom: "f" bottom: "e" top: "c" }'
    with pytest.warns(UserWarning, match=r"layer `e` .Embed. is read as in peteanderson80's fork, where its rows can be joined"):
        net = netdef.loads(text + concat)
    assert net.shapes["e"] == (4, 3) and net.shapes["c"] == (4, 9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert netdef.loads(text).shapes["e"] == (4, 1, 3)
