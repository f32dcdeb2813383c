"""ROIAlign of makefile's frcnn by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

X = torch.tensor([[[[0.0, 1, 4, 9, 16], [2, 3, 6, 11, 18], [4, 5, 8, 13, 20]]]]).double()  # column^2 + 2 row


def pool(text: str, *region: float) -> torch.Tensor:
    return top_of("ROIAlign", f"roi_pooling_param {{ pooled_h: 1 pooled_w: 2 {text} }}", x=X,
                  r=torch.tensor([[0.0, *region]]).double())[0, 0]


def test_one_value_between_four_pixels():
    # 4 x 2 pixels: cells of 2 x 2, whose middles are at columns 1 and 3 and row 1.
    assert pool("bi_type: 0 is_multi_interpolate: false", 0, 0, 3, 1).tolist() == [[3, 11]]
    # 3 x 2 pixels: middles at columns 0.75 and 2.25.
    assert pool("bi_type: 0 is_multi_interpolate: false", 0, 0, 2, 1).tolist() == [[2 + 0.75, 2 + 4 + 0.25 * 5]]


def test_the_greatest_of_four_values():
    # Columns 0.5, 1.5 and 2.5, 3.5; rows 0.5, 1.5.
    assert pool("bi_type: 0", 0, 0, 3, 1).tolist() == [[3 + 2.5, 3 + 12.5]]


def test_values_of_sixteen_pixels():
    # Half way between two pixels the four around count -1/8, 5/8, 5/8 and -1/8; at a row's place it alone.
    top = pool("is_multi_interpolate: false", 0, 0, 1, 1)  # Cells of 1 x 2, middles at columns 0.5 and 1.5 and row 1
    assert top.tolist() == [[2 + (-0 + 5 * (0 + 1) - 4) / 8, 2 + (-0 + 5 * (1 + 4) - 9) / 8]]


def test_a_value_at_the_last_column_is_0_between_four_pixels():
    assert pool("bi_type: 0 is_multi_interpolate: false", 4, 0, 9, 1)[0, 0].item() == 0


def test_regions_grow_and_are_scaled():
    text = "bi_type: 0 is_multi_interpolate: false spatial_scale: 0.5 pad_ratio: 0.25"
    # 4 x 4 pixels grow by 1 on each side: from 1 to 6, halved 0.5 to 3, of 3.5; down alike, of which the middle is 2.25.
    taps = [0.5 + 3.5 * share for share in (0.25, 0.75)]
    values = [(1 - at % 1) * int(at) ** 2 + at % 1 * (int(at) + 1) ** 2 for at in taps]
    assert pool(text, 2, 0, 5, 1)[0].tolist() == pytest.approx([value + 2 * (1.5 / 2) for value in values], abs=2)


def test_other_nets_layers_of_makefile_tell():
    text = ('layer {{ name: "d" type: "Input" top: "x" top: "r" input_param {{ shape {{ dim: 1 dim: 3 dim: 9 dim: 9 }} '
            'shape {{ dim: 2 dim: 5 }} }} }} layer {{ name: "l" type: "ROIAlign" bottom: "x" bottom: "r" top: "y" '
            'roi_pooling_param {{ pooled_h: 2 pooled_w: 3 }} }} {}')
    assert netdef.loads(text.format("")).shapes["y"] == (2, 3, 3, 4)
    padded = 'layer { name: "p" type: "ROIPadding" bottom: "r" top: "q" roi_padding_param { pad_ratio: 0.1 } }'
    with pytest.warns(UserWarning, match="makefile's frcnn"):
        assert netdef.loads(text.format(padded)).shapes["y"] == (2, 3, 2, 3)
    assert one_layer("ROIAlign", "roi_pooling_param { pooled_h: 2 pooled_w: 3 bi_type: 1 }", x=(1, 3, 9, 9),
                     r=(2, 5)).shapes["y0"] == (2, 3, 2, 3)
