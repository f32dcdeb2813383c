"""TensorFlow's resizing: places by each of its rules, and the layouts."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, top_of

from netdef.errors import SpecError

ROW = torch.tensor([0.0, 10, 20, 30]).double().reshape(1, 1, 1, 4)


def nearest(param: str, x: torch.Tensor = ROW) -> torch.Tensor:
    return top_of("ResizeNearestNeighbor", f'resize_nearest_neighbor_param {{ data_format: "NCHW" {param} }}', x=x)


def linear(param: str, x: torch.Tensor = ROW) -> torch.Tensor:
    return top_of("ResizeBilinear", f'resize_bilinear_param {{ data_format: "NCHW" {param} }}', x=x)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [  # of 4 values 6: r = 2/3; with corners 3/5
        ("", [0, 0, 10, 20, 20, 30]),  # 0, .67, 1.33, 2, 2.67, 3.33
        ("half_pixel_centers: true", [0, 10, 10, 20, 30, 30]),  # .33, 1, 1.67, 2.33, 3, 3.67
        ("half_pixel_onnx: true", [0, 0, 10, 10, 20, 30]),  # -.17, .5, 1.17, 1.83, 2.5, 3.17
        ("align_corners: true", [0, 10, 10, 20, 20, 30]),  # 0, .6, 1.2, 1.8, 2.4, 3
    ],
)
def test_nearest_places(rule, expected):
    assert nearest(f"output_height: 1 output_width: 6 {rule}").flatten().tolist() == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("", [0, 20 / 3, 40 / 3, 20, 80 / 3, 30]),  # behind the last place its own value
        ("half_pixel_centers: true", [0, 5, 35 / 3, 55 / 3, 25, 30]),  # -.17, .5, 1.17, 1.83, 2.5, 3.17
        ("pytorch_half_pixel: true", [0, 5, 35 / 3, 55 / 3, 25, 30]),
        ("align_corners: true", [0, 6, 12, 18, 24, 30]),
    ],
)
def test_linear_places(rule, expected):
    top = linear(f"output_height: 1 output_width: 6 {rule}").flatten().tolist()
    assert top == pytest.approx(expected, rel=1e-6)


def test_a_single_value():
    """Of three values the one in the middle lies at 1; pytorch_half_pixel takes -.5, so the first."""
    x = torch.tensor([1.0, 5, 9]).double().reshape(1, 1, 1, 3)
    size = "output_height: 1 output_width: 1"
    assert linear(f"{size} half_pixel_centers: true", x).item() == 5
    assert linear(f"{size} pytorch_half_pixel: true", x).item() == 1
    assert linear(f"{size} align_corners: true", x).item() == 1


def test_channels_last_is_the_default():
    x = draw(2, 4, 5, 3)
    size = "output_height: 6 scale_width: 0.7"  # floor(3.5) = 3
    for kind, field in (("ResizeBilinear", "resize_bilinear"), ("ResizeNearestNeighbor", "resize_nearest_neighbor")):
        last = top_of(kind, f"{field}_param {{ {size} }}", x=x)
        first = top_of(kind, f'{field}_param {{ {size} data_format: "NCHW" }}', x=x.permute(0, 3, 1, 2))
        assert last.shape == (2, 6, 3, 3)
        torch.testing.assert_close(last.permute(0, 3, 1, 2), first)


def test_three_axes_one_after_the_other():
    x = draw(1, 2, 3, 4, 5)
    top = top_of("ResizeBilinear", 'resize_bilinear_param { data_format: "NCHWD" align_corners: true output_height: 5 '
              "output_width: 7 output_depth: 9 }", x=x)
    torch.testing.assert_close(
        top, torch.nn.functional.interpolate(x, (5, 7, 9), mode="trilinear", align_corners=True), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("param", "words"),
    [
        ('data_format: "NWHC"', "NHWC, NCHW, NCHWD"),
        ("align_corners: true half_pixel_centers: true", "both `align_corners` and `half_pixel_centers`"),
        ("scale_height: 0.1", "sizes of at least 1"),
    ],
)
def test_bad_parameters_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        top_of("ResizeBilinear", f"resize_bilinear_param {{ {param} }}", x=draw(2, 3, 5, 4))
