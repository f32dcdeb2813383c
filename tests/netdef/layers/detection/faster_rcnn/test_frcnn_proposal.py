"""FrcnnProposal: regions with the settings of a file that is not read."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

import netdef


@pytest.mark.parametrize("phase, words", [("TRAIN", "12000 regions, 2000"), ("TEST", "6000 regions, 300")])
def test_settings_of_a_file_that_is_not_read(phase, words):
    """The third anchor of the place in row 1, column 2 alone is likely; its box is not moved, but clipped to the image."""
    scores, offsets = torch.zeros(1, 18, 4, 5).double(), torch.zeros(1, 36, 4, 5).double()
    scores[0, 9 + 2, 1, 2] = 1
    info = torch.tensor([[60.0, 900, 1]]).double()
    text = "proposal_param { feat_stride: 8 }"
    with pytest.warns(UserWarning, match=words):
        net = one_layer("FrcnnProposal", text, phase, s=scores, o=offsets, i=info)
    assert net(s=scores, o=offsets, i=info)["y0"][0].tolist() == [0, 0, 0, 16 + 376, 59]  # both corners are part of an anchor


def test_other_anchors_than_those_of_the_file_are_refused():
    with pytest.raises(netdef.SpecError, match="has 9 anchors .*those of a file of settings are not read"):
        one_layer("FrcnnProposal", s=(1, 24, 4, 5), o=(1, 48, 4, 5), i=(1, 3))
