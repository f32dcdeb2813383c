"""Convolution and Deconvolution: groups, axes, dilation and sizes, by arithmetic."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer

import netdef
from netdef.errors import SpecError


def build(kind: str, param: str, *shapes: tuple[int, ...], more: str = "") -> netdef.Net:
    """A net of one layer on inputs ``x0``, ``x1``, ... with tops ``y0``, ..."""
    text = ""
    for i, shape in enumerate(shapes):
        dims = " ".join(f"dim: {size}" for size in shape)
        text += f'layer {{ name: "i{i}" type: "Input" top: "x{i}" input_param {{ shape {{ {dims} }} }} }}\n'
    blobs = " ".join(f'bottom: "x{i}" top: "y{i}"' for i in range(len(shapes)))
    return netdef.loads(f'{text}layer {{ name: "l" type: "{kind}" {blobs} convolution_param {{ {param} }} {more} }}')


def set_blobs(net: netdef.Net, *values: torch.Tensor) -> None:
    for blob, value in zip(net.params["l"], values, strict=True):
        blob.data.copy_(value.reshape(blob.shape))


def test_a_convolution_is_a_sum_over_its_window():
    x = torch.arange(2 * 3 * 5 * 4).reshape(2, 3, 5, 4).float()
    w = torch.arange(2 * 3 * 3 * 2).reshape(2, 3, 3, 2).float() - 7
    sizes = "kernel_h: 3 kernel_w: 2 stride_h: 2 stride_w: 1 pad_h: 1 pad_w: 0"
    net = build("Convolution", f"num_output: 2 {sizes}", x.shape)
    set_blobs(net, w, torch.tensor([0.5, -3]))
    y = net(x0=x)["y0"]
    assert y.shape == (2, 2, 3, 3)
    padded = torch.zeros(2, 3, 7, 4)
    padded[:, :, 1:6] = x
    for n, o, i, j in [(0, 0, 0, 0), (1, 1, 2, 2), (1, 0, 1, 2)]:
        window = padded[n, :, 2 * i : 2 * i + 3, j : j + 2]
        assert y[n, o, i, j] == (window * w[o]).sum() + [0.5, -3][o]


def test_a_deconvolution_spreads_each_pixel_by_the_kernel():
    net = build("Deconvolution", "num_output: 3 kernel_size: 3 stride: 2 pad: 1 bias_term: false", (1, 2, 2, 4))
    w = torch.arange(2 * 3 * 3 * 3).reshape(2, 3, 3, 3).float()
    set_blobs(net, w)
    x = torch.zeros(1, 2, 2, 4)
    x[0, 1, 1, 2] = 10
    y = net(x0=x)["y0"]
    assert y.shape == (1, 3, 3, 7)
    expected = torch.zeros(3, 5, 9)  # before the padding is cut off
    expected[:, 2:5, 4:7] = 10 * w[1]
    assert y[0].equal(expected[:, 1:-1, 1:-1])


def test_groups_see_only_their_channels():
    net = build("Convolution", "num_output: 6 kernel_size: 1 group: 2 bias_term: false", (1, 4, 2, 3))
    assert net.params["l"][0].shape == (6, 2, 1, 1)
    set_blobs(net, torch.ones(6, 2))
    x = torch.tensor([1.0, 2, 10, 20]).reshape(1, 4, 1, 1).expand(1, 4, 2, 3)
    assert net(x0=x)["y0"][0, :, 1, 2].tolist() == [3, 3, 3, 30, 30, 30]


def test_the_axes_before_the_channels_are_all_batch():
    net = build("Convolution", "num_output: 2 kernel_size: 2 axis: -2 bias_term: false", (5, 4, 3, 6))
    w = torch.randn(2, 3, 2)
    set_blobs(net, w)
    x = torch.randn(5, 4, 3, 6)
    y = net(x0=x)["y0"]
    assert y.shape == (5, 4, 2, 5)
    torch.testing.assert_close(y[3, 1, 1, 4], (x[3, 1, :, 4:6] * w[1]).sum())


def test_without_spatial_axes_it_is_a_matrix_product_by_groups():
    net = build("Convolution", "num_output: 6 group: 2", (3, 4))
    w, b = torch.randn(6, 2), torch.randn(6)
    set_blobs(net, w, b)
    x = torch.randn(3, 4)
    expected = torch.cat([x[:, :2] @ w[:3].T, x[:, 2:] @ w[3:].T], dim=1) + b
    torch.testing.assert_close(net(x0=x)["y0"], expected)


def test_several_bottoms_share_the_weights_and_each_has_a_top():
    net = build("Convolution", "num_output: 2 kernel_size: 1", (1, 3, 2, 4), (1, 3, 2, 4))
    a, b = torch.randn(1, 3, 2, 4), torch.randn(1, 3, 2, 4)
    set_blobs(net, torch.randn(2, 3), torch.randn(2))
    tops = net(x0=a, x1=b)
    swapped = net(x0=b, x1=a)
    assert tops["y0"].equal(swapped["y1"]) and tops["y1"].equal(swapped["y0"]) and not tops["y0"].equal(tops["y1"])


def test_other_batch_and_image_sizes_than_in_the_text():
    net = build("Convolution", "num_output: 2 kernel_size: 3 dilation: 2", (1, 3, 6, 5))
    assert net.shapes["y0"] == (1, 2, 2, 1)
    assert net(x0=torch.zeros(4, 3, 10, 7))["y0"].shape == (4, 2, 6, 3)


def test_multiply_adds():
    """Each element of the top costs a window (of the bottom, for a deconvolution: it is spread over one)."""
    convolution = build("Convolution", "num_output: 6 kernel_size: 3 group: 2", (2, 4, 7, 5))
    assert convolution.rows[-1].multiply_adds == 2 * 6 * 5 * 3 * (4 // 2 * 3 * 3)
    deconvolution = build("Deconvolution", "num_output: 6 kernel_size: 3 group: 2", (2, 4, 7, 5))
    assert deconvolution.rows[-1].multiply_adds == 2 * 4 * 7 * 5 * (6 // 2 * 3 * 3)


@pytest.mark.parametrize(
    ("param", "words"),
    [
        ("kernel_size: 3", ("`num_output`",)),
        ("num_output: 2", ("`kernel_size`",)),
        ("num_output: 2 kernel_size: 0", ("`kernel_size` 0",)),
        ("num_output: 2 kernel_size: 3 dilation: 0", ("`dilation` 0",)),
        ("num_output: 2 kernel_size: 3 group: 2", ("`group` 2", "3 input channels")),
        ("num_output: 4 kernel_size: 3 group: 3", ("`num_output` 4", "`group` 3")),
        ("num_output: 2 kernel_size: 3 stride_h: 2", ("`stride_h` without `stride_w`",)),
        ("num_output: 2 kernel_size: 3 pad: 1 pad_h: 1", ("`pad` and `pad_h`",)),
        ("num_output: 2 kernel_size: 3 axis: 4", ("axis 4", "4 axes")),
        ("num_output: 2 kernel_h: 2 kernel_w: 2 axis: 2", ("`kernel_h`", "2 spatial axes", "has 1")),
        ("num_output: 2 kernel_size: 6", ("axis 1", "size 5", "spans 6")),
        ("num_output: 2000000000 kernel_size: 3", ("2000000000", "at most")),
    ],
)
def test_bad_parameters_are_refused_in_one_complaint(param, words):
    with pytest.raises(SpecError) as error:
        build("Convolution", param, (2, 3, 6, 5))
    (problem,) = error.value.problems
    assert problem.span is not None and all(word in problem.message for word in words), problem.message


@pytest.mark.parametrize("param", ["kernel_size: 1 dilation: 0", "kernel_h: 1 kernel_w: 3 dilation_h: 0 dilation_w: 2",
                                   "kernel_h: 1 kernel_w: 3 dilation: [7, 2]"])
def test_a_dilation_along_a_side_of_1_means_nothing(param):
    """Caffe computes ``dilation * (kernel - 1) + 1`` and takes 0, too; nets of UberNet and others have it."""
    x, side = draw(2, 3, 6, 5), 1 if "size" in param else 3
    net = one_layer("Convolution", f"convolution_param {{ num_output: 4 {param} weight_filler {{ type: 'msra' }} }}", x=x)
    (weight, _), top = net.params["l"], net(x=x)["y0"]
    wanted = sum(torch.einsum("nchw,oc->nohw", x[..., 2 * i:2 * i + top.shape[3]], weight[:, :, 0, i]) for i in range(side))
    assert top.shape == (2, 4, 6, 5 - 2 * (side - 1))
    torch.testing.assert_close(top, wanted)


def test_more_spatial_axes_than_torch_has_are_refused():
    with pytest.raises(SpecError, match="4 spatial axes; at most 3"):
        build("Convolution", "num_output: 2 kernel_size: 1", (1, 2, 3, 4, 5, 6))


def convolved(kind, param, x):
    made = one_layer(kind, f"convolution_param {{ {param} }}", x=x)
    with torch.no_grad():
        for i, blob in enumerate(made.params["l"]):
            blob.copy_(draw(*blob.shape, seed=i))
    return made(x=x)["y0"].detach(), [blob.detach() for blob in made.params["l"]]


def test_holes_are_a_dilation():
    x = draw(2, 4, 7, 6)
    top, (weight, bias) = convolved("HoleConvolution", "num_output: 3 kernel_size: 3 hole: 2 pad: 1", x)
    torch.testing.assert_close(top, F.conv2d(x, weight, bias, dilation=2, padding=1))


def test_depthwise_is_a_group_a_channel():
    x = draw(2, 6, 5, 4)
    for kind in ("DepthwiseConvolution", "ConvolutionDepthwise"):
        for group in ("", "group: 6"):
            top, (weight, bias) = convolved(kind, f"num_output: 6 kernel_size: 3 pad: 1 stride: 2 {group}", x)
            assert weight.shape == (6, 1, 3, 3)
            for c in range(6):
                one = F.conv2d(x[:, c : c + 1], weight[c : c + 1], bias[c : c + 1], stride=2, padding=1)
                torch.testing.assert_close(top[:, c : c + 1], one)
    top, (weight, bias) = convolved("DepthwiseConvolution", "num_output: 9 kernel_size: 1 group: 3", x)
    torch.testing.assert_close(top, F.conv2d(x, weight, bias, groups=3))
    with pytest.raises(netdef.SpecError, match="`group` 3 must be its 6 channels"):
        convolved("DepthwiseConvolution", "num_output: 6 kernel_size: 3 group: 3", x)
    with pytest.raises(netdef.SpecError, match="`num_output` 12 must be its 6 input channels"):
        convolved("ConvolutionDepthwise", "num_output: 12 kernel_size: 3", x)


def test_zeros_on_single_sides():
    x = draw(2, 3, 5, 4)
    top, (weight, bias) = convolved("Convolution", "num_output: 7 kernel_size: 3 pad_l: 1 pad_r: 2 pad_b: 3", x)
    wide = torch.zeros(2, 3, 8, 7).double()
    wide[:, :, :5, 1:5] = x
    torch.testing.assert_close(top, F.conv2d(wide, weight, bias))
    with pytest.raises(netdef.SpecError, match="both `pad` and `pad_l`"):
        convolved("Convolution", "num_output: 7 kernel_size: 3 pad_l: 1 pad: 2", x)
    with pytest.raises(netdef.SpecError, match="`pad_t`, which is for a convolution with 2 spatial axes"):
        convolved("Deconvolution", "num_output: 7 kernel_size: 3 pad_t: 1", x)


@pytest.mark.parametrize("param, before, after", [
    ("kernel_size: 3 stride: 2 pad_h: 1 pad_w: 1", (1, 0), (1, 1)),  # 5 rows: 3 places reach 7; 4 columns: 2 places reach 5
    ("kernel_h: 4 kernel_w: 1 stride: 3", (1, 0), (1, 0)),  # 2 places reach 7; 2 places, at columns 0 and 3
    ("kernel_size: 1 stride: 2", (0, 0), (0, 0)),
])
def test_same_padding_of_tensorflow(param, before, after):
    x = draw(2, 3, 5, 4)
    top, (weight, bias) = convolved("Convolution", f"num_output: 7 pad_type: 1 {param}", x)
    padded = F.pad(x, (before[1], after[1], before[0], after[0]))
    stride = int(param.partition("stride: ")[2][0])
    torch.testing.assert_close(top, F.conv2d(padded, weight, bias, stride))


@pytest.mark.parametrize("images, stride", [(1, 2), (3, 2), (1, (3, 1)), (40, 2)])
def test_a_kernel_of_one_pixel_skips_pixels(images, stride):
    """Of many channels and few pixels, which are left out first, and of many pixels."""
    tall, wide = (stride, stride) if isinstance(stride, int) else stride
    net = netdef.loads(f'''
        layer {{ name: "in" type: "Input" top: "x" input_param {{ shape {{ dim: 1 dim: 256 dim: 5 dim: 4 }} }} }}
        layer {{ name: "l" type: "Convolution" bottom: "x" top: "y" convolution_param {{
            num_output: 257 kernel_size: 1 stride_h: {tall} stride_w: {wide} weight_filler {{ type: "xavier" }} }} }}''').double()
    x = draw(images, 256, 5, 4).contiguous(memory_format=torch.channels_last).requires_grad_()
    top = net(x)["y"]
    wanted = torch.einsum("oc,nchw->nohw", net.params["l"][0][:, :, 0, 0], x[:, :, ::tall, ::wide])
    torch.testing.assert_close(top, wanted)
    weights = draw(*top.shape, seed=2)
    found, expected = (torch.autograd.grad((y * weights).sum(), x)[0] for y in (top, wanted))
    torch.testing.assert_close(found, expected)
