"""Nets of HED's fork, which calls its class-balanced loss as Caffe calls its own."""

from __future__ import annotations

import warnings

import pytest

from netdef.definition.read import read_net_text

TYPE = "ClassBalancedSigmoidCrossEntropyLoss"
DATA = 'layer { name: "d" type: "ImageLabelmapData" top: "data" top: "label" image_data_param { source: "pairs.lst" } }\n'
LOSS = 'layer { name: "l" type: "SigmoidCrossEntropyLoss" bottom: "data" bottom: "label" top: "l" }\n'


def test_the_loss_of_a_net_with_edge_maps_is_balanced():
    with pytest.warns(UserWarning, match=f"n:2:19: layer `l` .SigmoidCrossEntropyLoss. is read as {TYPE}, as in HED's fork"):
        net = read_net_text(DATA + LOSS, name="n")
    assert [layer.type for layer in net.layers] == ["ImageLabelmapData", TYPE]


def test_all_losses_of_side_outputs_are_balanced_with_one_warning_and_keep_their_fields():
    side = LOSS.replace('"l" }', '"l2" loss_weight: 0.25 }').replace('name: "l"', 'name: "l2"')
    with pytest.warns(UserWarning) as caught:
        net = read_net_text(DATA + LOSS + side, name="n")
    assert len(caught) == 1 and "layer `l` (" in str(caught[0].message)
    assert [layer.type for layer in net.layers[1:]] == [TYPE, TYPE]
    second = net.layers[2]
    assert (second.name, list(second.message.top), list(second.message.loss_weight)) == ("l2", ["l2"], [0.25])
    assert str(second.span("loss_weight")).startswith("n:3:")


@pytest.mark.parametrize("text", [LOSS, DATA + LOSS.replace("SigmoidCrossEntropyLoss", "EuclideanLoss")])
def test_other_nets_stay_as_they_are(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = read_net_text(text, name="n")
    assert net.layers[-1].type in text and net.layers[-1].type != TYPE
