"""Noise added in training."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_normal_noise_is_as_large_as_a_part_of_the_blob():
    x = 3 * draw(40, 50)
    noise = top_of("Noise", "noise_param { gaussian_std: 0.1 bias: 2 }", "TRAIN", x=x) - x
    scale = 0.1 * x.square().mean().sqrt()
    assert abs(noise.mean() - 2) < 6 * scale / 2000**0.5
    assert abs(noise.std() / scale - 1) < 6 / 4000**0.5


def test_uniform_noise_lies_within_its_range():
    noise = top_of("Noise", "noise_param { uniform_range: 0.5 bias: 1 }", "TRAIN", x=torch.zeros(40, 50).double())
    assert 0.5 <= noise.min() < 0.52 and 1.48 < noise.max() <= 1.5
    assert abs(noise.mean() - 1) < 6 * (1 / 12 / 2000) ** 0.5


def test_no_noise_in_test_and_a_gradient_of_one():
    x = draw(2, 3).requires_grad_()
    assert torch.equal(top_of("Noise", "noise_param { gaussian_std: 1 }", x=x), x)
    for kind in ("gaussian_std", "uniform_range"):
        top = one_layer("Noise", f"noise_param {{ {kind}: 1 }}", "TRAIN", x=x)(x=x)["y0"]
        assert torch.equal(*torch.autograd.grad(top.sum(), x), torch.ones(2, 3).double())


def test_noise_of_no_size_is_refused():
    with pytest.raises(netdef.SpecError, match="needs `gaussian_std` or `uniform_range`"):
        one_layer("Noise", x=(2, 3))
    with pytest.raises(netdef.SpecError, match="has `gaussian_std` -1; it must be at least 0"):
        one_layer("Noise", "noise_param { gaussian_std: -1 }", x=(2, 3))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_random_noise_in_both_phases(phase):
    x = draw(40, 50).requires_grad_()
    top = one_layer("RandomNoise", "random_noise_param { mu: 3 sigma: 0.5 }", phase, x=x)(x=x)["y0"]
    noise = (top - x).detach()
    assert abs(noise.mean() - 3) < 6 * 0.5 / 2000**0.5 and abs(noise.std() / 0.5 - 1) < 6 / 4000**0.5
    assert torch.equal(*torch.autograd.grad(top.sum(), x), torch.ones(40, 50).double())


def test_random_noise_that_adapts_is_as_large_as_a_part_of_each_value():
    x = torch.cat((torch.full((1, 2000), -8.0), torch.zeros(1, 2000))).double()
    noise = top_of("RandomNoise", "random_noise_param { mu: 3 adaptive_sigma: true adaptive_factor: 0.25 }", x=x) - x
    for row, scale in zip(noise, (2, 1)):  # the mean of all sizes is 4
        assert abs(row.mean()) < 6 * scale / 2000**0.5 and abs(row.std() / scale - 1) < 6 / 4000**0.5
    with pytest.raises(netdef.SpecError, match="has `sigma` -1; it must be at least 0"):
        one_layer("RandomNoise", "random_noise_param { sigma: -1 }", x=(2, 3))
