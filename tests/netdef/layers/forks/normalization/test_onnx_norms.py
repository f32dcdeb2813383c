"""LayerNorm, LpNormalization and LogSoftmax by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_items_with_mean_0_and_variance_1():
    x = draw(2, 3, 5)
    flat = x.flatten(1)
    mean, variance = flat.mean(1, keepdim=True), flat.var(1, correction=0, keepdim=True)
    wanted = ((flat - mean) / (variance + 0.25).sqrt()).reshape(x.shape)
    torch.testing.assert_close(top_of("LayerNorm", "layer_norm_param { eps: 0.25 elementwise_affine: false }", x=x), wanted)
    net = one_layer("LayerNorm", "layer_norm_param { eps: 0.25 }", x=x)
    torch.testing.assert_close(net(x=x)["y0"], wanted)
    scale, bias = net.params["l"]
    with torch.no_grad():
        scale.copy_(draw(3, 5, seed=2))
        bias.copy_(draw(3, 5, seed=3))
    torch.testing.assert_close(net(x=x)["y0"], wanted * scale + bias)


def test_vectors_of_length_1():
    x = torch.tensor([[3.0, 0], [-4, 2]]).double()
    assert top_of("LpNormalization", "lp_normalization_param { axis: 0 }", x=x).tolist() == [[0.6, 0], [-0.8, 1]]
    top = top_of("LpNormalization", "lp_normalization_param { axis: [1, 0] p: 1 }", x=x)
    torch.testing.assert_close(top, x / 9)
    top = top_of("LpNormalization", "lp_normalization_param { axis: -1 p: 3 }", x=x)
    torch.testing.assert_close(top, torch.tensor([[1, 0], [-4 / 72 ** (1 / 3), 2 / 72 ** (1 / 3)]]).double())


def test_without_an_axis_each_number_is_a_vector():
    top = top_of("LpNormalization", x=torch.tensor([3.0, -0.5, 0]).double())
    assert top[:2].tolist() == [1, -1] and math.isnan(top[2])


@pytest.mark.parametrize(("param", "said"), [("p: 0", "`p`"), ("axis: [1, -1]", "an axis twice"), ("axis: 2", "wants axis 2")])
def test_vectors_that_are_none_are_refused(param: str, said: str):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("LpNormalization", f"lp_normalization_param {{ {param} }}", x=(2, 3))


def test_logarithms_of_a_softmax():
    x = torch.tensor([[1.0, 2, 4], [0, 500, 0]]).double()
    total = math.log(math.e + math.exp(2) + math.exp(4))
    least = math.log(2.0**-149)
    top = top_of("LogSoftmax", x=x)
    torch.testing.assert_close(top, torch.tensor([[1 - total, 2 - total, 4 - total], [least, 0, least]]).double())
    top = top_of("LogSoftmax", "log_softmax_param { axis: 0 }", x=x)
    assert top[:, 0].tolist() == pytest.approx([1 - math.log(math.e + 1), -math.log(math.e + 1)])
