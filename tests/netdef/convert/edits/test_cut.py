"""Nets cut to some of their blobs."""

from __future__ import annotations

import pytest

from netdef.convert.edits.cut import cut_to
from netdef.definition.read import read_net_text
from netdef.errors import NetdefError

NET = read_net_text("""
layer { name: "in" type: "Input" top: "x" top: "y" }
layer { name: "a" type: "InnerProduct" bottom: "x" top: "a" }
layer { name: "r" type: "ReLU" bottom: "a" top: "a" }
layer { name: "b" type: "InnerProduct" bottom: "a" top: "b" }
layer { name: "c" type: "InnerProduct" bottom: "y" top: "c" }
layer { name: "s" type: "Sigmoid" bottom: "a" top: "a" }
""", name="n")


@pytest.mark.parametrize(("outputs", "layers"), [
    (["b"], ["in", "a", "r", "b"]),  # of `a` the version that it reads, not the last one
    (["c"], ["in", "c"]),
    (["b", "c"], ["in", "a", "r", "b", "c"]),
    (["a"], ["in", "a", "r", "s"]),
])
def test_layers_that_no_output_needs_are_left_out(outputs, layers):
    cut = cut_to(NET, outputs)
    assert [layer.name for layer in cut.layers] == layers
    assert str(cut.layers[-1].span()) == str(next(layer for layer in NET.layers if layer.name == layers[-1]).span())


@pytest.mark.parametrize(("outputs", "said"), [
    (["bb"], "the net has no blob `bb`; did you mean `b`?"),
    (["x", "b"], "`x` is no output of what is left: layer `a` reads it for another"),
])
def test_impossible_outputs_are_refused(outputs, said):
    with pytest.raises(NetdefError) as raised:
        cut_to(NET, outputs)
    assert str(raised.value) == said
