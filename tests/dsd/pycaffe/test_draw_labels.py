"""Labels and colours of `caffe.draw`. The texts were made by the original's functions, from the same messages."""

from __future__ import annotations

import pytest
from google.protobuf import text_format

from dsd.pycaffe import draw_labels as labels
from netdef.schema.messages import LayerParameter

CONVOLUTION = 'name: "c" type: "Convolution" convolution_param { num_output: 20 kernel_size: 5 kernel_size: 7 pad: 2 }'
POOLING = 'name: "p" type: "Pooling" pooling_param { pool: AVE kernel_size: 3 stride: 2 }'
PRODUCT = 'name: "f" type: "InnerProduct" inner_product_param { num_output: 9 } param { lr_mult: 0.25 } param { lr_mult: 2 }'
DATA = 'name: "d" type: "Data" data_param { batch_size: 64 }'
RELU = 'name: "r" type: "ReLU"'


def layer(text: str) -> LayerParameter:
    return text_format.Merge(text, LayerParameter())


@pytest.mark.parametrize(("text", "in_a_line", "in_lines", "edge"), [
    (CONVOLUTION, '"c (Convolution) kernel size: 5 stride: 1 pad: 2 lr mult: 1.0, 1.0"',
     r'"c\n(Convolution)\nkernel size: 5\nstride: 1\npad: 2"', "20"),
    (POOLING, '"p (Pooling AVE) kernel size: 3 stride: 2 pad: 0"',
     r'"p\n(Pooling AVE)\nkernel size: 3\nstride: 2\npad: 0"', '""'),
    (PRODUCT, '"f (InnerProduct) lr mult: 0.2, 2.0"', r'"f\n(InnerProduct)"', "9"),
    (DATA, '"d (Data)"', r'"d\n(Data)"', "Batch 64"),
    (RELU, '"r (ReLU)"', r'"r\n(ReLU)"', '""'),
])
def test_labels_of_layers_and_edges(text, in_a_line, in_lines, edge):
    assert labels.get_layer_label(layer(text), "TB", display_lrm=True) == in_a_line
    assert labels.get_layer_label(layer(text), "LR") == in_lines
    assert labels.get_edge_label(layer(text)) == edge


def test_layers_that_do_not_learn_have_no_rates_in_their_label():
    frozen = PRODUCT.replace("0.25", "0").replace("lr_mult: 2", "lr_mult: 0")
    assert labels.get_layer_label(layer(frozen), "BT", True) == '"f (InnerProduct)"'
    assert labels.get_layer_lr_mult(layer(CONVOLUTION + " param { lr_mult: 3 }")) == (3, 1)


@pytest.mark.parametrize(("text", "words"), [(RELU, "`r` is of type ReLU"), (PRODUCT + " param { }", "`f` has 3 `param`")])
def test_layers_without_the_two_rates(text, words):
    with pytest.raises(ValueError, match=words):
        labels.get_layer_lr_mult(layer(text))


def test_colours_and_methods():
    assert {0: "MAX", 1: "AVE", 2: "STOCHASTIC"}.items() <= labels.get_pooling_types_dict().items()
    assert [labels.choose_color_by_layertype(kind) for kind in ("Deconvolution", "Pooling", "InnerProduct", "ReLU")] == [
        "#FF5050", "#FF9900", "#CC33FF", "#6495ED"]
    assert labels.BLOB_STYLE == {"shape": "octagon", "fillcolor": "#E0E0E0", "style": "filled"}
