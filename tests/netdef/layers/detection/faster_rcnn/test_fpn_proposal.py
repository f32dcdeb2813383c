"""FPNProposal: anchors, choice and levels."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef

PARAM = "fpn_proposal_param { feat_strides: 32 feat_strides: 256 anchor_scales: 1 anchor_ratios: 1 }"
# Anchors (0, 0, 31, 31), (32, 0, 63, 31) and (0, 0, 255, 255). Regions end a pixel later, as in py-faster-rcnn, and in the image.


def maps(*scores: float):
    """Scores of the first map of 1 x 2 places and of the second of one, with offsets of 0."""
    first = torch.tensor(scores[:2]).double().reshape(1, 1, 1, 2)
    second = torch.tensor(scores[2:]).double().reshape(1, 1, 1, 1)
    return {"a": torch.cat((1 - first, first), 1), "b": torch.zeros(1, 4, 1, 2).double(),
            "c": torch.cat((1 - second, second), 1), "d": torch.zeros(1, 4, 1, 1).double(),
            "i": torch.tensor([[200.0, 300, 1]]).double()}


@pytest.fixture(autouse=True)
def quiet(recwarn):
    yield


def test_regions_of_all_maps_by_score_and_by_level():
    all_, *levels, scores = tops_of("FPNProposal", PARAM, 6, **maps(0.2, 0.9, 0.5))
    assert [level.tolist() for level in levels] == [
        [[0, 32, 0, 64, 32], [0, 0, 0, 32, 32]], [[0] * 5], [[0, 0, 0, 256, 199]], [[0] * 5]]
    assert torch.equal(all_, torch.cat(levels)) and scores.flatten().tolist() == pytest.approx([0.9, 0.2, 0, 0.5, 0])


def test_regions_that_overlap_more_are_left_out_and_in_train_there_is_one_top():
    bottoms = maps(0.2, 0.9, 0.5)
    bottoms["b"][0, 0, 0, 0] = 1  # Of 32 pixels: the first anchor moves to where the second is.
    (regions,) = tops_of("FPNProposal", PARAM, 1, "TRAIN", **bottoms)
    assert regions.tolist() == [[0, 32, 0, 64, 32], [0, 0, 0, 256, 199]]


def test_each_further_scale_is_of_the_last_anchor():
    net = one_layer("FPNProposal", "fpn_proposal_param { anchor_scales: 8 anchor_scales: 2 anchor_ratios: 0.5 anchor_ratios: 2 }",
                    tops=5, a=(1, 8, 2, 3), b=(1, 16, 2, 3), i=(1, 3))
    # 4 x 8 = 32: 45 x 22 and 22 x 44; then twice 22 x 44, 44 x 88: 88 x 44 and 44 x 88. Corners lose their fractions.
    corners = [[float(int(1.5 + sign * (side - 1) / 2)) for sign in (-1, 1) for side in sides]
               for sides in ((45, 22), (22, 44), (88, 44), (44, 88))]
    assert [list(anchor) for anchor in net.get_submodule("l").anchors[0]] == corners


def test_maps_of_one_scale_are_those_of_the_first_version():
    net = one_layer("FPNProposal", tops=5, a=(1, 6, 2, 3), b=(1, 12, 2, 3), i=(1, 3))
    assert [len(anchors) for anchors in net.get_submodule("l").anchors] == [3]


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="1 maps and 2 `feat_strides`"):
        one_layer("FPNProposal", PARAM, tops=5, a=(1, 2, 2, 3), b=(1, 4, 2, 3), i=(1, 3))
    with pytest.raises(netdef.SpecError, match="has 3 tops; it makes one, or 5"):
        one_layer("FPNProposal", PARAM, tops=3, **maps(0, 0, 0))
    with pytest.raises(netdef.SpecError, match="1 anchors and wants"):
        one_layer("FPNProposal", PARAM, tops=5, **maps(0, 0, 0) | {"a": (1, 4, 1, 2)})
