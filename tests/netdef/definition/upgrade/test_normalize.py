"""Normalize layers without fields, in nets of happynear's fork and in others."""

from __future__ import annotations

import warnings

import pytest

from netdef.definition.read import read_net_text

BARE = 'layer { name: "n" type: "Normalize" bottom: "x" top: "y" }'


@pytest.mark.parametrize("other", [
    'layer { name: "m" type: "LabelSpecificAdd" bottom: "y" bottom: "t" top: "z" }',
    'layer { name: "m" type: "InnerProduct" bottom: "y" top: "z" inner_product_param { num_output: 3 normalize: true } }'])
def test_normalize_beside_a_layer_of_happynears_fork_is_that_forks(other: str):
    with pytest.warns(UserWarning, match=r"^<text>:1:19: layer `n` .Normalize. is read as in happynear's fork"):
        net = read_net_text(BARE + other)
    assert net.layers[0].message.HasField("normalize_param")


@pytest.mark.parametrize("text", [
    BARE, BARE.replace(" }", " norm_param { } }") + 'layer { name: "m" type: "ChannelScale" bottom: "y" bottom: "t" top: "z" }'])
def test_any_other_normalize_is_ssds(text: str):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not read_net_text(text).layers[0].message.HasField("normalize_param")


def test_an_old_normalize_has_its_norm_in_softmax_param():
    message = read_net_text(BARE.replace(" }", " softmax_param { normalize_type: 'L1' } }")).layers[0].message
    assert message.normalize_param.normalize_type == "L1" and not message.HasField("softmax_param")
