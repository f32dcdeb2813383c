"""ROIPadding by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_margins_are_shares_of_the_sides():
    regions = torch.tensor([[0.0, 2, 4, 5, 11], [1, 0, 0, 9, 1]]).double()  # 4 x 8 and 10 x 2
    top = top_of("ROIPadding", "roi_padding_param { pad_ratio: 0.5 }", r=regions)
    assert top.tolist() == [[0, 0, 0, 7, 15], [1, -5, -1, 14, 2]]


def test_what_is_missing():
    with pytest.raises(netdef.SpecError, match="needs a `pad_ratio`"):
        one_layer("ROIPadding", r=(2, 5))
    with pytest.raises(netdef.SpecError, match="regions of 5 numbers"):
        one_layer("ROIPadding", "roi_padding_param { pad_ratio: 0.5 }", r=(2, 4))
