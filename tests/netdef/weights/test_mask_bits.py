"""Masks as bits."""

from __future__ import annotations

import pytest
import torch

from netdef.weights.mask_bits import pack_mask, unpack_mask


def test_bits_are_row_by_row_lowest_first():
    kept = torch.tensor([[True, False, False], [True, True, False], [False, False, True]])
    assert pack_mask(kept) == bytes([0b00011001, 0b1])
    assert torch.equal(unpack_mask((3, 3), pack_mask(kept)), kept)
    assert torch.equal(unpack_mask((3, 3), pack_mask(kept.t().contiguous().t())), kept)
    with pytest.raises(ValueError, match=r"a mask of shape \(3, 3\) takes 2 bytes; 1 are there"):
        unpack_mask((3, 3), b"\x00")
    with pytest.raises(ValueError, match=r"a mask of shape \(3, 3\) has bits beyond its 9 weights"):
        unpack_mask((3, 3), b"\x00\x02")
    assert unpack_mask((0, 4), b"").shape == (0, 4)
