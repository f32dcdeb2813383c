"""Masks in the state dict of an attached run."""

from __future__ import annotations

import io

import pytest
import torch
from plain_loop import Net
from torch import optim

from dsd.attached.attach import attach
from dsd.attached.mask_state import mask_entries, read_entries
from dsd.attached.phases import AttachError, Sparse
from dsd.engine.enforce import MaskKeeper
from dsd.masks.mask import WeightMask


def keeper_of(*phases: Sparse) -> MaskKeeper:
    """Of a model whose ``fc2.weight`` has 4 x 7 elements and ``fc1.weight`` 7 x 45."""
    model = Net()
    return attach(model, optim.SGD(model.parameters(), lr=0.1), phases or [Sparse(5, sparsity=0.4)]).keeper


def test_an_entry_is_bits_row_by_row_the_lowest_first():
    kept = torch.tensor([[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 1, 1]]).bool()
    (entry,) = mask_entries({"w": WeightMask(kept, threshold=0.25)}).values()
    bits = 0b0001_1001, 0b0000_1100  # elements 0, 3, 4; 10, 11
    assert entry.pop("bits").tolist() == list(bits) and entry == {"shape": [4, 3], "under": None, "threshold": 0.25}


def test_masks_come_back_from_a_file_of_weights_only():
    keeper = keeper_of(Sparse(5, mask_policy="DYNAMIC", sparsity=0.4))
    file = io.BytesIO()
    torch.save(mask_entries(keeper.in_force), file)
    read = read_entries(torch.load(io.BytesIO(file.getvalue()), weights_only=True), keeper, 0)
    assert list(read) == list(keeper.in_force) == ["conv2.weight", "fc1.weight", "fc2.weight"]
    for key, mask in keeper.in_force.items():
        assert torch.equal(read[key].kept, mask.kept) and read[key].threshold == mask.threshold
        assert torch.equal(read[key].under, mask.under) and read[key].under.count_nonzero() == (~mask.kept).sum()


def test_what_is_kept_under_a_mask_is_a_copy():
    under = torch.tensor([0.0, 5])
    entries = mask_entries({"w": WeightMask(torch.tensor([True, False]), under)})
    under.fill_(9)
    assert entries["w"]["under"].tolist() == [0, 5]


def test_states_that_do_not_fit():
    keeper = keeper_of()
    entries = mask_entries(keeper.in_force)
    for wrong, said in [
        ({"fc9.weight": entries["fc1.weight"]}, "the state has a mask of `fc9.weight`, which the model does not have"),
        ({"fc1.weight": entries["fc2.weight"]}, r"mask of `fc1.weight` has shape \(4, 7\), the weight \(7, 45\)"),
        ({k: v for k, v in entries.items() if k != "fc2.weight"},
         "the state has no mask of `fc2.weight`, which phase 1 prunes"),
    ]:
        with pytest.raises(AttachError, match=said):
            read_entries(wrong, keeper, 0)
    with pytest.raises(AttachError, match="does not have the values under the mask of `conv2.weight`; was it made with other"):
        read_entries(entries, keeper_of(Sparse(5, mask_policy="DYNAMIC", sparsity=0.4)), 0)
