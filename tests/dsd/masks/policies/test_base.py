"""The base class of mask policies."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch

from dsd.masks.mask import MaskError, WeightMask
from dsd.masks.policies.base import MaskPolicy, register
from dsd.masks.policies.channel import channel_mask
from dsd.masks.policies.gradual import gradual_mask
from dsd.masks.policies.n_of_m import n_of_m_mask
from netdef.layers.core.channels import ChannelLayout


@dataclass(frozen=True)
class Shift(MaskPolicy):
    """Keeps the first weights by index, and from iteration ``moment`` on the last ones."""

    moment: int = 2

    message_fields = ("mask_end",)

    @classmethod
    def read(cls, message, complain):
        if message.mask_end == 0:
            complain("`mask_end` is 0; Shift wants more", "mask_end")
        return cls(message.mask_end)

    def first_mask(self, weight, sparsity, seed):
        count = self.kept_count(weight, sparsity, 0)
        return WeightMask((torch.arange(weight.tensor.numel()) < count).view(weight.tensor.shape))

    def changes_at(self, iteration):
        return iteration == self.moment

    def changed_mask(self, weight, mask, sparsity, iteration, seed):
        return mask.kept.flatten().flip(0).view(mask.kept.shape)

    def kept_count(self, weight, sparsity, iteration):
        return int(weight.tensor.numel() * (1 - sparsity))


PLAIN = ChannelLayout().by_channel


@pytest.mark.parametrize("mask", [
    lambda w: gradual_mask(w, torch.ones_like(w, dtype=torch.bool), 0.5),
    lambda w: n_of_m_mask(w, PLAIN, 1, 2),
    lambda w: channel_mask(w, PLAIN, 0.5),
])
def test_nan_is_refused(mask):
    with pytest.raises(MaskError, match="1 NaN among its"):
        mask(torch.tensor([[1.0, float("nan")], [2, 3]]))


def test_a_taken_name_is_refused():
    with pytest.raises(ValueError, match="mask policy FIXED is already Fixed"):
        register("FIXED")(Shift)
