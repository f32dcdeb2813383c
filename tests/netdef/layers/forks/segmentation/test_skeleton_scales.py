"""Quantize and Rescale: labels of DeepSkeleton."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef


def scales(*values: float) -> torch.Tensor:
    return torch.tensor(values).double().reshape(1, 1, 1, -1)


def test_classes_of_scales():
    (top,) = tops_of("Quantize", "", 1, x=scales(-3, 0, 0.9, 1, 11.5, 12, 35.9, 36, 79, 80, 199, 200, 255))
    assert top.flatten().tolist() == [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 0, 0]


def test_scales_within_what_a_place_sees():
    x = scales(0, 0.00005, 2, 7, 10, 13.5, 14, 30, -7)
    top, seen = tops_of("Rescale", "rescale_param { rf: 14 }", 2, x=x)
    assert top.flatten().tolist() == pytest.approx([0, 0, 4 / 14 - 1, 0, 20 / 14 - 1, 27 / 14 - 1, 0, 0, -2])
    assert seen.flatten().tolist() == [0, 0, 1, 1, 1, 1, 0, 0, 1]
    (alone,) = tops_of("Rescale", "rescale_param { rf: 14 }", 1, x=x)
    assert torch.equal(alone, top)


def test_a_side_is_needed():
    with pytest.raises(netdef.SpecError, match="lacks `rf`"):
        one_layer("Rescale", "rescale_param { }", x=(2, 3))
    with pytest.raises(netdef.SpecError, match="`rf`"):
        one_layer("Rescale", "rescale_param { rf: 0 }", x=(2, 3))
