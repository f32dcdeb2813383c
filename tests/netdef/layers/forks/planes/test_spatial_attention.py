"""SpatialSoftmax, SoftAttention and GaussianAttention by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_spatial_softmax_of_each_map():
    x = torch.tensor([[[[0.0, math.log(3)]], [[math.log(2), math.log(2)]]]]).double()
    assert top_of("SpatialSoftmax", x=x).flatten().tolist() == pytest.approx([1 / 4, 3 / 4, 1 / 2, 1 / 2])
    warm = top_of("SpatialSoftmax", "spatial_softmax_param { temperature: 0.5 }", x=x)
    assert warm.flatten().tolist() == pytest.approx([1 / 10, 9 / 10, 1 / 2, 1 / 2])
    with pytest.raises(netdef.SpecError, match="temperature"):
        one_layer("SpatialSoftmax", "spatial_softmax_param { temperature: 0 }", x=(1, 2, 3, 4))


def test_soft_attention_sums_over_places():
    x = torch.tensor([[[[1.0, 2]], [[3, 4]]]]).double()
    top = top_of("SoftAttention", x=x, a=torch.tensor([[[[10.0, 100]]]]).double(), b=torch.tensor([[2.0]]).double())
    assert top.shape == (1, 2, 1, 1) and top.flatten().tolist() == [420, 860]
    with pytest.raises(netdef.SpecError, match="weight for each place"):
        one_layer("SoftAttention", x=(2, 3, 5, 4), a=(2, 3, 5, 4), b=(2,))


def test_gaussian_attention_weighs_channels_by_their_point():
    x = torch.ones(1, 4, 2, 3).double()
    points = torch.tensor([[[[0.0, -1], [-3, 1]]]]).double()  # -3 counts as -1.
    top = top_of("GaussianAttention", "gaussian_attention_param { sigma: 2 }", x=x, p=points)
    density = [math.exp(-(away / 2) ** 2 / 2) / 2 / math.sqrt(2 * math.pi) for away in (0, 1, 2)]
    assert top[0, 1, 0].tolist() == pytest.approx([density[1] * density[0], density[0] ** 2, density[1] * density[0]])
    assert top[0, 2, 0].tolist() == pytest.approx([density[i] * density[2] for i in range(3)])
    assert torch.equal(top[0, 0], top[0, 1])


def test_a_point_beyond_the_map_has_the_gradient_of_the_border():
    x, param = draw(1, 1, 3, 4), "gaussian_attention_param { sigma: 0.7 }"
    gradients = []
    for place in (1.0, 1.5):
        points = torch.tensor([[[[0.2, place]]]]).double().requires_grad_()
        top_of("GaussianAttention", param, x=x, p=points).sum().backward()
        gradients.append(points.grad)
    assert torch.allclose(*gradients) and gradients[0].abs().min() > 0


def test_gaussian_attention_refuses_points_that_do_not_fit():
    with pytest.raises(netdef.SpecError, match="divides the channels"):
        one_layer("GaussianAttention", x=(2, 3, 5, 4), p=(2, 1, 2, 2))
    with pytest.raises(netdef.SpecError, match="sigma"):
        one_layer("GaussianAttention", "gaussian_attention_param { sigma: 0.05 }", x=(2, 4, 5, 4), p=(2, 1, 2, 2))
