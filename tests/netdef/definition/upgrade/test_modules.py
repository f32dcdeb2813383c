"""Layers of makefile's libraries under their own types."""

from __future__ import annotations

import pytest

from netdef.definition.read import read_net_text


def read(kind: str, text: str):
    (layer,) = read_net_text(f'layer {{ type: "Module" name: "a" module_param {{ module: "modules" type: "{kind}" '
                             f'param_str: "{text}" }} }}').layers
    return layer.type, layer.message


def test_modules_are_layers_with_fields():
    kind, message = read("FPNProposal", "{'feat_strides': [4, 8], 'anchor_ratios': [0.5]}")
    assert kind == "FPNProposal" and list(message.fpn_proposal_param.feat_strides) == [4, 8]
    assert list(message.fpn_proposal_param.anchor_ratios) == [0.5] and not message.HasField("module_param")
    kind, message = read("ROIPadding", "{'pad_ratio': 0.25}")
    assert kind == "ROIPadding" and message.roi_padding_param.pad_ratio == 0.25
    kind, message = read("Upsample", "{'scale': 3}")
    assert kind == "UpsampleDarknet" and message.upsample_darknet_param.stride == 3


@pytest.mark.parametrize(("kind", "text"), [("Zagzig", ""), ("FPNProposal", "feat_strides: [4"), ("Upsample", "{'side': 3}")])
def test_other_modules_stay(kind, text):
    assert read(kind, text)[0] == "Module"
