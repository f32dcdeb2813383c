"""Filter layers of channel pruning."""

from __future__ import annotations

from netdef.definition.read import read_net_text


def test_a_filter_with_a_param_selects_channels():
    text = '''layer { name: "a" type: "Filter" bottom: "x" top: "y" filter_param { num_output: 2 } }
layer { name: "b" type: "Filter" bottom: "y" bottom: "s" top: "z" }'''
    assert [layer.type for layer in read_net_text(text).layers] == ["ChannelFilter", "Filter"]
