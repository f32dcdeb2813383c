"""Layers that are read as in the fork that the net's other layers tell, and as everywhere else without these."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch.nn.functional import conv_transpose2d, cross_entropy

import netdef
from netdef.definition.definitions import NetDefinition
from netdef.definition.read import read_net_text


def quiet(text: str) -> NetDefinition:
    """The net of a text that gives no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read_net_text(text)


def layer(kind: str, bottoms: str = "x", tops: str = "y", fields: str = "") -> str:
    """A layer of a type, with a letter for each bottom and top."""
    blobs = "".join(f' bottom: "{b}"' for b in bottoms) + "".join(f' top: "{t}"' for t in tops)
    return f'layer {{ name: "{tops or "l"}" type: "{kind}"{blobs} {fields} }}\n'


CASES = [  # the layer, a layer of its fork alone, the words for the fork, and whether a message is written so
    (layer("Normalize"), layer("LabelSpecificAdd", "yt", "z"), "happynear's fork", lambda m: m.HasField("normalize_param")),
    (layer("Normalize"), layer("InnerProduct", "y", "z", "inner_product_param { num_output: 3 normalize: true }"),
     "happynear's fork", lambda m: m.HasField("normalize_param")),
    (layer("SigmoidCrossEntropyLoss", "xt"), layer("ImageLabelmapData", "", "xt", 'image_data_param { source: "pairs" }'),
     "HED's fork", lambda m: m.type == "ClassBalancedSigmoidCrossEntropyLoss"),
    (layer("EuclideanLoss", "xts"), layer("MergeCrop", "xt", "m"), "naibaf7's fork", lambda m: m.type == "MeanEuclideanLoss"),
    (layer("EuclideanLoss", "xts"), layer("MemoryData", "", "x", "memory_data_param { dim: 1 dim: 3 }"), "naibaf7's fork",
     lambda m: m.type == "MeanEuclideanLoss"),
    (layer("SoftmaxWithLoss", "xtw"), layer("AlignDataTransform", "x", "z"), "JAA-Net's fork",
     lambda m: m.loss_param.weights_keep_divisor),
    (layer("SoftmaxWithLoss", "xtw"), layer("LSTM", "xc", "z", "lstm_param { hidden_dim: 3 }"), "LRCN's fork of 2014",
     lambda m: m.loss_param.weights_keep_divisor),
    (layer("Concat", "xw"), layer("InnerProduct", "i", "z", "inner_product_param { num_output: 2 index_input_dim: 3 }"),
     "LRCN's fork of 2014", lambda m: m.concat_param.drops_last_axes),
    (layer("BN", fields="bn_param { moving_average: true }"),
     layer("InnerProduct", "y", "z", 'inner_product_param { num_output: 3 weight_filler { type: "msra" negative_slope: 0.25 } }'),
     "ChenglongChen's fork", lambda m: m.bn_param.HasField("decay")),
    (layer("SoftmaxWithLoss", "xt", fields="loss_param { label_smoothing: 0.2 }"),
     layer("Data", "", "xt", "data_param { cache: true }"), "NVIDIA's fork", lambda m: m.loss_param.smooth_as_nvidia),
    (layer("Warp", "xw"), layer("Grid", "x", "g"), "LiteFlowNet", lambda m: m.flow_warp_param.at_places),
    (layer("Deconvolution", fields="convolution_param { num_output: 2 kernel_size: 3 stride: 2 pad: 1 }"),
     layer("CropBBox", "x", "z"), "Caffe-TD", lambda m: m.convolution_param.output_pad == 1),
    (layer("Convolution", "xd"), layer("Duplicate", "e", "d"), "learnable dilation",
     lambda m: m.convolution_param.dilation_from_bottom),
    (layer("PriorBox", "xi", fields="prior_box_param { min_size: 4 }"),
     layer("MaskResize", "x", "z", "mask_resize_param { factor_height: 0.5 factor_width: 0.5 }"), "SSTD",
     lambda m: m.prior_box_param.by_side),
    (layer("Mask", "", "m") + layer("Convolution", "xdm"), layer("Duplicate", "e", "d"), "learnable dilation",
     lambda m: m.convolution_param.dilation_from_bottom),
]


@pytest.mark.parametrize(("text", "other", "fork", "is_written"), CASES)
def test_beside_a_layer_of_the_fork_alone(text, other, fork, is_written):
    line = 1 + text.count("Mask")
    with pytest.warns(UserWarning) as caught:
        net = read_net_text(text + text.splitlines()[-1].replace('"y"', '"v"') + other)
    (warning,) = caught
    assert str(warning.message).startswith(f"<text>:{line}:19: layer `y` (")
    assert f" is read as in {fork}" in str(warning.message)
    assert [is_written(one.message) for one in net.layers if one.name in "yv"] == [True, True]
    assert not any(is_written(one.message) for one in quiet(text).layers)


