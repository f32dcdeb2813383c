"""FlowNet 2's warping, resampling, norms and losses."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError


@pytest.mark.parametrize("fill", ["ZERO", "NOT_A_NUMBER"])
def test_warping_place_by_place(fill):
    image, flow = draw(2, 3, 5, 4), draw(2, 2, 5, 4, seed=2) * 2
    top = top_of("FlowWarp", f"flow_warp_param {{ fill_value: {fill} }}", x=image, f=flow)
    outside = 0
    for n, h, w in np.ndindex(2, 5, 4):
        x, y = w + float(flow[n, 0, h, w]), h + float(flow[n, 1, h, w])
        if not (0 <= x < 4 and 0 <= y < 5):
            outside += 1
            assert top[n, :, h, w].isnan().all() if fill == "NOT_A_NUMBER" else not top[n, :, h, w].any()
            continue
        i, j, a, b = int(y), int(x), y - int(y), x - int(x)
        k, m = min(i + 1, 4), min(j + 1, 3)
        upper = image[n, :, i, j] * (1 - b) + image[n, :, i, m] * b
        lower = image[n, :, k, j] * (1 - b) + image[n, :, k, m] * b
        torch.testing.assert_close(top[n, :, h, w], upper * (1 - a) + lower * a)
    assert 5 < outside < 35


def test_warping_of_pwc_net_ends_at_the_centres_of_the_last_pixels():
    image = torch.tensor([[1.0, 3], [5, 9]]).double().reshape(1, 1, 2, 2)
    for right, wanted in ((0.5, 2), (1, 3), (1.25, 0), (-0.5, 0)):  # of the first pixel, whose row is 1, 3
        flow = torch.zeros(1, 2, 2, 2).double()
        flow[0, 0, 0, 0] = right
        assert top_of("Warp", x=image, f=flow)[0, 0, 0, 0] == wanted
    assert top_of("FlowWarp", x=image, f=torch.full((1, 2, 2, 2), 0.25).double())[0, 0, 1, 1] == 9
    assert top_of("Warp", x=image, f=torch.full((1, 2, 2, 2), 0.25).double()).flatten().tolist() == [
        0.75 * (0.75 * 1 + 0.25 * 3) + 0.25 * (0.75 * 5 + 0.25 * 9), 0, 0, 0]


def test_resampling_up_is_that_of_half_pixels():
    x = torch.tensor([[0.0, 1], [0, 1]]).double().reshape(1, 1, 2, 2)
    assert top_of("Resample", "resample_param { height: 4 width: 4 }", x=x)[0, 0, 2].tolist() == [0, 0.25, 0.75, 1]
    x = draw(2, 3, 4, 5)
    torch.testing.assert_close(
        top_of("Resample", "resample_param { height: 8 width: 10 }", x=x),
        torch.nn.functional.interpolate(x, (8, 10), mode="bilinear", align_corners=False))


def test_two_different_factors_shift_each_other():
    """One row of two values to four: f = 1/2 along it, 1 across, so value i lies at i / 2 + 1/2 - 1/2."""
    x = torch.tensor([0.0, 1]).double().reshape(1, 1, 1, 2)
    assert top_of("Resample", "resample_param { height: 1 width: 4 }", x=x).flatten().tolist() == [0, 0.5, 1, 1]


@pytest.mark.parametrize(("method", "kernel"), [("LINEAR", 2), ("CUBIC", 4)])
@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("size", [(3, 2), (9, 4), (6, 7)])
def test_resampling_place_by_place(method, kernel, antialias, size):
    def weight(d):
        d = abs(d)
        if method == "LINEAR":
            return max(0, 1 - d)
        return 1.5 * d**3 - 2.5 * d**2 + 1 if d <= 1 else -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2 if d < 2 else 0

    x = draw(1, 2, 6, 7)
    top = top_of("Resample", f"resample_param {{ type: {method} antialias: {str(antialias).lower()} }}", x=x,
                 like=torch.zeros(1, 1, *size))
    fy, fx = 6 / size[0], 7 / size[1]
    smooth = antialias and max(fy, fx) > 1
    ay, ax = (1 / fy, 1 / fx) if smooth else (1, 1)
    ry, rx = (2 if f < 1 else math.ceil(kernel / a) for f, a in ((fy, ay), (fx, ax)))
    for i, j in np.ndindex(*size):
        y, z = i * fy + fx / 2 - 0.5, j * fx + fy / 2 - 0.5
        total, value = 0.0, torch.zeros(2).double()
        for h, w in np.ndindex(6, 7):
            if abs(h - math.floor(y + 0.5)) <= ry and abs(w - math.floor(z + 0.5)) <= rx:
                share = weight(ay * (y - h)) * weight(ax * (z - w))
                total, value = total + share, value + share * x[0, :, h, w]
        torch.testing.assert_close(top[0, :, i, j], value / total if total else value)


def test_nearest_places():
    """5 columns to 2: 2.5 apart, with the half of the rows' factor of 1: at 0 and 2.5, which is rounded up."""
    x = torch.arange(5.0).double().reshape(1, 1, 1, 5)
    assert top_of("Resample", "resample_param { type: NEAREST height: 1 width: 2 }", x=x).flatten().tolist() == [0, 3]


