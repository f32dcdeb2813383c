"""SaliencyPooling: means of salient windows."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

X = torch.tensor([[[[1.0, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]]]).double()
S = torch.tensor([[[[1.0, 0, 2, -2], [0, 0, 0, 0], [0, 0, 0, 3]]]]).double()
WINDOW = "pooling_param { kernel_size: 2 stride: 2 }"


def test_means_where_saliency_is_not_zero_in_sum():
    """The windows of row 2 are cut to one row, and count no more than that."""
    assert top_of("SaliencyPooling", WINDOW, x=X, s=S).tolist() == [[[[3.5, 0], [0, 11.5]]]]


def test_padding_counts_as_zeros():
    top = top_of("SaliencyPooling", "pooling_param { kernel_size: 2 stride: 3 pad: 1 }", x=X, s=S + 10)
    assert top.tolist() == [[[[1 / 4, 7 / 4], [9 / 4, 23 / 4]]]]


def test_the_gradient_of_means_in_all_windows():
    x, s = X.clone().requires_grad_(), S.clone().requires_grad_()
    top_of("SaliencyPooling", WINDOW, "TRAIN", x=x, s=s).sum().backward()
    assert x.grad.tolist() == [[[[0.25] * 4, [0.25] * 4, [0.5] * 4]]] and s.grad is None


def test_blobs_of_two_shapes_are_refused():
    with pytest.raises(netdef.SpecError, match="shape"):
        one_layer("SaliencyPooling", WINDOW, x=(1, 2, 3, 4), s=(1, 1, 3, 4))
    with pytest.raises(netdef.SpecError, match="`dilation`"):
        one_layer("SaliencyPooling", "pooling_param { kernel_size: 2 dilation: 2 }", x=(1, 1, 5, 4), s=(1, 1, 5, 4))