@pytest.mark.parametrize("text", [
    layer("Normalize", fields="norm_param { }") + layer("ChannelScale", "yt", "z"),
    layer("SoftmaxWithLoss", "xt") + layer("AlignDataTransform", "x", "z"),
    layer("Warp", "xw", fields="flow_warp_param { at_places: true }") + layer("Grid", "x", "g"),
    layer("Deconvolution", fields="convolution_param { num_output: 2 kernel_size: 3 stride: 2 }") + layer("CropBBox", "x", "z"),
    layer("Deconvolution", fields="convolution_param { num_output: 2 kernel_size: 3 stride: 2 pad: 1 output_pad: 0 }")
    + layer("CropBBox", "x", "z"),
    layer("Convolution") + layer("Duplicate", "e", "d"), layer("Convolution", "xd", "yz") + layer("Duplicate", "e", "d"),
    layer("Mask", "", "m") + layer("Convolution", "xm") + layer("Duplicate", "e", "d"),
])
def test_layers_that_are_not_meant_stay_as_they_are(text):
    given = [one.message for one in quiet(text).layers]
    assert not any(m.HasField("normalize_param") or m.loss_param.weights_keep_divisor for m in given)
    assert not any(m.convolution_param.output_pad or m.convolution_param.dilation_from_bottom for m in given)


def test_fields_of_a_renamed_layer_stay():
    text = layer("SigmoidCrossEntropyLoss", "xt", fields="loss_weight: 0.25") + CASES[2][1]
    with pytest.warns(UserWarning, match="HED's fork"):
        loss = read_net_text(text, name="n").layers[0]
    assert list(loss.message.loss_weight) == [0.25] and str(loss.span("loss_weight")).startswith("n:1:")


IMAGE = "input_param { shape { dim: 1 dim: 2 dim: 3 dim: 4 } }"
WARP = layer("Input", "", "i", IMAGE) + layer("Input", "", "w", IMAGE) + layer("Warp", "iw")


def test_warp_of_liteflownet_samples_at_places_and_others_follow_flows():
    image = torch.arange(24.0).reshape(1, 2, 3, 4)
    with pytest.warns(UserWarning, match="LiteFlowNet"):
        net = netdef.loads(WARP + layer("Grid", "i", "g"))
    tops = net(i=image, w=torch.ones(1, 2, 3, 4))
    assert torch.equal(tops["y"], image[:, :, 1:2, 1:2].expand(1, 2, 3, 4))
    assert torch.equal(net(i=image, w=tops["g"])["y"], image)
    assert torch.equal(netdef.loads(WARP)(i=image, w=torch.ones(1, 2, 3, 4))["y"][:, :, :2, :3], image[:, :, 1:, 1:])


SPREAD = layer("Input", "", "x", "input_param { shape { dim: 2 dim: 3 dim: 4 dim: 5 } }") + layer("Deconvolution", fields=(
    'convolution_param { num_output: 2 kernel_size: 3 stride: 2 pad: 1 weight_filler { type: "xavier" } '
    'bias_filler { type: "constant" value: 0.5 } }'))
BOXES = layer("Input", "", "b", "input_param { shape { dim: 1 dim: 1 dim: 6 dim: 8 } }") + layer(
    "GenerateClsVector", "b", "c", "generate_cls_vector_param { num_class: 3 batch_size: 2 }")


def test_deconvolution_of_caffe_td_doubles_the_sides():
    """In the last row only the kernel's last row meets a pixel: row 7 of 8 is 2 x 3 + 2 - 1."""
    with pytest.warns(UserWarning, match="Caffe-TD"):
        net = netdef.loads(SPREAD + BOXES)
    x = torch.randn(2, 3, 4, 5)
    top = net(x=x, b=torch.full((1, 1, 6, 8), -1.0))["y"]
    whole = conv_transpose2d(x, *net.params["y"], 2)  # 9 x 11, of which pad takes the first row and column
    assert top.shape == (2, 2, 8, 10)
    torch.testing.assert_close(top, whole[:, :, 1:, 1:])
    assert netdef.loads(SPREAD).shapes["y"] == (2, 2, 7, 9)


@pytest.mark.parametrize(("old", "new"), [("stride: 2", "stride: 2 output_pad: 2"), ('"Deconvolution"', '"Convolution"')])
def test_more_than_the_stride_leaves_is_refused(old: str, new: str):
    net = SPREAD.replace("pad: 1", "pad: 1 output_pad: 1") if "Conv" in new else SPREAD
    with pytest.raises(netdef.SpecError, match="has `output_pad` [12]; it is for a Deconvolution, and less than its stride"):
        netdef.loads(net.replace(old, new))


def test_weights_of_jaa_net_keep_the_divisor():
    net = layer("Input", "", "xtw", "input_param { shape { dim: 2 dim: 3 } shape { dim: 2 } shape { dim: 2 } }")
    net += layer("SoftmaxWithLoss", "xtw")
    face = layer("Input", "", "p", "input_param { shape { dim: 2 dim: 98 } }")
    face += layer("AUMaskBasedLand", "p", "abcdefghijklm",
                  "au_mask_based_land_param { img_size: 20 spatial_ratio: 0.3 spatial_scale: 0.5 }")
    x, t, w = torch.tensor([[0.5, -1, 2], [1, 0, -2]]), torch.tensor([2.0, 0]), torch.tensor([3.0, 0.5])
    costs = cross_entropy(x, t.long(), reduction="none") * w
    with pytest.warns(UserWarning, match="JAA-Net's fork"):
        theirs = netdef.loads(net + face)
    torch.testing.assert_close(theirs(x=x, t=t, w=w, p=torch.rand(2, 98))["y"], costs.sum() / 2)
    torch.testing.assert_close(netdef.loads(net)(x=x, t=t, w=w)["y"], costs.sum() / 3.5)
