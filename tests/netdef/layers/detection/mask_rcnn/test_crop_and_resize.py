"""CropAndResize, PyramidROIAlign and Where4GatherndCrop."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def slopes(*sizes: int) -> torch.Tensor:
    """Maps (N, H, W, 2) of 100 n + row, and column, which are the same between pixels."""
    n, height, width = sizes
    rows = torch.arange(height).double()[:, None].expand(height, width)
    columns = torch.arange(width).double().expand(height, width)
    return torch.stack([torch.stack((100 * i + rows, columns), -1) for i in range(n)])


def test_points_over_boxes():
    boxes = torch.tensor([[0.0, 0, 1, 1], [0.25, 0.8, 0.75, 0.2], [-0.25, 0.5, 0.25, 1.5]]).double()
    top = top_of("CropAndResize", "crop_and_resize_param { crop_h: 3 crop_w: 2 extrapolation_value: -7 }", x=slopes(2, 5, 6),
                 i=torch.tensor([0.0, 1, 1]).double(), b=boxes)
    torch.testing.assert_close(top[0, :, 0, 0], torch.tensor([0.0, 2, 4]).double())
    torch.testing.assert_close(top[0, 0, :, 1], torch.tensor([0.0, 5]).double())
    torch.testing.assert_close(top[1, :, 0, 0], torch.tensor([101.0, 102, 103]).double())
    torch.testing.assert_close(top[1, 0, :, 1], torch.tensor([4.0, 1]).double())
    assert top[2, 0].eq(-7).all() and top[2, :, 1].eq(-7).all()
    torch.testing.assert_close(top[2, 1:, 0], torch.tensor([[100.0, 2.5], [101, 2.5]]).double())


def test_one_point_is_in_the_middle_and_channels_may_be_first():
    x = slopes(1, 5, 7).permute(0, 3, 1, 2).contiguous()
    boxes = torch.tensor([[0.0, 0.5, 0.5, 1.0]] * 2).double()
    top = top_of("CropAndResize", 'crop_and_resize_param { crop_h: 1 crop_w: 1 data_format: "NCHW" }', x=x,
                 i=torch.tensor([0.0, 3]).double(), b=boxes)
    assert top[0, :, 0, 0].tolist() == [1, 4.5] and not top[1].any()  # there is no image 3


def test_a_box_is_cut_out_of_the_map_of_its_level():
    sides = torch.tensor([0.1, 0.25, 0.5, 1.0, 1.0]).double()  # of images of 448 x 448: levels 2, 3, 4, 5
    boxes = torch.zeros(2, 5, 4).double()
    boxes[..., 2], boxes[..., 3] = sides, sides
    boxes[1, 4] = 0  # of no extent: level 2
    maps = [torch.full((2, size, size + 1, 3), float(level)).double() for level, size in ((2, 9), (3, 7), (4, 5), (5, 3))]
    for i, each in enumerate(maps):
        each[1] += 10 + i
    about = torch.tensor([[0.0, 0, 0, 0, 448.9, 448]] * 2).double()
    top = top_of("PyramidROIAlign", "pyramid_roi_align_param { crop_height: 2 crop_width: 4 }", b=boxes, a=about, p2=maps[0],
                 p3=maps[1], p4=maps[2], p5=maps[3])
    assert top.shape == (2, 5, 2, 4, 3)
    torch.testing.assert_close(top[:, :, 1, 3, 2], torch.tensor([[2.0, 3, 4, 5, 5], [12, 14, 16, 18, 12]]).double())


def test_boxes_by_level():
    boxes = torch.zeros(1, 4, 4).double()
    boxes[0, :, 2:] = torch.tensor([1.0, 0.5, 0.25, 0.75])[:, None]
    maps = {f"p{i}": 100 * i + slopes(1, 9 - i, 5) for i in range(2, 6)}
    top = top_of("Where4GatherndCrop", "where4_gathernd_crop_param { num_output: 3 crop_h: 2 crop_w: 3 }", b=boxes,
                 l=torch.tensor([[5.0, 3, 3, 2]]).double(), **maps)
    assert top.shape == (3, 2, 3, 2)
    torch.testing.assert_close(top[:, 1, 2, 0], torch.tensor([200 + 0.75 * 6, 300 + 0.5 * 5, 300 + 0.25 * 5]).double())
    with pytest.raises(netdef.NetdefError, match="got levels from 1 to 3; they are 2 to 5"):
        top_of("Where4GatherndCrop", "where4_gathernd_crop_param { num_output: 3 crop_h: 2 crop_w: 3 }", b=boxes,
               l=torch.tensor([[1.0, 3, 3, 2]]).double(), **maps)


@pytest.mark.parametrize("param, shapes, said", [
    ("crop_h: 2", {}, "needs a `crop_w`"), ("crop_h: 2 crop_w: 2", {"b": (3, 5)}, "it wants .R, 4. and .R."),
    ('crop_h: 2 crop_w: 2 data_format: "HWC"', {}, 'it is "NHWC" or "NCHW"'),
    ("crop_h: 2 crop_w: 2", {"x": (2, 4, 5)}, "4 axes")])
def test_what_does_not_fit_is_refused(param, shapes, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("CropAndResize", f"crop_and_resize_param {{ {param} }}", **{"x": (2, 4, 5, 3), "i": (3,), "b": (3, 4)} | shapes)


def test_maps_that_do_not_fit_are_refused():
    maps = {"p2": (2, 9, 8, 3), "p3": (2, 7, 6, 3), "p4": (2, 5, 4, 3), "p5": (2, 3, 2, 4)}
    param = "pyramid_roi_align_param { crop_height: 2 crop_width: 4 }"
    with pytest.raises(netdef.SpecError, match="maps as many channels"):
        one_layer("PyramidROIAlign", param, b=(2, 5, 4), a=(2, 6), **maps)
    with pytest.raises(netdef.SpecError, match="and .N, 6 or more."):
        one_layer("PyramidROIAlign", param, b=(2, 5, 4), a=(2, 5), **maps)
    with pytest.raises(netdef.SpecError, match="it wants .1, N, 4. and .1, N."):
        one_layer("Where4GatherndCrop", "where4_gathernd_crop_param { num_output: 3 crop_h: 2 crop_w: 3 }", b=(1, 5, 4), l=(1, 6),
                  **maps)
