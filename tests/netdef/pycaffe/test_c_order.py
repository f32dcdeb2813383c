"""Copies into C order."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from netdef.pycaffe.c_order import copy_all_to_c_order, copy_to_c_order

LAST = torch.channels_last


def numbers(*shape: int) -> Tensor:
    """Pairwise different numbers, in C order."""
    return torch.arange(torch.Size(shape).numel(), dtype=torch.float32).reshape(shape)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("shape", [(1, 24, 41, 39), (5, 17, 25, 21), (500, 16, 3, 2), (2, 6048, 3, 1), (1, 42_000, 1, 1)])
def test_large_tensors_in_channels_last(shape, threads, monkeypatch):
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    tensor = numbers(*shape).to(memory_format=LAST)
    array = torch.empty(shape)
    copy_to_c_order(tensor, array)
    assert torch.equal(array.flatten(), numbers(tensor.numel()))


@pytest.mark.parametrize("tensor", [
    numbers(2, 20, 3, 5).to(memory_format=LAST),  # few elements
    numbers(1, 3, 70, 60).to(memory_format=LAST),  # few channels
    numbers(2, 20, 30, 15),
    numbers(20, 2, 30, 15).transpose(0, 1),
    numbers(2, 20, 30, 30)[..., ::2].to(memory_format=LAST)[:, :, ::2],  # in no dense order
    numbers(40, 300).t(),
    numbers(7, 20, 10, 12, 3).permute(0, 4, 1, 2, 3),
    (numbers(2, 20, 30, 15) % 7 == 0).to(memory_format=LAST),
    numbers(2, 20, 30, 15).double().to(memory_format=LAST),
    numbers(3, 20, 30, 15).to(memory_format=LAST)[1:],  # not from the first element of its memory on
    torch.tensor(1.5),
])
def test_tensors_of_other_orders_sizes_and_types(tensor):
    array = torch.empty(tensor.shape)
    copy_to_c_order(tensor, array)
    assert array.tolist() == tensor.float().tolist()


def test_numbers_that_are_none_are_copied_as_bits():
    tensor = numbers(1, 16, 25, 26).fill_(float("nan")).to(memory_format=LAST)
    tensor[0, 3, 2, 1] = -0.0
    array = torch.empty(tensor.shape)
    copy_to_c_order(tensor, array)
    assert torch.equal(array.view(torch.int32), tensor.contiguous().view(torch.int32))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_many_tensors_at_once(count):
    tensors = [numbers(7).double(), numbers(1, 24, 41, 40).to(memory_format=LAST), numbers(2, 5, 3, 4).to(memory_format=LAST)]
    tensors = tensors[:count]
    arrays = [torch.empty(tensor.shape) for tensor in tensors]
    copy_all_to_c_order(tensors, arrays)
    for tensor, array in zip(tensors, arrays):
        assert torch.equal(array.flatten(), numbers(tensor.numel()))
    copy_all_to_c_order([], [])
