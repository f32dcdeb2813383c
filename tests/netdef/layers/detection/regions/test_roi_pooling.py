"""Pooling of regions, cell by cell as in the papers' code."""

import math

import numpy as np
import pytest
import torch
from one_layer import one_layer

import netdef

REGIONS = [[0, 1, 0, 6, 7], [1, 2, 3, 5, 4], [0, -3, 4, 2, 12], [1, 30, 30, 40, 40], [1, 3, 3, 1, 1], [0, 1, 1, 1, 1]]


def run(kind, param, x, regions=REGIONS):
    regions = torch.tensor(regions, dtype=x.dtype).reshape(-1, 5)
    shapes = {"x": x.shape, "r": regions.shape}
    text = "".join(
        f'layer {{ name: "{n} in" type: "Input" top: "{n}" input_param {{ shape {{ '
        f"{' '.join(f'dim: {size}' for size in shape)} }} }} }}"
        for n, shape in shapes.items()
    )
    net = netdef.loads(f'{text} layer {{ name: "l" type: "{kind}" bottom: "x" bottom: "r" top: "y" {param} }}')
    return net(x=x, r=regions)["y"]


def rounded(x):
    return math.copysign(math.floor(abs(x) + 0.5), x)


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.25])
def test_the_maximum_of_each_cell(scale):
    x = torch.randn(2, 3, 7, 6, generator=torch.Generator().manual_seed(1)).double()
    top = run("ROIPooling", f"roi_pooling_param {{ pooled_h: 2 pooled_w: 4 spatial_scale: {scale} }}", x)
    expected = torch.zeros(len(REGIONS), 3, 2, 4, dtype=x.dtype)
    for r, (image, *corners) in enumerate(REGIONS):
        x1, y1, x2, y2 = (int(rounded(c * scale)) for c in corners)
        height, width = max(y2 - y1 + 1, 1), max(x2 - x1 + 1, 1)
        for i in range(2):
            for j in range(4):
                rows = [
                    y
                    for y in range(math.floor(i * height / 2) + y1, math.ceil((i + 1) * height / 2) + y1)
                    if 0 <= y < 7
                ]
                cols = [
                    c for c in range(math.floor(j * width / 4) + x1, math.ceil((j + 1) * width / 4) + x1) if 0 <= c < 6
                ]
                if rows and cols:
                    expected[r, :, i, j] = x[image, :, rows][:, :, cols].amax((1, 2))
    torch.testing.assert_close(top, expected, rtol=0, atol=0)


@pytest.mark.parametrize("scale", [1.0, 0.3])
def test_mean_of_each_cell_from_its_own_channels(scale):
    x = torch.randn(2, 2 * 3 * 3, 7, 6, generator=torch.Generator().manual_seed(2)).double()
    top = run("PSROIPooling", f"psroi_pooling_param {{ output_dim: 2 group_size: 3 spatial_scale: {scale} }}", x)
    expected = torch.zeros(len(REGIONS), 2, 3, 3, dtype=x.dtype)
    scale = float(torch.tensor(scale))  # as a float32, which the text is read into
    for r, (image, *corners) in enumerate(REGIONS):
        x1, y1 = (rounded(c) * scale for c in corners[:2])
        x2, y2 = ((rounded(c) + 1) * scale for c in corners[2:])
        height, width = max(y2 - y1, 0.1) / 3, max(x2 - x1, 0.1) / 3
        for c in range(2):
            for i in range(3):
                for j in range(3):
                    rows = range(
                        *(min(max(f, 0), 7) for f in (math.floor(i * height + y1), math.ceil((i + 1) * height + y1)))
                    )
                    cols = range(
                        *(min(max(f, 0), 6) for f in (math.floor(j * width + x1), math.ceil((j + 1) * width + x1)))
                    )
                    if rows and cols:
                        cell = x[image, (c * 3 + i) * 3 + j, rows.start : rows.stop, cols.start : cols.stop]
                        expected[r, c, i, j] = cell.mean()
    torch.testing.assert_close(top, expected)


def test_no_regions_give_no_rows():
    x = torch.randn(2, 8, 5, 4)
    assert run("ROIPooling", "roi_pooling_param { pooled_h: 2 pooled_w: 3 }", x, []).shape == (0, 8, 2, 3)
    assert run("PSROIPooling", "psroi_pooling_param { output_dim: 2 group_size: 2 spatial_scale: 1 }", x, []).shape == (
        0,
        2,
        2,
        2,
    )


def test_bad_parameters_are_refused():
    x = torch.randn(2, 7, 5, 4)
    with pytest.raises(netdef.SpecError, match="`pooled_h` and `pooled_w` .2, 0.; it must be at least 1"):
        run("ROIPooling", "roi_pooling_param { pooled_h: 2 }", x)
    with pytest.raises(netdef.SpecError, match="wants 2 x 2 x 2 channels .* its bottom has 7"):
        run("PSROIPooling", "psroi_pooling_param { output_dim: 2 group_size: 2 spatial_scale: 1 }", x)
    with pytest.raises(netdef.SpecError, match="lacks `output_dim`"):
        run("PSROIPooling", "psroi_pooling_param { group_size: 2 spatial_scale: 1 }", x)


