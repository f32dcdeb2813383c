"""ConvolutionIVS and FcIVS: where they round, by arithmetic, and their gradients."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer

from netdef.errors import SpecError
from netdef.layers.forks.weights.ristretto import fixed_point


def fc(quantization: str, weight: list[list[float]], phase: str = "TEST", bias: list[float] | None = None, **inputs):
    param = (f"inner_product_param {{ num_output: {len(weight)} bias_term: {str(bias is not None).lower()} }} "
             f"quantization_param {{ {quantization} }}")
    net = one_layer("FcIVS", param, phase, **inputs)
    with torch.no_grad():
        for blob, values in zip(net.params["l"], (weight, bias)):
            blob.copy_(torch.tensor(values))
    return net


def test_halves_are_rounded_away_from_0():
    assert fixed_point(torch.tensor([0.125, -0.125, 0.375, 0.1, -0.49, 9.0]), 5, 2, halves_away=True).tolist() == [
        0.25, -0.25, 0.5, 0, -0.5, 3.75]


X = {"x": torch.tensor([[0.3, 0.3, 0.3, 0.3, 0.6]]).double()}
PRODUCTS = "bw_multiply: 8 fl_multiply: 2 bw_add: 8 fl_add: %d rounding_time: EVERY_OPERATION%s"


def test_halves_of_the_products_are_added():
    """Products 0.3 and 0.6 are 0.25 and 0.5 in quarters. Sums in halves: 0.5 and 0.5, the first with the odd one 1; then 1.5."""
    assert fc(PRODUCTS % (1, ""), [[1.0] * 5], **X)(**X)["y0"].tolist() == [[1.5]]
    assert fc(PRODUCTS % (2, ""), [[1.0] * 5], **X)(**X)["y0"].tolist() == [[1.5]]
    # Sums in whole numbers: 0.25 + 0.25 is 1 (half away from 0), and 1 + 0.5 is 2; then 2 + 1.
    assert fc(PRODUCTS % (0, ""), [[1.0] * 5], **X)(**X)["y0"].tolist() == [[3]]


def test_products_are_added_one_after_the_other():
    """In whole numbers: 0.25 + 0.25 is 1, and 1 + 0.25 stays 1, twice; 1 + 0.5 is 2."""
    assert fc(PRODUCTS % (0, "_SERIAL"), [[1.0] * 5], **X)(**X)["y0"].tolist() == [[2]]


def test_the_bias_is_added_with_rounding_and_bounds():
    """3 bits without a fraction: from -4 to 3. Bits of the bias are its own."""
    x = {"x": torch.tensor([[2.0, 1], [-3, -3]]).double()}
    param = "bw_add: 3 fl_add: 0 bw_bias: 4 fl_bias: 1"
    assert fc(param, [[1.0, 1]], bias=[-0.6], **x)(**x)["y0"].tolist() == [[3], [-4]]  # 3 - 0.5 is 3; -6 is -4 before the bias
    layer_by_layer = fc(f"{param} rounding_time: LAYER_BY_LAYER", [[1.0, 1]], bias=[-0.6], **x)
    assert layer_by_layer(**x)["y0"].tolist() == [[2.5], [-6.5]]


PARAM = ("convolution_param { num_output: 4 kernel_size: 3 stride: 2 pad: 1 group: 2 bias_filler { type: 'uniform' } "
         "weight_filler { type: 'msra' } } quantization_param { %s bw_params: 6 fl_params: 4 bw_layer_in: 8 fl_layer_in: 5 "
         "bw_layer_out: 8 fl_layer_out: 3 }")


def away(x: torch.Tensor, width: int, fraction: int) -> torch.Tensor:
    return fixed_point(x, width, fraction, halves_away=True)


@pytest.mark.parametrize("time", ["EVERY_OPERATION", "EVERY_OPERATION_SERIAL", "LAYER_BY_LAYER"])
def test_a_convolution_whose_products_and_sums_are_exact_is_the_usual_one_of_rounded_numbers(time):
    """Products of 4 and 5 places behind the point have 9: with 16 of them none is lost."""
    x = draw(2, 6, 5, 7)
    net = one_layer("ConvolutionIVS", PARAM % f"rounding_time: {time}", x=x)
    weight, bias = net.params["l"]
    wanted = F.conv2d(away(x, 8, 5), away(weight, 6, 4), away(bias, 32, 16), 2, 1, 1, 2)
    assert net(x=x)["y0"].equal(away(wanted, 8, 3))


def test_products_of_a_convolution_are_rounded_one_by_one():
    x = draw(2, 6, 5, 7)
    net = one_layer("ConvolutionIVS", PARAM % "fl_multiply: 3", x=x)
    weight, bias = net.params["l"]
    columns = F.unfold(away(x, 8, 5), 3, padding=1, stride=2).reshape(2, 2, 1, 27, -1)
    products = away(columns * away(weight, 6, 4).reshape(1, 2, 2, 27, 1), 32, 3)
    wanted = away(products.sum(3).reshape(2, 4, -1) + away(bias, 32, 16)[:, None], 32, 16)
    assert net(x=x)["y0"].equal(away(wanted, 8, 3).reshape(2, 4, 3, 4))


@pytest.mark.parametrize("kind, param", [
    ("ConvolutionIVS", "convolution_param { num_output: 3 kernel_size: 2 weight_filler { type: 'msra' } }"),
    ("FcIVS", "inner_product_param { num_output: 3 transpose: true weight_filler { type: 'msra' } }"),
])
def test_gradients_are_those_of_rounded_weights(kind, param):
    """In TRAIN the bottom stays as it is, and weights of whole steps are not changed by rounding at random."""
    x = draw(2, 4, 3, 5).requires_grad_()
    net = one_layer(kind, f"{param} quantization_param {{ bw_params: 9 fl_params: 4 fl_multiply: 2 fl_add: 1 }}", "TRAIN", x=x)
    weight, bias = net.params["l"]
    with torch.no_grad():
        weight.copy_((weight * 16).round() / 16)
    grad_of_top = draw(*net.shapes["y0"], seed=3)
    found = torch.autograd.grad(net(x=x)["y0"], (x, weight, bias), grad_of_top)
    usual = F.conv2d(x, weight, bias) if "Conv" in kind else x.flatten(1) @ weight + bias
    for gradient, wanted in zip(found, torch.autograd.grad(usual, (x, weight, bias), grad_of_top)):
        torch.testing.assert_close(gradient, wanted)


def test_settings_that_are_refused():
    for setting, words in (("precision: MINIFLOAT", "`precision` than DYNAMIC_FIXED_POINT"), ("bw_add: 0", "`bw_add`"),
                           ("overflow_behavior: OVERFLOW_SIM", "`overflow_behavior` than TRIM_AT_THRESH")):
        with pytest.raises(SpecError, match=words):
            fc(setting, [[1.0] * 5], **X)
    with pytest.raises(SpecError, match="two spatial axes"):
        one_layer("ConvolutionIVS", "convolution_param { num_output: 4 kernel_size: 3 }", x=(2, 3, 5))
