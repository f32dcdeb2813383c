"""RPROI: regions and their features, by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

from netdef.errors import SpecError

PARAM = ("region_proposal_param { feature_stride: 4 prenms_top: 20 nms_max_out: %d anchor_ratio_count: 1 anchor_scale_count: 2 "
         "iou_threshold: 0.5 min_box_size: 3 anchor_ratio: 1 anchor_scale: 1 anchor_scale: 2 } "
         "roi_pooling_param { pooled_h: 1 pooled_w: 2 spatial_scale: 0.25 }")
CHANCES = torch.tensor([0.1, 0.9, 0.2, 0.3, 0.4, 0.8])  # of two anchors, 4 and 8 pixels wide, at three places in a row


def found(count: int, chances: torch.Tensor = CHANCES, scale: float = 1.0):
    scores = torch.cat((1 - chances, chances)).reshape(1, 4, 1, 3).double()
    features = torch.arange(6.0).reshape(1, 2, 1, 3).double()
    blobs = {"s": scores, "o": torch.zeros(1, 8, 1, 3).double(), "f": features, "i": torch.tensor([[4.0, 12, scale]]).double()}
    tops = one_layer("RPROI", PARAM % count, tops=2, **blobs)(**blobs)
    return tops["y0"], tops["y1"]


def test_regions_come_by_score_and_the_rest_are_0():
    """Centres are at 1.5, 5.5 and 9.5; boxes are cut to 0 .. 11 by 0 .. 3.

    Of 0.9 comes 3.5 .. 7.5 by 0 .. 3. Of 0.8 the wide one at 9.5 is 5.5 .. 11, of 6.5 by 4 pixels: 3 of 8.5 columns are shared.
    Of 0.4 the wide one at 5.5, 1.5 .. 9.5, shares 5 of 9 with the first and goes. Of 0.3, 0 .. 5.5, 3 of 8.5. 7.5 .. 11
    of 0.2 is in the second, 4.5 of 6.5; -0.5 .. 3.5 of 0.1 is 0 .. 3.5, 4.5 of 6.5 of that of 0.3.
    """
    regions, _ = found(5)
    assert regions.shape == (1, 1, 5, 4)
    assert regions[0, 0].tolist() == [[3.5, 0, 7.5, 3], [5.5, 0, 11, 3], [0, 0, 5.5, 3], [0] * 4, [0] * 4]


def test_features_are_pooled_in_each_region():
    _, pooled = found(2)
    assert pooled.shape == (2, 2, 1, 2)
    # Columns round(3.5 / 4) to round(7.5 / 4) are 1 to 2; round(5.5 / 4) to round(11 / 4) 1 to 3, of which there is no third.
    assert pooled.tolist() == [[[[1, 2]], [[4, 5]]], [[[2, 2]], [[5, 5]]]]


def test_small_regions_come_last():
    """All are 4 pixels high, so below 3 * 2; they stay in the order of anchors and places."""
    regions, _ = found(2, scale=2.0)
    assert regions[0, 0].tolist() == [[0, 0, 3.5, 3], [3.5, 0, 7.5, 3]]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("anchor_scale: 2 ", "", "has 1 `anchor_scale` and an `anchor_scale_count` of 2"),
    ("anchor_scale_count: 2", "anchor_scale_count: 3 anchor_scale: 3", r"for 3 anchors it wants \(1, 6, 1, 3\)"),
])
def test_anchors_that_do_not_fit_are_refused(old, new, said):
    with pytest.raises(SpecError, match=said):
        one_layer("RPROI", (PARAM % 1).replace(old, new), tops=2, s=(1, 4, 1, 3), o=(1, 8, 1, 3), f=(1, 2, 1, 3), i=(1, 3))