def test_cells_are_rounded_as_in_the_original():
    """7 * (57 / 7) is above 57 in float32, so the last of 7 cells of 57 rows reads one row more."""
    assert np.float32(7) * (np.float32(57) / np.float32(7)) > 57
    x = torch.randn(1, 2, 61, 36, generator=torch.Generator().manual_seed(3))
    top = run("ROIPooling", "roi_pooling_param { pooled_h: 7 pooled_w: 4 spatial_scale: 1 }", x, [[0, 1, 2, 31, 58]])
    for i in range(7):
        for j in range(4):
            step = np.float32(57) / np.float32(7)
            first, last = np.floor(np.float32(i) * step), np.ceil(np.float32(i + 1) * step)
            rows = slice(2 + int(first), 2 + int(last))
            cells = x[0, :, rows, 1 + j * 31 // 4 : 1 - (-(j + 1) * 31 // 4)]
            assert torch.equal(top[0, :, i, j], cells.amax((1, 2))), (i, j)


@pytest.mark.parametrize("kind, param", [
    ("ROIPooling", "roi_pooling_param { pooled_h: 2 pooled_w: 3 spatial_scale: 0.25 }"),
    ("PSROIPooling", "psroi_pooling_param { output_dim: 2 group_size: 3 spatial_scale: 0.25 }"),
])
def test_random_regions_lie_in_the_image(kind, param):
    net = one_layer(kind, param, x=torch.zeros(2, 18, 7, 6), r=torch.zeros(40, 5))
    (layer,) = net.layers.values()
    image, left, top, right, bottom = layer.random_bottom(1, (40, 5), torch.Generator().manual_seed(4)).unbind(1)
    assert set(image.tolist()) == {0, 1} and 0 <= left.min() and 0 <= top.min()
    assert (left <= right).all() and (top <= bottom).all() and right.max() <= 24 and bottom.max() <= 28
    assert right.max() > 20 and bottom.max() > 24
    assert layer.random_bottom(0, (2, 18, 7, 6), torch.Generator()) is None


@pytest.mark.parametrize("kind, param, channels", [
    ("ROIPooling", "roi_pooling_param { pooled_h: 2 pooled_w: 3 spatial_scale: 0.5 %s }", 3),
    ("PSROIPooling", "psroi_pooling_param { spatial_scale: 0.5 output_dim: 3 group_size: 2 %s }", 12),
])
def test_pad_ratio_grows_each_region_by_a_part_of_its_sides(kind, param, channels):
    x = torch.randn(2, channels, 7, 6, generator=torch.Generator().manual_seed(3)).double()
    grown = [[image, x1 - 0.25 * (x2 - x1 + 1), y1 - 0.25 * (y2 - y1 + 1), x2 + 0.25 * (x2 - x1 + 1), y2 + 0.25 * (y2 - y1 + 1)]
             for image, x1, y1, x2, y2 in REGIONS]
    padded = run(kind, param % "pad_ratio: 0.25", x)
    torch.testing.assert_close(padded, run(kind, param % "", x, grown), rtol=0, atol=0)
    assert not torch.equal(padded, run(kind, param % "", x))


@pytest.mark.parametrize(("kind", "param"), [
    ("ROIPooling", "roi_pooling_param { pooled_h: 2 pooled_w: 3 }"),
    ("PSROIPooling", "psroi_pooling_param { spatial_scale: 1 output_dim: 2 group_size: 1 }"),
    ("PSROIAlign", "psroi_align_param { spatial_scale: 1 output_dim: 2 group_size: 1 sample_num: 2 }"),
    ("ROIAlignment", "roi_alignment_param { pooled_h: 2 pooled_w: 3 }"),
    ("ROIAlign", "roi_pooling_param { pooled_h: 2 pooled_w: 3 }")])
def test_a_single_region_of_another_length_is_a_place_of_regions_to_come(kind: str, param: str):
    net = one_layer(kind, param, x=(1, 2, 9, 8), r=(1, 4))
    x, regions = torch.randn(1, 2, 9, 8).double(), torch.tensor([[0, 1, 0, 6, 7], [0, 2, 3, 5, 4]]).double()
    expected = one_layer(kind, param, x=x, r=regions)(x=x, r=regions)["y0"]
    assert torch.equal(net(x=x, r=regions)["y0"], expected)
    with pytest.raises(netdef.NetdefError, match="layer `l` wants regions of 5 numbers each; it got shape"):
        net(x=x, r=regions[:, 1:])
    with pytest.raises(netdef.SpecError, match="wants regions of 5 numbers each"):
        one_layer(kind, param, x=(1, 2, 9, 8), r=(3, 4))


@pytest.mark.parametrize("pad", ["", "pad_ratio: 0.25"])
def test_the_mean_of_each_cell(pad: str):
    """Of CCNN: the cells of the maximum."""
    x = torch.randn(2, 3, 7, 6, generator=torch.Generator().manual_seed(1)).double()
    top = run("ROIPooling", f"roi_pooling_param {{ pooled_h: 2 pooled_w: 4 spatial_scale: 0.5 pool: AVE {pad} }}", x)
    expected = torch.zeros(len(REGIONS), 3, 2, 4, dtype=x.dtype)
    for r, (image, *corners) in enumerate(REGIONS):
        more = [0.25 * (corners[i + 2] - corners[i] + 1) if pad else 0 for i in (0, 1)]
        corners = [corners[0] - more[0], corners[1] - more[1], corners[2] + more[0], corners[3] + more[1]]
        x1, y1, x2, y2 = (int(rounded(c * 0.5)) for c in corners)
        height, width = max(y2 - y1 + 1, 1), max(x2 - x1 + 1, 1)
        for i in range(2):
            for j in range(4):
                rows = [y for y in range(math.floor(i * height / 2) + y1, math.ceil((i + 1) * height / 2) + y1) if 0 <= y < 7]
                cols = [c for c in range(math.floor(j * width / 4) + x1, math.ceil((j + 1) * width / 4) + x1) if 0 <= c < 6]
                if rows and cols:
                    expected[r, :, i, j] = x[image, :, rows][:, :, cols].mean((1, 2))
    torch.testing.assert_close(top, expected)
