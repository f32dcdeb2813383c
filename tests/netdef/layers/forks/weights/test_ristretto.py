"""Ristretto's roundings by arithmetic, and where its layers round."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer

import netdef
from netdef.layers.forks.weights.ristretto import fixed_point, minifloat, power_of_two
from netdef.testing import check_layer


def doubles(*values):
    return torch.tensor(values).double()


def test_fixed_point():
    """5 bits, 2 of them behind the point: quarters from -4 to 3.75."""
    x = doubles(0.3, -0.4, 0.125, 0.375, 9, -9, 3.7)
    assert fixed_point(x, 5, 2).tolist() == [0.25, -0.5, 0, 0.5, 3.75, -4, 3.75]
    assert fixed_point(x, 5, 2, doubles(0, 0, 0.6, 0.4, 0.9, 0.9, 0.1)).tolist() == [0.25, -0.5, 0.25, 0.25, 3.75, -4, 3.5]
    assert fixed_point(doubles(37, -70), 8, -3).tolist() == [40, -72]


def test_minifloats():
    """3 bits of mantissa and 3 of exponent: eighths between powers of two from 2^-3 to 2^4; its greatest number is 30."""
    x = doubles(1.3, -1.3, 0.125, 0.124, 0, 27, 31.9, 32, -1e9, 0.9999)
    assert minifloat(x, 3, 3).tolist() == [1.25, -1.25, 0.125, 0, 0, 28, 32, 30, -30, 1]
    assert minifloat(doubles(1.3, 27), 3, 3, doubles(0.7, 0.1)).tolist() == [1.375, 26]


def test_powers_of_two():
    x = doubles(0.3, -0.7, 5, 1e-9, 0, -0.1)
    assert power_of_two(x, -3, 1).tolist() == [0.25, -0.5, 2, 0.125, 0.125, -0.125]
    assert power_of_two(doubles(0.3, -0.3), -3, 1, doubles(0.7, 0.8)).tolist() == [0.25, -0.5]


PARAM = ("convolution_param { num_output: 4 kernel_size: 3 bias_filler { type: 'uniform' } weight_filler { type: 'msra' } } "
         "quantization_param { bw_params: 6 fl_params: 4 bw_layer_in: 8 fl_layer_in: 5 bw_layer_out: 8 fl_layer_out: 3 %s }")


def test_in_test_all_numbers_are_rounded():
    x = draw(2, 3, 5, 6)
    net = one_layer("ConvolutionRistretto", PARAM % "", x=x)
    weight, bias = (fixed_point(blob, 6, 4) for blob in net.params["l"])
    wanted = fixed_point(F.conv2d(fixed_point(x, 8, 5), weight, bias), 8, 3)
    assert net(x=x)["y0"].equal(wanted)


def test_in_training_weights_alone_are_rounded_at_random_and_gradients_pass():
    x = torch.eye(200).double().requires_grad_()
    param = ("inner_product_param { num_output: 3 bias_term: false weight_filler { type: 'msra' } } "
             "quantization_param { bw_params: 8 fl_params: 4 }")
    net = one_layer("FcRistretto", param, "TRAIN", x=x)
    (weight,) = net.params["l"]
    first, second = (net(x=x)["y0"].detach().t() for _ in range(2))
    for rounded in (first, second):
        assert (rounded * 16).equal((rounded * 16).round()) and (rounded - weight).abs().max() < 1 / 16
        assert abs(float((rounded - weight).mean())) < 6 * (1 / 16) / 600**0.5
    assert not first.equal(second)
    (2 * net(x=x * 0.3)["y0"]).sum().backward()
    torch.testing.assert_close(weight.grad, torch.full_like(weight, 0.6))


@pytest.mark.parametrize(("precision", "of_weight", "of_bias"), [
    ("MINIFLOAT mant_bits: 4 exp_bits: 5", lambda blob: minifloat(blob, 4, 5), lambda blob: minifloat(blob, 4, 5)),
    ("INTEGER_POWER_OF_2_WEIGHTS exp_min: -6", lambda blob: power_of_two(blob, -6, -1), lambda blob: blob),
])
def test_the_other_precisions(precision, of_weight, of_bias):
    x = draw(2, 5)
    param = (f"inner_product_param {{ num_output: 3 bias_filler {{ type: 'uniform' }} weight_filler {{ type: 'msra' }} }} "
             f"quantization_param {{ precision: {precision} bw_layer_in: 8 fl_layer_in: 5 bw_layer_out: 8 fl_layer_out: 3 }}")
    net = one_layer("FcRistretto", param, x=x)
    weight, bias = net.params["l"]
    before, after = (of_weight, of_weight) if "MINI" in precision else (
        lambda blob: fixed_point(blob, 8, 5), lambda blob: fixed_point(blob, 8, 3))
    torch.testing.assert_close(net(x=x)["y0"], after(before(x) @ of_weight(weight).t() + of_bias(bias)))


def test_refused_settings():
    with pytest.raises(netdef.SpecError, match="`bw_params`"):
        one_layer("FcRistretto", "inner_product_param { num_output: 3 } quantization_param { bw_params: 0 }", x=(2, 5))
    with pytest.raises(netdef.SpecError, match="has an `exp_min` of 3 above its `exp_max` of -1"):
        one_layer("FcRistretto", "inner_product_param { num_output: 3 } quantization_param { exp_min: 3 }", x=(2, 5))


def test_a_usual_layers_quantization_is_ignored_as_before():
    with pytest.warns(UserWarning, match="quantization_param"):
        net = one_layer("InnerProduct", "inner_product_param { num_output: 3 } quantization_param { bw_params: 8 }", x=(2, 5))
    assert net.shapes["y0"] == (2, 3)

def test_weights_of_qr_dnn_stay_as_they_are():
    x = draw(2, 3, 5, 6)
    for phase in ("TRAIN", "TEST"):
        net = one_layer("ConvolutionInq", PARAM % "", phase, x=x)
        weight, bias = net.params["l"]
        exact = F.conv2d(x if phase == "TRAIN" else fixed_point(x, 8, 5), weight, bias)
        assert net(x=x)["y0"].equal(exact if phase == "TRAIN" else fixed_point(exact, 8, 3))


def test_qr_dnns_inner_product_learns_in_training():
    check_layer("layer { name: 'l' type: 'FcInq' bottom: 'x' top: 'y' inner_product_param { num_output: 3 "
                "weight_filler { type: 'msra' } } quantization_param { precision: INTEGER_POWER_OF_2_WEIGHTS bw_layer_in: 8 } }",
                x=(2, 5))
