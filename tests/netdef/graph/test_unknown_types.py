"""Unread layers of unknown types."""

from __future__ import annotations

import pytest
from small_nets import INPUT, ip

from netdef.definition.read import read_net_text
from netdef.graph.unknown_types import without_unread_unknowns

OWN = 'layer { name: "own" type: "OwnLoss" bottom: "a" top: "l" }'


def names(text: str) -> list[str]:
    return [layer.name for layer in without_unread_unknowns(read_net_text(INPUT + text)).layers][1:]


def test_an_unread_layer_of_unknown_type_is_left_out_with_a_warning():
    with pytest.warns(UserWarning, match=r"left out.*`own` \(OwnLoss\)"):
        assert names(ip("a", "x", 5) + OWN) == ["a"]


def test_layers_that_only_such_a_layer_reads_are_left_out_too():
    with pytest.warns(UserWarning, match=r"`mine` \(Mine\), `own` \(OwnLoss\)"):
        assert names(ip("b", "x", 5) + 'layer { name: "mine" type: "Mine" bottom: "b" top: "a" }' + OWN) == ["b"]


def test_layers_that_others_read_stay():
    text = 'layer { name: "mine" type: "Mine" bottom: "x" top: "y" }' + ip("a", "y", 5)
    assert names(text) == ["mine", "a"]
