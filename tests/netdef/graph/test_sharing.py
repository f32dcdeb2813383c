"""Weights shared within a net by name, and between two nets."""

from __future__ import annotations

import warnings

import pytest
import torch
from small_nets import INPUT, complaints, ip

import netdef
from netdef.api import compile_net
from netdef.definition.read import read_net_text
from netdef.errors import SpecError

MASK = 'layer { name: "m" type: "Mask" top: "m" }\n'


def test_shared_weights_are_one_tensor_and_one_entry():
    param = 'param { name: "w" lr_mult: 3 } param { name: "b" }'
    net = netdef.loads(INPUT + ip("a", "x", 4, param) + ip("b", "x", 4, 'param { name: "w" } param { name: "b" }'))
    assert net.params["a"][0] is net.params["b"][0]
    assert [(entry.key, entry.lr_mult) for entry in net.learnable] == [("a/0", 3.0), ("a/1", None)]
    out = net(x=torch.randn(2, 3))
    torch.testing.assert_close(out["a"], out["b"], rtol=0, atol=0)


def test_a_blob_without_propagation_is_frozen():
    net = netdef.loads(INPUT + ip("a", "x", 4, "param { lr_mult: 3 param_propagate_down: false } "
                                                "param { lr_mult: 2 param_propagate_down: true }"))
    assert [entry.lr_mult for entry in net.learnable] == [0, 2]


def test_a_permissive_share_is_a_view_of_another_shape_never_a_transpose():
    text = ip("a", "x", 4, 'param { name: "w" }') + """
        layer { name: "p" type: "Parameter" top: "p" param { name: "w" share_mode: PERMISSIVE }
                parameter_param { shape { dim: 2 dim: 6 } } }"""
    net = netdef.loads(INPUT + text)
    weight = net.params["a"][0]
    torch.testing.assert_close(net(x=torch.randn(2, 3))["p"], weight.reshape(2, 6), rtol=0, atol=0)


def test_shared_weights_that_disagree_are_refused():
    said = complaints(
        ip("a", "x", 4, 'param { name: "w" lr_mult: 1 }') + ip("b", "x", 5, 'param { name: "w" lr_mult: 2 }'))
    assert said == [
        "layer `b` cannot share param `w`: its blob 0 has shape (5, 3), that of its owner `a` (4, 3)",
        "shared param `w` has lr_mult 2 in layer `b`, but 1 elsewhere",
    ]


def test_too_many_params_are_refused():
    assert complaints(ip("a", "x", 4, "param { } param { } param { }")) == [
        "layer `a` (InnerProduct) has 2 blobs, the text gives 3 `param`"]


def test_a_second_net_uses_the_weights_and_masks_of_the_first():
    spec = read_net_text(INPUT + MASK + ip("a", "x", 4, 'bottom: "m"'))
    train = compile_net(spec, "TRAIN")
    before = train.params["a"][0].clone()
    test = compile_net(spec, "TEST", store=train)
    assert test.params["a"][0] is train.params["a"][0]
    torch.testing.assert_close(train.params["a"][0], before, rtol=0, atol=0)  # not filled a second time
    assert test.masks["m"] is train.masks["m"]
    assert train.training and not test.training


def test_a_second_net_of_other_shape_is_refused():
    train = compile_net(read_net_text(INPUT + ip("a", "x", 4)), "TRAIN")
    with pytest.raises(SpecError, match=r"has weights of shape \(5, 3\), in the TRAIN net it has \(4, 3\)"):
        compile_net(read_net_text(INPUT + ip("a", "x", 5)), "TEST", store=train)


def test_layers_that_share_a_weight_must_share_its_mask():
    text = MASK + ip("a", "x", 4, 'bottom: "m" param { name: "w" }') + ip("b", "x", 4, 'param { name: "w" }')
    assert complaints(text) == [
        "layer `b` shares the weights of `a` but not its mask; give both the same mask bottom, or none"]


def test_statistics_are_not_learned():
    net = netdef.loads(INPUT + 'layer { name: "bn" type: "BatchNorm" bottom: "x" top: "y" }')
    assert [(entry.lr_mult, entry.decay_mult) for entry in net.learnable] == [(0, 0)] * 3
    bn = 'layer { name: "bn" type: "BN" bottom: "x" top: "y" bn_param { slope_filler { type: "constant" value: 1 } } %s }'
    with pytest.warns(UserWarning, match="^<text>:.*layer `bn` .BN.: `lr_mult` of blob 2 .and of 1 more blob. is ignored"):
        net = netdef.loads(INPUT + bn % "param {} param { lr_mult: 2 } param { lr_mult: 2 } param { lr_mult: 3 }")
    assert [entry.lr_mult for entry in net.learnable] == [None, 2, 0, 0]


def test_what_bn_has_frozen_is_not_learned():
    bn = 'layer { name: "bn" type: "BN" bottom: "x" top: "y" bn_param { frozen: true } param { lr_mult: 1 } }'
    with pytest.warns(UserWarning, match="`lr_mult` of blob 0 is ignored"):
        net = netdef.loads(INPUT + bn)
    assert [entry.lr_mult for entry in net.learnable] == [0, 0, 0, 0]


@pytest.mark.parametrize(("params", "rates"), [
    ("param { lr_mult: 1 }", [0, 0, 0, None, None]),
    ("param { lr_mult: 0 } param { lr_mult: 0 } param { lr_mult: 0 } param { lr_mult: 2 } param { lr_mult: 3 }", [0, 0, 0, 2, 3]),
    # NVCaffe 0.15 and jacinto: scale, bias, mean, variance
    ("param { lr_mult: 2 } param { lr_mult: 3 } param { lr_mult: 0 } param { lr_mult: 0 }", [0, 0, 0, 2, 3]),
])
def test_rates_of_a_batch_norm_with_scale_and_bias(params, rates):
    bn = f'layer {{ name: "bn" type: "BatchNorm" bottom: "x" top: "y" batch_norm_param {{ scale_filler {{ }} }} {params} }}'
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = netdef.loads(INPUT + bn)
    assert [entry.lr_mult for entry in net.learnable] == rates


def test_weights_under_one_name_are_a_warning():
    text = INPUT + ip("a", "x", 4) + ip("a", "x", 5).replace('top: "a"', 'top: "b"')
    with pytest.warns(UserWarning, match="layer `a` .InnerProduct. has the name of a layer before it: weights are stored by"):
        net = netdef.loads(text)
    assert list(net.layers) == ["a", "a_2"]
    third = ip("a", "x", 6).replace('top: "a"', 'top: "c"')
    with pytest.warns(UserWarning, match="`a` .InnerProduct. .and 1 more layer. has the name"):
        netdef.loads(text + third)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        netdef.loads(INPUT + """
            layer { name: "r" type: "ReLU" bottom: "x" top: "r" }
            layer { name: "r" type: "TanH" bottom: "r" top: "t" }""")