def test_norms_of_channels_and_the_negative_rectifier():
    x = torch.tensor([3.0, 0, 4, 0]).double().reshape(1, 2, 1, 2).requires_grad_()
    top = one_layer("ChannelNorm", x=x)(x=x)["y0"]
    assert top.flatten().tolist() == [5, 0]
    top.sum().backward()
    assert x.grad.flatten().tolist() == pytest.approx([0.6, 0, 0.8, 0])
    y = torch.tensor([[-2.0, 0, 3]]).double()
    assert top_of("NegReLU", x=y).tolist() == [[-2, 0, 0]]
    assert top_of("NegReLU", "relu_param { negative_slope: 0.5 }", x=y).tolist() == [[-2, 0, 1.5]]


def test_means_of_channels():
    x = torch.tensor([1.0, 2, 3, 4, 5, 6, 7, 8]).double().reshape(1, 4, 1, 2)
    param = "mean_param { operation: %s value: 0.5 value: -1 mean_scale: 2 input_scale: 3 output_scale: 10 }"
    for operation, sign in (("ADD", 1), ("SUBTRACT", -1)):
        means = torch.tensor([0.5, -1, 0.5, -1]).double().reshape(4, 1, 1)
        torch.testing.assert_close(top_of("Mean", param % operation, x=x), 10 * (3 * x + sign * 2 * means))


def test_means_subtracted_from_the_scaled_bottom():
    x = draw(2, 4, 5, 3)
    means = torch.tensor([0.5, -2, 0.5, -2]).double().reshape(-1, 1, 1)
    torch.testing.assert_close(top_of("Mean", "mean_param { scale: 0.25 value: 0.5 value: -2 }", x=x), 0.25 * x - means)


@pytest.mark.parametrize(
    ("kind", "param", "shapes", "words"),
    [
        ("Mean", "mean_param { value: 1 }", {"x": (2, 3, 5, 4)}, "wants an `operation`, ADD or SUBTRACT"),
        ("Mean", "mean_param { operation: ADD value: 1 value: 2 }", {"x": (2, 3, 5, 4)}, "2 of `value`; `x` has 3 channels"),
        ("Mean", "mean_param { operation: ADD file: 'mean.binaryproto' }", {"x": (2, 3, 5, 4)}, "give the `value`"),
        ("FlowWarp", "", {"x": (2, 3, 5, 4), "f": (2, 3, 5, 4)}, "as large, with 2 channels"),
        ("Resample", "resample_param { height: 3 }", {"x": (2, 3, 5, 4)}, "`width` of at least 1"),
        ("Resample", "resample_param { type: AREA height: 3 width: 2 }", {"x": (2, 3, 5, 4)}, "by AREA"),
        ("L1Loss", "l1_loss_param { }", {"a": (2, 3, 5), "b": (2, 5, 3)}, "must be of one shape"),
        ("L1Loss", "l1_loss_param { epsilon: 0 }", {"a": (2, 3, 5)}, "`epsilon` 0; it must be above 0"),
    ],
)
def test_bad_parameters_are_refused(kind, param, shapes, words):
    with pytest.raises(SpecError, match=words):
        one_layer(kind, param, **shapes)
