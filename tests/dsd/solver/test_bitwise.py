"""Zeroing by bits, and norms under masks."""

from __future__ import annotations

import math

import pytest
import torch

from dsd.solver import bitwise
from dsd.solver.bitwise import keep_bits, norm, zero_pruned_

LAYOUTS = {
    "contiguous": lambda t: t.contiguous(),
    "channels_last": lambda t: t.contiguous(memory_format=torch.channels_last),
    "transposed": lambda t: t.transpose(0, 2).contiguous().transpose(0, 2),
    "gaps": lambda t: torch.cat([t, t], 3)[..., : t.shape[3]],
}


@pytest.fixture(params=[7, 1 << 18], ids=["pieces", "whole"])
def piece(request, monkeypatch):
    monkeypatch.setattr(bitwise, "_PIECE", request.param)
    monkeypatch.setattr(bitwise, "_NORM_PIECE", request.param)


def random_case(layout: str, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(4)
    tensor = LAYOUTS[layout](torch.randn(2, 3, 4, 5, generator=generator, dtype=torch.float64).to(dtype))
    return tensor, torch.rand(2, 3, 4, 5, generator=generator) < 0.6


def is_plus_zero(tensor: torch.Tensor) -> bool:
    return bool((tensor == 0).all() and not tensor.signbit().any())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_zeroes_exactly_the_pruned(piece, layout, dtype):
    tensor, kept = random_case(layout, dtype)
    before = tensor.clone()
    keep = keep_bits(tensor, kept)
    zero_pruned_(tensor, keep)
    assert torch.equal(tensor[kept], before[kept])
    assert is_plus_zero(tensor[~kept])
    if layout != "gaps":
        assert keep.stride() == tensor.stride()
    # A gradient may lie otherwise than its parameter.
    grad = before.contiguous(memory_format=torch.channels_last)
    zero_pruned_(grad, keep)
    assert torch.equal(grad, tensor)


def test_every_special_value_becomes_plus_zero_and_survives_where_kept():
    special = torch.tensor([math.nan, math.inf, -math.inf, -0.0, -1.0, 1e-45])
    tensor = torch.stack([special, special])
    kept = torch.tensor([[False] * 6, [True] * 6])
    zero_pruned_(tensor, keep_bits(tensor, kept))
    assert is_plus_zero(tensor[0])
    assert torch.equal(tensor[1].view(torch.int32), special.view(torch.int32))


def test_a_mask_that_keeps_all_is_dropped():
    weight = torch.nn.Parameter(torch.ones(3, 2))
    assert keep_bits(weight, torch.ones(3, 2, dtype=torch.bool)) is None
    assert keep_bits(weight, torch.zeros(3, 2, dtype=torch.bool)).tolist() == [[0, 0]] * 3
    with pytest.raises(ValueError, match=r"\(2, 3\) for a parameter of shape \(3, 2\)"):
        keep_bits(weight, torch.ones(2, 3, dtype=torch.bool))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_norm_ignores_pruned_elements(piece, layout):
    tensor, kept = random_case(layout, torch.float32)
    other = torch.tensor([3.0, -4.0])
    keep = keep_bits(tensor, kept)
    exact = tensor.double()
    assert norm([(tensor, None), (other, None)]).item() == pytest.approx(math.sqrt(exact.square().sum() + 25), rel=1e-6)
    active = norm([(tensor, keep), (other, None)])
    assert active.item() == pytest.approx(math.sqrt(exact[kept].square().sum() + 25), rel=1e-6)
    before = tensor.clone()
    zero_pruned_(tensor, keep)
    assert not torch.equal(before, tensor)
    if layout != "gaps":
        assert torch.equal(norm([(tensor, None), (other, None)]), active), "to the bit: constraints share the norm"


def test_norm_of_a_large_tensor_is_exact_enough():
    assert norm([(torch.full((3_000_000,), 0.01), None)]).item() == pytest.approx(0.01 * math.sqrt(3e6), rel=5e-5)
