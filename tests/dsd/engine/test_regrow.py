"""Values of pruned weights when the next phase begins."""

from __future__ import annotations

import pytest
import torch

from dsd.engine.phase import Regrow
from dsd.engine.regrow import regrow
from dsd.masks.mask import MaskError, NamedWeight, WeightMask
from netdef.layers.core.channels import ChannelLayout

KEPT = torch.tensor([[True, False, True], [False, True, True]])


def weight(key: str = "m", fill=None) -> NamedWeight:
    values = torch.tensor([[1.0, 0, 2], [0, 3, 4]])
    return NamedWeight(key, "ip", "ip.weight", torch.nn.Parameter(values), ChannelLayout().by_channel, fill=fill)


def test_zero_and_saved_set_their_values():
    named = weight()
    regrow(named, WeightMask(KEPT, torch.tensor([[0.0, 8, 0], [9, 0, 0]])), Regrow.ZERO, 1)
    assert named.tensor.tolist() == [[1, 0, 2], [0, 3, 4]]
    regrow(named, WeightMask(KEPT, torch.tensor([[0.0, 8, 0], [9, 0, 0]])), Regrow.SAVED, 1)
    assert named.tensor.tolist() == [[1, 8, 2], [9, 3, 4]]


def test_the_draw_of_a_filler_follows_from_seed_and_mask():
    drawn = []
    for key, seed in (("m", 1), ("m", 1), ("m", 2), ("n", 1)):
        named = weight(key, fill=lambda tensor: tensor.uniform_(5, 6))
        regrow(named, WeightMask(KEPT), Regrow.FILLER, seed)
        assert named.tensor[KEPT].tolist() == [1, 2, 3, 4]
        drawn.append(tuple(named.tensor[~KEPT].tolist()))
    assert all(5 <= value < 6 for pair in drawn for value in pair)
    assert drawn[0] == drawn[1] and len(set(drawn)) == 3


def test_a_weight_without_a_filler_is_refused():
    with pytest.raises(MaskError, match="`regrow: FILLER`: `ip.weight` has no filler"):
        regrow(weight(), WeightMask(KEPT), Regrow.FILLER, 1)
