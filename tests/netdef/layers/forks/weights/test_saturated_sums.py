"""ConvolutionFloat, InnerProductFloat and PoolingFloat: where they round and stop, by arithmetic, and their gradients."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer

from netdef.errors import SpecError
from netdef.layers.forks.weights.saturated_sums import Code

CODES = "".join(f"qcodeconfig {{ il: {whole} fl: {fraction} }}" for whole, fraction in ((3, 1), (3, 2), (5, 3)))


def nearest(x: torch.Tensor, whole: int, fraction: int) -> torch.Tensor:
    """The nearest number of a format among all, halves down."""
    step = 2.0**-fraction
    every = torch.arange(-(2 ** (whole + fraction - 1)), 2 ** (whole + fraction - 1)) * step
    return every[(x[..., None] - every).abs().argmin(-1)]


def filled(net, *blobs):
    with torch.no_grad():
        for blob, values in zip(net.params["l"], blobs, strict=True):
            blob.copy_(values)
    return net


def test_a_format_has_the_nearest_numbers_with_halves_down():
    x = torch.tensor([0.125, 0.375, -0.125, -0.375, 0.2, 9, -9])
    assert Code(3, 2).rounded(x).tolist() == [0, 0.25, -0.25, -0.5, 0.25, 3.75, -4]
    assert Code(3, 2).rounded(x).tolist() == nearest(x, 3, 2).tolist()


def inner(x: list[float], weight: list[float], bias: float, transpose: bool = False) -> float:
    given = {"x": torch.tensor([x]).double()}
    net = one_layer("InnerProductFloat", f"inner_product_param {{ num_output: 1 transpose: {str(transpose).lower()} }} {CODES}",
                    **given)
    row = torch.tensor([weight])
    return filled(net, row.t() if transpose else row, torch.tensor([bias]))(**given)["y0"].item()


@pytest.mark.parametrize("transpose", [False, True])
def test_a_sum_stays_within_the_bound_after_each_product(transpose):
    """The bound is 2^(3 + 3 - 1) = 32, and three products of 13.125 are beyond it. The top is at most 15.875."""
    assert inner([3.75] * 5, [3.5, 3.5, 3.5, -3.5, -3.5], -1, transpose) == 32 - 2 * 13.125 - 1
    assert inner([3.75] * 4, [3.5, 3.5, 3.5, -3.5], 0, transpose) == 15.875
    assert inner([3.0] * 3, [3.5, -3.5, 3.5], 0.125, transpose) == 10.625


def test_a_convolution_is_of_rounded_numbers():
    x, weight, bias = draw(2, 4, 5, 6), draw(6, 2, 3, 2), draw(6)
    param = "convolution_param { num_output: 6 kernel_h: 3 kernel_w: 2 group: 2 pad: 1 stride: 2 } "
    net = filled(one_layer("ConvolutionFloat", param + CODES, x=x), weight, bias)
    rounded, kernel = nearest(x, 3, 2).double(), nearest(weight, 3, 1).double()
    exact = F.conv2d(rounded, kernel, nearest(bias, 6, 3).double(), 2, 1, groups=2)
    assert exact.abs().max() < 16
    torch.testing.assert_close(net(x=x)["y0"], nearest(exact, 5, 3).to(x.dtype))


def test_a_convolution_stops_where_its_order_reaches_the_bound():
    x = torch.full((1, 2, 2, 1), 3.75).double()
    net = filled(one_layer("ConvolutionFloat", "convolution_param { num_output: 2 kernel_h: 2 kernel_w: 1 bias_term: false } "
                           f"{CODES.replace('il: 5', 'il: 7')}", x=x),
                 torch.tensor([[3.5, 3.5, 3.5, 3.5], [3.5, 3.5, 3.5, -3.5]]).reshape(2, 2, 2, 1))
    assert net(x=x)["y0"].flatten().tolist() == [32, 32 - 13.125]


def test_gradients_pass_rounding_and_bounds():
    x = torch.tensor([[3.1, 3, 3, 3]]).double().requires_grad_()
    net = filled(one_layer("InnerProductFloat", f"inner_product_param {{ num_output: 1 }} {CODES}", "TRAIN", x=x),
                 torch.tensor([[3.4, 3.5, 3.5, 3.5]]), torch.tensor([0.0]))
    net(x=x)["y0"].sum().backward()
    assert x.grad.tolist() == [[3.5] * 4]
    assert [p.grad.tolist() for p in net.params["l"]] == [[[3, 3, 3, 3]], [1]]


def pooled(values: list[float], param: str = "pool: AVE kernel_h: 1 kernel_w: 3", code: str = "il: 4 fl: 4"):
    x = torch.tensor(values, dtype=torch.float32).reshape(1, 1, 1, -1).requires_grad_()
    top = one_layer("PoolingFloat", f"pooling_param {{ {param} }} qcodeconfig {{ {code} }}", x=x)(x=x)["y0"]
    return x, top


def test_a_mean_is_a_whole_sum_times_a_rounded_share():
    """A third is 43 / 128; 1 + 2.5 + 3.4 is 6 without its fraction; 6 * 43 / 128 is 2.015625, in sixteenths 2."""
    x, top = pooled([1, 2.5, 3.4])
    assert top.flatten().tolist() == [2]
    top.sum().backward()
    assert x.grad.flatten().tolist() == [43 / 128] * 3
    assert pooled([-1, -2.5, -3.4])[1].flatten().tolist() == [-2]
    assert pooled([100, 90, 80])[1].flatten().tolist() == [8]  # 128 * 43 / 128 is beyond the top's 8


def test_a_sum_of_values_stays_within_its_own_bound():
    """With fl 7 it is 2^8: 300 stops at 256, and 256 - 200 is 56; times 43 / 128 it is beyond the top's 1."""
    assert pooled([300, 0, -200], code="il: 1 fl: 7")[1].item() == 1
    assert pooled([300, 0, -255], code="il: 1 fl: 7")[1].item() == round(43 / 128 * 16) / 16


def test_a_maximum_is_as_usual():
    assert pooled([1, 2.3, 0.1], "pool: MAX kernel_h: 1 kernel_w: 3")[1].item() == pytest.approx(2.3)


def test_other_formats_are_refused():
    with pytest.raises(SpecError, match="`il` and `fl` together are 8 bits"):
        pooled([1, 2, 3], code="il: 4 fl: 5")
    with pytest.raises(SpecError, match="has a format of 0 and 4 bits"):
        one_layer("InnerProductFloat", "inner_product_param { num_output: 1 } qcodeconfig { il: 0 fl: 4 }", x=(2, 3))


@pytest.mark.parametrize("pads", ["pad_l: 1", "pad_type: 1"])
def test_padding_that_differs_on_opposite_sides_is_refused(pads):
    with pytest.raises(SpecError, match="the same padding on both sides"):
        one_layer("ConvolutionFloat", f"convolution_param {{ num_output: 2 kernel_size: 2 {pads} }} {CODES}", x=(1, 2, 5, 6))
