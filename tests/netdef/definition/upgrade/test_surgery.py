"""CConvolution and CInnerProduct become the usual layers with a Mask."""

import warnings

import pytest

import netdef
from netdef.definition.read import read_net_text

TEXT = """
layer { name: "conv" type: "CConvolution" bottom: "data" top: "conv" include { phase: TRAIN }
        param { lr_mult: 1 } param { lr_mult: 2 } param { lr_mult: 0 } param { lr_mult: 0 }
        convolution_param { num_output: 7 kernel_size: 2 } cconvolution_param { c_rate: 2 } }
layer { name: "ip" type: "CInnerProduct" bottom: "conv" top: "ip" param { lr_mult: 3 } param { lr_mult: 0 }
        inner_product_param { num_output: 6 bias_term: false } cinner_product_param { c_rate: 2 } }
layer { name: "relu" type: "ReLU" bottom: "ip" top: "ip" }
"""


def test_layers_become_usual_ones_with_masks():
    with pytest.warns(UserWarning) as caught:
        spec = read_net_text(TEXT, name="n")
    assert [str(each.message) for each in caught] == [
        "n:4:60: `cconvolution_param` is ignored: "
        "`dsd_phase { mask_policy: DYNAMIC }` in the solver says when masks change"
    ]
    assert [(layer.name, layer.type) for layer in spec.layers] == [
        ("conv_mask", "Mask"),
        ("conv", "Convolution"),
        ("ip_mask", "Mask"),
        ("ip", "InnerProduct"),
        ("relu", "ReLU"),
    ]
    conv, ip = spec.layers[1], spec.layers[3]
    assert conv.bottoms == ("data", "conv_mask") and ip.bottoms == ("conv", "ip_mask")
    assert [param.lr_mult for param in conv.message.param] == [1, 2]
    assert [param.lr_mult for param in ip.message.param] == [3]
    assert spec.layers[0].message.include[0].phase == 0
    assert str(conv.span("convolution_param", "num_output")) == "n:4:29"


def test_errors_keep_their_places():
    with pytest.raises(netdef.SpecError, match="<text>:4:43: ConvolutionParameter has no field `kernal_size`"):
        netdef.loads(TEXT.replace("kernel_size", "kernal_size"), phase="TRAIN")


def test_other_nets_are_not_changed():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spec = read_net_text('layer { name: "r" type: "ReLU" bottom: "a" top: "b" }')
    assert len(spec.layers) == 1


def test_layers_of_another_name():
    text = TEXT.replace("CConvolution", "DNSConvolution").replace("cconvolution_param", "dns_convolution_param")
    text = text.replace("CInnerProduct", "DNSInnerProduct").replace("cinner_product_param", "dns_inner_product_param")
    with pytest.warns(UserWarning, match="`dns_convolution_param` is ignored"):
        spec = read_net_text(text)
    assert [layer.type for layer in spec.layers] == ["Mask", "Convolution", "Mask", "InnerProduct", "ReLU"]


MASKED = """layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 dim: 4 dim: 5 } } }
layer { name: "conv" type: "Convolution" bottom: "x" top: "conv" param { lr_mult: 1 } param { lr_mult: 2 }
        param { lr_mult: 0 } param { lr_mult: 0 } convolution_mask_param { mask_term: true }
        convolution_param { num_output: 7 kernel_size: 2 } }
"""


def test_a_convolution_with_masks_gets_mask_layers():
    assert [(layer.name, layer.type) for layer in read_net_text(MASKED).layers] == [
        ("x", "Input"), ("conv_mask", "Mask"), ("conv", "Convolution")]
    assert [tuple(blob.shape) for blob in netdef.loads(MASKED).params["conv"]] == [(7, 3, 2, 2), (7,)]
    plain = MASKED.replace("true", "false").replace("param { lr_mult: 0 }", "")
    assert [layer.name for layer in read_net_text(plain).layers] == ["x", "conv"]


def test_masks_that_are_filled_are_refused():
    with pytest.raises(netdef.SpecError, match="only masks of ones are implemented"):
        netdef.loads(MASKED.replace("mask_term: true", "mask_term: true default_init: false"))


def test_layers_of_synopsys_have_one_message():
    with pytest.warns(UserWarning, match="`dns_convolution_param` is ignored"):
        spec = read_net_text("""
layer { name: "d" type: "SqueezeDeconvolution" bottom: "x" top: "d" squeeze_convolution_param { num_output: 7 kernel_size: 2
        bias_term: false gamma: 0.1 dynamicsplicing: true weight_mask_filler { type: "constant" value: 1 } } }
layer { name: "i" type: "SqueezeInnerProduct" bottom: "d" top: "i" param { lr_mult: 1 } param { lr_mult: 2 } param { lr_mult: 0 }
        squeeze_inner_product_param { num_output: 6 splicing_rate: 0.2 } }""")
    assert [layer.type for layer in spec.layers] == ["Mask", "Deconvolution", "Mask", "InnerProduct"]
    assert spec.layers[1].message.convolution_param.num_output == 7 and not spec.layers[1].message.convolution_param.bias_term
    assert [param.lr_mult for param in spec.layers[3].message.param] == [1, 2]
