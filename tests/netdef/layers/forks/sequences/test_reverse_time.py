"""ReverseTime: lengths, and the steps behind them."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

X = torch.arange(12.0).reshape(4, 3, 1).double()  # step t of sequence n is 3 t + n.
LENGTHS = torch.tensor([4.0, 2, 0]).double()


def test_each_sequence_is_turned_up_to_its_length():
    top = top_of("ReverseTime", "reverse_time_param { copy_remaining: true }", x=X, t=LENGTHS)[..., 0]
    assert top[:, 0].tolist() == [9, 6, 3, 0]
    assert top[:, 1].tolist() == [4, 1, 7, 10]
    assert top[:, 2].tolist() == [2, 5, 8, 11]


def test_the_rest_is_0_without_copy_remaining():
    top = top_of("ReverseTime", x=X, t=LENGTHS)[..., 0]
    assert top[:, 1].tolist() == [4, 1, 0, 0] and top[:, 2].tolist() == [0] * 4


def test_lengths_of_another_number_are_refused():
    with pytest.raises(netdef.SpecError, match="one length for each sequence"):
        one_layer("ReverseTime", x=(4, 3, 2), t=(4,))
