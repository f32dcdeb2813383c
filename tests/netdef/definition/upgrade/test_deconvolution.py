"""Deconvolution layers in nets of Caffe-TD, and in others."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch.nn.functional import conv_transpose2d

import netdef

NET = """layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 4 dim: 5 } } }
layer { name: "d" type: "Deconvolution" bottom: "x" top: "y" convolution_param { num_output: 2 kernel_size: 3 stride: 2 pad: 1
    weight_filler { type: "xavier" } bias_filler { type: "constant" value: 0.5 } } }
"""
BOXES = """layer { name: "b" type: "Input" top: "b" input_param { shape { dim: 1 dim: 1 dim: 6 dim: 8 } } }
layer { name: "c" type: "GenerateClsVector" bottom: "b" top: "c" generate_cls_vector_param { num_class: 3 batch_size: 2 } }
"""


def test_beside_a_layer_of_caffe_td_it_doubles_the_sides():
    """In the last row only the kernel's last row meets a pixel: row 7 of 8 is 2 x 3 + 2 - 1."""
    with pytest.warns(UserWarning, match=r"^<text>:2:\d+: layer `d` .Deconvolution. doubles the sides .* `output_pad: 1`"):
        net = netdef.loads(NET + BOXES)
    assert net.shapes["y"] == (2, 2, 8, 10)
    x = torch.randn(2, 3, 4, 5)
    top = net(x=x, b=torch.full((1, 1, 6, 8), -1.0))["y"]
    weight, bias = net.params["d"]
    whole = conv_transpose2d(x, weight, bias, 2)  # 9 x 11, of which pad takes the first row and column
    torch.testing.assert_close(top, whole[:, :, 1:, 1:])


def test_any_other_does_not():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert netdef.loads(NET).shapes["y"] == (2, 2, 7, 9)
        netdef.loads(NET.replace("stride: 2", "stride: 2 output_pad: 1") + BOXES)
        netdef.loads(NET.replace("pad: 1", "pad: 0") + BOXES)


@pytest.mark.parametrize(("old", "new"), [("stride: 2", "stride: 2 output_pad: 2"), ('"Deconvolution"', '"Convolution"')])
def test_more_than_the_stride_leaves_is_refused(old: str, new: str):
    net = NET.replace("pad: 1", "pad: 1 output_pad: 1") if "Conv" in new else NET
    with pytest.raises(netdef.SpecError, match="has `output_pad` [12]; it is for a Deconvolution, and less than its stride"):
        netdef.loads(net.replace(old, new))
