"""A mean field whose filters average within windows, as loops over pixels."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

PARAM = ("norm_conv_meanfield_param {{ num_iterations: {} kernel_size: [3, 5] pad: [2, 2] dilation: [2, 1] scale: [0.5, 1.5] "
         "remove_center: [{}, true] remove_bounds: [true, {}] }}")
N, C, H, W = 2, 3, 5, 4


def average(guess: torch.Tensor, maps: torch.Tensor, i: int, j: int, window: tuple[int, int, float, bool, bool]) -> torch.Tensor:
    """The average of ``guess`` (C, H, W) around a pixel, by the distances of ``maps``."""
    size, dilation, scale, without_centre, without_bounds = window
    total, weights = torch.zeros(C).double(), 0.0
    for down in range(-(size // 2), size // 2 + 1):
        for right in range(-(size // 2), size // 2 + 1):
            row, column = i + down * dilation, j + right * dilation
            inside = 0 <= row < H and 0 <= column < W
            if (not inside and without_bounds) or (down == right == 0 and without_centre):
                continue
            distance = (maps[:, i, j] - maps[:, row, column]).square().sum().item() / 2 if inside else 0
            weight = math.exp(-scale * distance)
            weights += weight
            total = total + (weight * guess[:, row, column] if inside else 0)
    return total / weights


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("centre", "bounds"), [(True, True), (False, False)])
def test_iterations(phase: str, centre: bool, bounds: bool):
    u, q, a, b = draw(N, C, H, W), draw(N, C, H, W, seed=2), draw(N, 2, H, W, seed=3), draw(N, 1, H, W, seed=4)
    expected = q.clone()
    for _ in range(2):
        guess, expected = expected.softmax(1), u.clone()
        for n in range(N):
            for i in range(H):
                for j in range(W):
                    expected[n, :, i, j] += average(guess[n], a[n], i, j, (3, 2, 0.5, centre, True))
                    expected[n, :, i, j] += average(guess[n], b[n], i, j, (5, 1, 1.5, True, bounds))
    param = PARAM.format(2, str(centre).lower(), str(bounds).lower())
    assert torch.allclose(top_of("NormConvMeanfield", param, phase, u=u, q=q, a=a, b=b), expected)


def test_gradients_of_bottoms_and_blobs():
    u, q, a, b = (draw(1, channels, 3, 3, seed=channels).requires_grad_() for channels in (2, 2, 1, 3))
    net = one_layer("NormConvMeanfield", PARAM.format(1, "true", "true"), "TRAIN", u=u, q=q, a=a, b=b)
    assert gradcheck(lambda u, q, a, b: net(u=u, q=q, a=a, b=b)["y0"], (u, q, a, b), atol=1e-4)
    net(u=u, q=q, a=a, b=b)["y0"].square().sum().backward()
    assert all(blob.grad.abs().sum() > 0 for blob in net.params["l"])


@pytest.mark.parametrize(("old", "new", "complaint"), [
    ("pad: [2, 2]", "pad: [2, 1]", "as large as the bottoms"), ("scale: [0.5, 1.5]", "scale: 1", "has 1 `scale`"),
    ("kernel_size: [3, 5]", "kernel_size: [4, 5]", "as large as the bottoms")])
def test_windows_that_do_not_fit_are_refused(old: str, new: str, complaint: str):
    param = PARAM.format(1, "true", "true").replace(old, new)
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("NormConvMeanfield", param, u=(1, 2, 5, 4), q=(1, 2, 5, 4), a=(1, 3, 5, 4), b=(1, 1, 5, 4))


def test_maps_of_another_size_are_refused():
    with pytest.raises(netdef.SpecError, match="as many items and places"):
        one_layer("NormConvMeanfield", PARAM.format(1, "true", "true"), u=(1, 2, 5, 4), q=(1, 2, 5, 4), a=(1, 3, 5, 4),
                  b=(1, 1, 4, 4))
