"""HardMining: the regions with the largest losses."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef

SCORES = torch.tensor([0.5, 0.9, 0.1, 0.7, 0.9, 0.2])
ROIS = torch.tensor([[0.0, 1, 2, 3, 4], [1, 5, 6, 7, 8], [0, 9, 8, 7, 6], [1, 5, 4, 3, 2], [1, 1, 3, 5, 7], [1, 2, 4, 6, 8]])
LABELS = torch.arange(6.0).reshape(6, 1)


@pytest.mark.parametrize(("each", "images", "chosen"), [
    (1, 2, [0, 4]),  # of 0.9 twice in image 1 the later
    (2, 2, [0, 1, 2, 4]),
    (3, 2, [0, 1, 2, 3, 4, 5]),  # image 0 has two; the largest of the others of image 1 fills up
    (2, 3, [0, 1, 2, 3, 4, 5]),  # image 2 has none
    (9, 2, [0, 1, 2, 3, 4, 5]),
])
def test_the_largest_of_each_image(each: int, images: int, chosen: list[int]):
    param = f"hard_mining_param {{ num_roi_per_image: {each} num_image: {images} }}"
    rois, labels = tops_of("HardMining", param, 2, s=SCORES, r=ROIS, t=LABELS)
    assert labels.flatten().tolist() == chosen
    assert torch.equal(rois, ROIS[chosen])


def test_others_fill_up():
    scores, rois = torch.cat([SCORES, torch.tensor([0.8])]), torch.cat([ROIS, ROIS[1:2]])
    labels = torch.arange(7.0)
    _, found = tops_of("HardMining", "hard_mining_param { num_roi_per_image: 3 num_image: 2 }", 2, s=scores, r=rois, t=labels)
    assert found.tolist() == [0, 1, 2, 3, 4, 6]  # 0.7 before 0.2


def test_a_region_of_no_image_is_an_error():
    with pytest.raises(netdef.NetdefError, match="got the label 1; .* 1 classes"):
        tops_of("HardMining", "hard_mining_param { num_image: 1 }", 1, s=SCORES, r=ROIS)


@pytest.mark.parametrize(("shapes", "tops", "complaint"), [
    ({"s": (6,), "r": (6, 5)}, 2, "makes a top of each bottom but the first"),
    ({"s": (6, 2), "r": (6, 5)}, 1, "the first bottom holds one number a region"),
    ({"s": (6,), "r": (6, 4)}, 1, "regions have 5 numbers"),
    ({"s": (6,), "r": (6, 5), "t": (5,)}, 2, "all have one row a region"),
])
def test_what_does_not_fit_is_refused(shapes: dict, tops: int, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("HardMining", "", tops=tops, **shapes)
