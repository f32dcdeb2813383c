"""Volumes sampled where a matrix maps a grid, against the fork's loops."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef


def points(depth: int, height: int, width: int) -> list[list[float]]:
    """The fork's grid, written into memory as it writes it."""
    count = depth * height * width
    memory = [0.0] * (4 * count)
    for i in range(count):
        memory[3 * i : 3 * i + 4] = [i % height / height * 2 - 1, i % width / width * 2 - 1, i % depth / depth * 2 - 1, 1.0]
    return [memory[4 * k : 4 * k + 4] for k in range(count)]


def sampled(volume: torch.Tensor, matrix: list[float], size: tuple[int, int, int]) -> torch.Tensor:
    """A volume (D, H, W), point by point."""
    top = []
    for point in points(*size):
        mapped = [sum(matrix[4 * row + i] * point[i] for i in range(4)) for row in range(3)]
        place = [(coordinate + 1) / 3 * axis for coordinate, axis in zip(mapped, volume.shape)]
        total = 0.0
        for corner in range(8):
            index = [math.floor(value) + (corner >> axis & 1) for axis, value in enumerate(place)]
            if all(0 <= i < axis for i, axis in zip(index, volume.shape)):
                weight = math.prod(1 - abs(value - i) for value, i in zip(place, index))
                total += weight * float(volume[tuple(index)])
        top.append(total)
    return torch.tensor(top).double().view(size)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_each_point_by_hand(phase):
    x = draw(2, 3, 4, 3, 5)
    theta = torch.tensor([1.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]).double() + 0.3 * draw(2, 12, seed=2)
    net = one_layer("TridimSpatialTransformer", "tridim_st_param { output_D: 2 output_W: 6 }", phase, x=x, t=theta)
    top = net(x=x, t=theta)["y0"]
    assert top.shape == (2, 3, 2, 3, 6)
    for n in range(2):
        for c in range(3):
            assert torch.allclose(top[n, c], sampled(x[n, c], theta[n].tolist(), (2, 3, 6)))
    assert gradcheck(lambda x, t: net(x=x, t=t)["y0"], (x.requires_grad_(), theta.requires_grad_()))


def test_numbers_of_the_text():
    x, theta = draw(2, 3, 4, 3, 5), draw(2, 10, seed=2)
    net = one_layer("TridimSpatialTransformer", "tridim_st_param { theta_1_1: 0.5 theta_3_4: -0.25 }", x=x, t=theta)
    whole = torch.cat((torch.full((2, 1), 0.5), theta, torch.full((2, 1), -0.25)), 1)
    same = one_layer("TridimSpatialTransformer", x=x, t=whole)
    assert torch.equal(net(x=x, t=theta)["y0"], same(x=x, t=whole)["y0"])


def test_volumes_without_a_gradient():
    x, theta = draw(2, 3, 4, 3, 5).requires_grad_(), draw(2, 12, seed=2).requires_grad_()
    one_layer("TridimSpatialTransformer", "tridim_st_param { to_compute_dU: false }", x=x, t=theta)(
        x=x, t=theta)["y0"].sum().backward()
    assert x.grad is None and theta.grad.any()


@pytest.mark.parametrize(("param", "theta", "said"), [
    ("", (2, 11), "it wants 12 numbers for each volume"),
    ("theta_2_2: 1", (2, 12), "it wants 11 numbers for each volume"),
    ("transform_type: 'projective'", (2, 12), 'has `transform_type` "projective"'),
    ("output_H: 0", (2, 12), "has `output_H` 0"),
])
def test_what_does_not_fit(param, theta, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("TridimSpatialTransformer", f"tridim_st_param {{ {param} }}", x=(2, 3, 4, 3, 5), t=theta)
