"""The graph as a plain value."""

from __future__ import annotations

from netdef.definition.read import read_net_text
from netdef.graph.link import link


def test_last_versions_are_by_name_in_order_of_first_appearance():
    graph = link(read_net_text("""
        layer { name: "in" type: "Input" top: "b" top: "a" }
        layer { name: "r" type: "ReLU" bottom: "b" top: "b" }
        layer { name: "s" type: "Sigmoid" bottom: "b" top: "b" }"""))
    assert [(blob, value.version) for blob, value in graph.last_versions.items()] == [("b", 2), ("a", 0)]
