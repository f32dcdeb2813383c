"""ROIMaskPooling: ROIPooling of regions that grow, and of their halves."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

REGIONS = torch.tensor([[0.0, 2, 4, 10, 8], [1, 3, 0, 5, 12]]).double()


@pytest.mark.parametrize(("param", "regions"), [
    ("roi_scale: 1.5", [[0, 0, 3, 12, 9], [1, 2.5, -3, 5.5, 15]]),
    ("half_part: 1", [[0, 2, 4, 6, 8], [1, 3, 0, 4, 12]]),
    ("half_part: 2", [[0, 6, 4, 10, 8], [1, 4, 0, 5, 12]]),
    ("half_part: 3", [[0, 2, 4, 10, 6], [1, 3, 0, 5, 6]]),
    ("spatial_shift: 1", [[0, 4, 6, 12, 10], [1, 5, 2, 7, 14]]),  # Of half the size, so 2 pixels of the image
    ("half_part: 4 roi_scale: 0.5", [[0, 4, 6, 8, 7], [1, 3.5, 6, 4.5, 9]]),
])
def test_the_pooling_of_other_regions(param: str, regions: list):
    x = draw(2, 3, 7, 6)
    sizes = "pooled_h: 2 pooled_w: 3 spatial_scale: 0.5"
    top = top_of("ROIMaskPooling", f"roi_mask_pooling_param {{ {sizes} {param} }}", x=x, r=REGIONS)
    wanted = top_of("ROIPooling", f"roi_pooling_param {{ {sizes} }}", x=x, r=torch.tensor(regions).double())
    assert torch.equal(top, wanted)


@pytest.mark.parametrize(("param", "complaint"), [
    ("pooled_h: 2 pooled_w: 2 mask_scale: 0.8", "has a `mask_scale`, which is not implemented"),
    ("pooled_h: 2", "`pooled_h` and `pooled_w`"),
])
def test_what_does_not_fit_is_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("ROIMaskPooling", f"roi_mask_pooling_param {{ {param} }}", x=(2, 3, 7, 6), r=(2, 5))
