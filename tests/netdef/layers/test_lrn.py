"""LRN against its definition, with autograd's gradient of it."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError


def build(param: str, shape: tuple[int, ...] = (2, 7, 5, 4)) -> netdef.Net:
    dims = " ".join(f"dim: {size}" for size in shape)
    return netdef.loads(
        f'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }}'
        f'layer {{ name: "l" type: "LRN" bottom: "x" top: "y" lrn_param {{ {param} }} }}')


def definition(x: torch.Tensor, within: bool, size: int, alpha: float, beta: float, k: float) -> torch.Tensor:
    half, squares = size // 2, x * x
    total = torch.zeros_like(x)
    for c in range(x.shape[1]):
        for h in range(x.shape[2]):
            for w in range(x.shape[3]):
                if within:
                    seen = squares[:, c : c + 1, max(h - half, 0) : h + half + 1, max(w - half, 0) : w + half + 1]
                else:
                    seen = squares[:, max(c - half, 0) : c + half + 1, h : h + 1, w : w + 1]
                total[:, c, h, w] = seen.sum((1, 2, 3))
    return x * (k + alpha * total / size ** (2 if within else 1)) ** -beta


@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("beta", [0.75, 0.5, 1.25])
@pytest.mark.parametrize("size", [1, 3, 5, 17])
@pytest.mark.parametrize("within", [False, True])
def test_values_and_gradients_are_those_of_the_definition(within, size, beta, memory):
    region = "WITHIN_CHANNEL" if within else "ACROSS_CHANNELS"
    net = build(f"local_size: {size} alpha: 0.25 beta: {beta} k: 2 norm_region: {region}")
    x = torch.randn(2, 7, 5, 4, dtype=torch.float64).contiguous(memory_format=memory).requires_grad_()
    expected = definition(x, within, size, 0.25, beta, 1.0 if within else 2.0)  # within a channel, k is not read
    y = net(x=x)["y"]
    torch.testing.assert_close(y, expected)
    slope = torch.randn_like(y)
    torch.testing.assert_close(torch.autograd.grad(y, x, slope), torch.autograd.grad(expected, x, slope))


def test_top_keeps_the_memory_order_of_its_bottom():
    x = torch.randn(2, 7, 5, 4).contiguous(memory_format=torch.channels_last)
    assert build("")(x=x)["y"].is_contiguous(memory_format=torch.channels_last)


def test_an_even_window_is_refused():
    with pytest.raises(SpecError, match="`local_size` 4; it must be odd"):
        build("local_size: 4")


def test_a_batch_too_large_for_the_cache_is_worked_on_in_parts():
    net = build("alpha: 0.5", (5, 7, 100, 101))
    x = torch.randn(5, 7, 100, 101).requires_grad_()
    slope = torch.randn_like(x)
    y = net(x=x)["y"]
    (whole,) = torch.autograd.grad(y, x, slope)
    for i in range(5):
        image = x[i : i + 1].detach().requires_grad_()
        alone = net(x=image)["y"]
        assert alone.equal(y[i : i + 1])
        assert torch.autograd.grad(alone, image, slope[i : i + 1])[0].equal(whole[i : i + 1])
