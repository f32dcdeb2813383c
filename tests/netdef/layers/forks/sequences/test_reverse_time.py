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


def test_sequences_on_any_axes():
    x = torch.arange(24.0).reshape(2, 3, 4).double()
    top = top_of("ReverseSequence", "reverse_sequence_param { seq_axis: 2 batch_axis: 1 }", x=x,
                 t=torch.tensor([2.0, 4, 9]).double())
    assert top[0].tolist() == [[1, 0, 2, 3], [7, 6, 5, 4], [11, 10, 9, 8]]
    assert torch.equal(top[1], top[0] + 12)
    top = top_of("ReverseSequence", "reverse_sequence_param { seq_axis: 1 }", x=x, t=torch.tensor([1.0, 3]).double())
    assert torch.equal(top, torch.stack((x[0], x[1].flip(0))))


@pytest.mark.parametrize(("param", "lengths"), [("seq_axis: 0", 2), ("seq_axis: 3", 2), ("seq_axis: 1", 3)])
def test_sequences_of_axes_that_are_not_there_are_refused(param: str, lengths: int):
    with pytest.raises(netdef.SpecError, match="another `batch_axis`|one length for each place of axis 0"):
        one_layer("ReverseSequence", f"reverse_sequence_param {{ {param} }}", x=(2, 3), t=(lengths,))


def test_the_axis_of_sequences_must_be_given():
    with pytest.raises(netdef.SpecError, match="ReverseSequenceParameter lacks `seq_axis`"):
        one_layer("ReverseSequence", "reverse_sequence_param { }", x=(2, 3), t=(2,))
