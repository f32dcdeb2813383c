"""Maps between places of tops, and crops by them."""

from __future__ import annotations

from fractions import Fraction

import pytest
import torch

import netdef
from netdef.builder.coord_map import CoordMapError, coord_map_from_to, crop
from netdef.builder.net_spec import NetSpec, to_proto
from netdef.builder.net_spec import layers as L
from netdef.builder.net_spec import params as P


def relu_of(**params):
    return lambda bottom: L.ReLU(L.Convolution(bottom, num_output=4, **params), in_place=True)


def offsets(net: NetSpec) -> list[list[int]]:
    return [list(layer.crop_param.offset) for layer in net.to_proto().layer if layer.type == "Crop"]


def fcn(*skips: int) -> NetSpec:
    """A fully convolutional net of five poolings after VGG's form, as Long et al. 2015 built theirs."""
    n = NetSpec()
    n.data = L.Input(shape=dict(dim=[1, 3, 500, 333]))
    top, pools = relu_of(kernel_size=3, pad=100)(n.data), {}
    for i in range(1, 6):
        top = relu_of(kernel_size=3, pad=1)(top)
        top = pools[i] = L.Pooling(top, pool=P.Pooling.MAX, kernel_size=2, stride=2)
    top = L.Convolution(L.Dropout(relu_of(kernel_size=7)(top), in_place=True), num_output=4, kernel_size=1)
    factor = 32
    for i in skips:
        n[f"up{i}"] = top = L.Deconvolution(
            top, convolution_param=dict(num_output=4, kernel_size=4, stride=2, bias_term=False))
        score = L.Convolution(pools[i], num_output=4, kernel_size=1)
        n[f"score{i}"] = top = L.Eltwise(top, crop(score, top), operation=P.Eltwise.SUM)
        factor //= 2
    top = L.Deconvolution(
        top, convolution_param=dict(num_output=4, kernel_size=2 * factor, stride=factor, bias_term=False))
    n.score = crop(top, n.data)
    return n


@pytest.mark.parametrize(("skips", "published"), [((), [[19]]), ((4,), [[5], [27]]), ((4, 3), [[5], [9], [31]])])
def test_offsets_are_those_of_published_nets(skips: tuple[int, ...], published: list[list[int]]):
    """Those in the prototxts of FCN-32s, FCN-16s and FCN-8s."""
    net = fcn(*skips)
    assert offsets(net) == published
    assert netdef.from_proto(net.to_proto(), device="meta").shapes["score"] == (1, 4, 500, 333)


def test_a_shifted_copy_is_cropped_to_its_place():
    """A kernel with a single 1 in its middle moves nothing but the frame."""
    data = L.Input(shape=dict(dim=[1, 1, 9, 8]))
    wide = L.Convolution(data, num_output=1, kernel_h=3, kernel_w=5, pad_h=4, pad_w=3, bias_term=False)
    n = NetSpec()
    n.data, n.wide, n.back = data, wide, crop(wide, data)
    net = netdef.from_proto(n.to_proto())
    with torch.no_grad():
        net.params["wide"][0].zero_()[..., 1, 2] = 1
    x = torch.randn(1, 1, 9, 8)
    assert offsets(n) == [[3, 1]] and net(data=x)["back"].equal(x)


def test_scale_and_shift_of_a_map():
    data = L.Input(shape=dict(dim=[1, 3, 32, 32]))
    conv = L.Convolution(data, num_output=2, kernel_size=5, stride=2, pad=1, dilation=2)
    up = L.Deconvolution(conv, convolution_param=dict(num_output=2, kernel_size=4, stride=4, pad=1))
    half = Fraction(1, 2)
    assert coord_map_from_to(conv, data) == (1, (2,), (3,))  # a kernel of 9: pixel 0 lies over pixel 0 - 1 + 4
    assert coord_map_from_to(data, conv) == (1, (half,), (-3 * half,))
    assert coord_map_from_to(up, conv) == (1, (Fraction(1, 4),), (Fraction(-1, 8),))
    assert coord_map_from_to(L.Crop(conv, data, axis=2, offset=[3, 1]), conv) == (1, (1,), (3, 1))
    assert coord_map_from_to(L.ReLU(data), L.Dropout(data)) == (None, (1,), (0,))


@pytest.mark.parametrize(("build", "said"), [
    (lambda x: (L.Pooling(x, kernel_size=2, stride=2), x), "scale of 2"),
    (lambda x: (x, L.Convolution(x, kernel_size=3, pad=3)), "would begin at -2"),
    (lambda x: (L.Convolution(x, kernel_size=2, pad=2), x), "would begin at 3/2"),
    (lambda x: (L.InnerProduct(x, num_output=2), x), "`InnerProduct` has no map of places"),
    (lambda x: (L.Pooling(x, global_pooling=True), x), "global"),
    (lambda x: (L.Input(shape=dict(dim=[1, 3])), x), "no common"),
    (lambda x: (L.Convolution(L.Convolution(x, kernel_size=3, pad=2), kernel_size=3, axis=2), x), "axis 2 and axis 1"),
    (lambda x: (L.Eltwise(L.Convolution(x, kernel_size=3, pad=2), x), x), "two ways"),
])
def test_tops_that_cannot_be_cropped_are_refused(build, said: str):
    with pytest.raises(CoordMapError, match=said):
        crop(*build(L.Input(shape=dict(dim=[1, 3, 8, 9]))))


def test_both_branches_of_a_residual_block_have_one_map():
    data = L.Input(shape=dict(dim=[1, 3, 8, 9]))
    block = L.Eltwise(data, L.Convolution(L.ReLU(data), num_output=3, kernel_h=3, kernel_w=1, pad_h=1, pad_w=0))
    assert coord_map_from_to(L.Convolution(block, num_output=2, kernel_size=3), block) == (1, (1,), (1,))
    assert coord_map_from_to(block, data)[1:] == ((1,), (0,))


def test_no_offset_is_needed_where_places_agree():
    data = L.Input(shape=dict(dim=[1, 3, 8, 9]))
    layer = to_proto(crop(L.Convolution(data, num_output=2, kernel_size=3, pad=1), data)).layer[-1]
    assert (layer.crop_param.axis, list(layer.crop_param.offset)) == (2, [0])
