"""SkimCaffe's fused layers are split into several."""

import netdef
from netdef.definition.read import read_net_text

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 13 dim: 11 } } }
layer { name: "conv" type: "ConvolutionReLUPoolLRN" bottom: "data" top: "conv" param { lr_mult: 3 }
        convolution_param { num_output: 4 kernel_size: 3 } pooling_param { kernel_size: 2 stride: 2 } lrn_param {
        local_size: 3 } }
layer { name: "pool" type: "ReLUPooling" bottom: "conv" top: "pool" pooling_param { kernel_size: 2 } }
layer { name: "norm" type: "MKLLRN" bottom: "pool" top: "norm" }
layer { name: "ip" type: "InnerProductReLUDropout" bottom: "norm" top: "ip" inner_product_param { num_output: 5 } }
"""


def test_each_part_is_a_layer():
    spec = read_net_text(TEXT, name="n")
    assert [(layer.name, layer.type, layer.bottoms, layer.tops) for layer in spec.layers[1:]] == [
        ("conv", "Convolution", ("data",), ("conv/Convolution",)),
        ("conv/ReLU", "ReLU", ("conv/Convolution",), ("conv/ReLU",)),
        ("conv/Pooling", "Pooling", ("conv/ReLU",), ("conv/Pooling",)),
        ("conv/LRN", "LRN", ("conv/Pooling",), ("conv",)),
        ("pool", "ReLU", ("conv",), ("pool/ReLU",)),
        ("pool/Pooling", "Pooling", ("pool/ReLU",), ("pool",)),
        ("norm", "LRN", ("pool",), ("norm",)),
        ("ip", "InnerProduct", ("norm",), ("ip/InnerProduct",)),
        ("ip/ReLU", "ReLU", ("ip/InnerProduct",), ("ip/ReLU",)),
        ("ip/Dropout", "Dropout", ("ip/ReLU",), ("ip",)),
    ]
    assert [param.lr_mult for param in spec.layers[1].message.param] == [3] and not spec.layers[2].message.param
    assert spec.layers[4].message.lrn_param.local_size == 3 and not spec.layers[4].message.HasField("pooling_param")
    assert str(spec.layers[3].span("pooling_param", "stride")) == "n:4:91"


def test_the_split_net_builds():
    assert netdef.loads(TEXT, device="meta").shapes["ip"] == (2, 5)


def test_usual_layers_are_not_split():
    text = 'layer { name: "d" type: "Dropout" bottom: "a" top: "b" } layer { type: "BNReLU" bottom: "a" top: "b" }'
    assert [layer.type for layer in read_net_text(text).layers] == ["Dropout", "BNReLU"]
