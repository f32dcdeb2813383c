"""Sizes of height, width and depth."""

import pytest
import torch
import torch.nn.functional as F

import netdef

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 9 dim: 7 dim: 8 } } } '


def blobs(text: str) -> tuple[dict[str, torch.Tensor], netdef.Net]:
    net = netdef.loads(INPUT + text)
    return net.activations(x=torch.randn(2, 3, 9, 7, 8)), net


def test_a_convolution_has_a_size_for_each_axis():
    found, net = blobs("""layer { name: "c" type: "Convolution" bottom: "x" top: "c" convolution_param {
        num_output: 4 kernel_h: 1 kernel_w: 2 kernel_d: 3 stride_h: 3 stride_w: 1 stride_d: 2 pad_h: 0 pad_w: 1 pad_d: 2
        kstride_h: 1 kstride_w: 2 kstride_d: 3 num_conv_partition: 4 weight_filler { type: "gaussian" } } }""")
    weight, bias = net.params["c"]
    assert weight.shape == (4, 3, 1, 2, 3)
    assert torch.allclose(found["c"], F.conv3d(found["x"], weight, bias, (3, 1, 2), (0, 1, 2), (1, 2, 3)), atol=1e-5)


def test_one_number_is_of_all_axes():
    found, net = blobs("""layer { name: "c" type: "Convolution" bottom: "x" top: "c" convolution_param {
        num_output: 4 kernel_h: 1 kernel_w: 2 kernel_d: 3 stride: 2 pad: 1 weight_filler { type: "gaussian" } } }""")
    assert torch.allclose(found["c"], F.conv3d(found["x"], *net.params["c"], 2, 1), atol=1e-5)


def test_pooling():
    found, _ = blobs("""layer { name: "p" type: "Pooling" bottom: "x" top: "p" pooling_param {
        kernel_h: 1 kernel_w: 2 kernel_d: 3 stride_h: 1 stride_w: 2 stride_d: 3 } }""")
    assert torch.equal(found["p"], F.max_pool3d(found["x"], (1, 2, 3), (1, 2, 3), ceil_mode=True))


def test_pooling_with_steps_within_a_window():
    found, _ = blobs("""layer { name: "p" type: "Pooling" bottom: "x" top: "p" pooling_param {
        kernel_h: 1 kernel_w: 2 kernel_d: 3 kstride_h: 1 kstride_w: 3 kstride_d: 2 } }""")
    assert torch.equal(found["p"], F.max_pool3d(found["x"], (1, 2, 3), 1, 0, (1, 3, 2)))


def test_inputs_have_five_sizes():
    net = netdef.loads("""input: "x" input_dim: [2, 3, 9, 7, 8] layers { name: "p" type: POOLING bottom: "x" top: "p"
        pooling_param { kernel_h: 1 kernel_w: 2 kernel_d: 3 } }""")
    assert net.shapes["p"] == (2, 3, 9, 6, 6)


def test_a_depth_alone_is_refused():
    with pytest.raises(netdef.SpecError, match="gives `kernel_h`, and no `kernel_w`; sizes of volumes are"):
        blobs("""layer { name: "c" type: "Convolution" bottom: "x" top: "c" convolution_param {
            num_output: 4 kernel_h: 3 kernel_d: 3 } }""")


def test_planes_may_have_two_such_sizes():
    text = """layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 9 dim: 7 } } }
        layer { name: "p" type: "Pooling" bottom: "x" top: "p"
                pooling_param { kernel_size: 2 stride: 2 kstride_h: 1 kstride_w: 3 } }"""
    x = torch.randn(2, 3, 9, 7)
    assert torch.equal(netdef.loads(text)(x=x)["p"], F.max_pool2d(x, 2, 2, 0, (1, 3), ceil_mode=True))
