"""Winners of windows."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of, tops_of

import netdef

X = torch.tensor([[[[1.0, -5, 2], [4, 3, -5]], [[0, 0, -1], [0, 1, 0.5]]]]).double()


def test_the_greatest_absolute_value_of_a_plane_is_left():
    x = X.clone().requires_grad_()
    top = top_of("SpatialWta", "spatial_wta_param { global_wta: true }", "TRAIN", x=x)
    assert top[0].tolist() == [[[0, -5, 0], [0, 0, 0]], [[0, 0, -1], [0, 0, 0]]]  # of equals the first
    (top * 2).sum().backward()
    assert x.grad[0].tolist() == [[[0, 2, 0], [0, 0, 0]], [[0, 0, 2], [0, 0, 0]]]


def test_windows_overlap_and_the_second_top_marks_winners():
    top, won = tops_of("SpatialWta", "spatial_wta_param { kernel_size: 2 }", 2, x=X)
    assert won[0].tolist() == [[[0, 1, 0], [0, 0, 0]], [[0, 0, 1], [0, 1, 0]]]
    assert torch.equal(top, X * won)


def test_windows_within_the_plane_alone_have_winners():
    (top,) = tops_of("SpatialWta", "spatial_wta_param { kernel_h: 1 kernel_w: 2 stride_h: 1 stride_w: 2 }", 1, x=X)
    assert top[0].tolist() == [[[0, -5, 0], [4, 0, 0]], [[0, 0, 0], [0, 1, 0]]]


@pytest.mark.parametrize(("param", "complaint"), [
    ("", "wants `kernel_size`, or"), ("kernel_h: 2", "wants `kernel_size`, or"),
    ("global_wta: true kernel_size: 2", "`kernel_size`"), ("global_wta: true stride: 2", "a stride of 1"),
    ("kernel_size: 3", r"larger than a plane of \(2, 3\)"), ("kernel_size: 2 stride_h: 1", "`stride_h` and `stride_w`"),
    ("kernel_size: 2 stride: 0", "`stride`"), ("kernel_size: 0", "`kernel_size`")])
def test_refusals(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("SpatialWta", f"spatial_wta_param {{ {param} }}", x=(1, 2, 2, 3))
