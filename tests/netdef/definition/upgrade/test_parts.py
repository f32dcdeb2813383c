"""Layers replaced by several."""

from __future__ import annotations

from netdef.definition.read import read_net_text
from netdef.definition.upgrade.parts import chained, split_layers
from netdef.schema.messages import LayerParameter

NET = read_net_text('layer { name: "a" type: "ReLU" bottom: "x" top: "y" include { phase: TEST } } '
                    'layer { name: "b" type: "TanH" }')


def test_a_net_without_parts_is_itself():
    assert split_layers(NET, lambda layer: [layer.message]) is NET


def test_parts_read_one_another_and_keep_the_rules():
    def parts(layer):
        if layer.type == "TanH":
            return [layer.message]
        first = LayerParameter()
        first.CopyFrom(layer.message)
        return chained(layer, first, LayerParameter(type="Eltwise", bottom=["z"]), LayerParameter(type="Power"))

    found = split_layers(NET, parts).layers
    assert [(layer.name, list(layer.bottoms), list(layer.tops)) for layer in found] == [
        ("a", ["x"], ["y/ReLU"]), ("a/Eltwise", ["y/ReLU", "z"], ["y/Eltwise"]), ("a/Power", ["y/Eltwise"], ["y"]), ("b", [], [])]
    assert [len(layer.message.include) for layer in found] == [1, 1, 1, 0]
    assert found[2].where is NET.layers[0].where
