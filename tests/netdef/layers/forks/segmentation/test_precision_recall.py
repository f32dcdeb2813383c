"""PR: precision, recall and their like."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef


def test_shares_of_seven_numbers():
    """Without the ignored one: 3 right of 4 positives, one missed, one right negative; 0.5 is positive, and so is label 3."""
    x = torch.tensor([[0.9, 0.5, 0.8, 0.7], [0.4, 0.1, 0.6, 0.2]]).double()
    labels = torch.tensor([[1.0, 3, 1, 0.9], [1, 0, 2, 2]]).double()
    tops = tops_of("PR", "precision_recall_param { ignore_label: 2 }", 5, x=x, t=labels)
    assert [top.item() for top in tops] == pytest.approx([3 / 4, 3 / 4, 4 / 6, 1 / 2, 3 / 4])


def test_shares_of_none_are_0():
    x, labels = torch.tensor([0.2, 0.3]).double(), torch.tensor([0.0, 0]).double()
    assert [top.item() for top in tops_of("PR", "", 5, x=x, t=labels)] == [0, 0, 1, 1, 0]
    none = tops_of("PR", "precision_recall_param { thresh: 0.1 ignore_label: 0 }", 5, x=x, t=labels)
    assert [top.item() for top in none] == [0] * 5


def test_bottoms_of_other_sizes_are_refused():
    with pytest.raises(netdef.SpecError, match="PR"):
        one_layer("PR", "", tops=5, x=(2, 3), t=(2, 4))
