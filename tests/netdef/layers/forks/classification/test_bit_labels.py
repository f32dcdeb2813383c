"""Losses whose labels are bits."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch import Tensor
from torch.autograd import gradcheck

import netdef

ONE, WEIGHTED = "MultiChannelSigmoidCrossEntropyLoss", "MultiChannelReweightedSigmoidCrossEntropyLoss"
IGNORED = 1 << 31


def as_floats(numbers: list[list[list[int]]]) -> Tensor:
    """Bits (N, channels, W) as float32 labels (N, channels, 1, W)."""
    whole = torch.tensor(numbers)
    return torch.where(whole >= IGNORED, whole - (1 << 32), whole).to(torch.int32).view(torch.float32)[:, :, None]


def cost(score: float, present: bool) -> float:
    return math.log1p(math.exp(-score if present else score))


LABELS = [[[0b101, 0, IGNORED | 0b11]], [[0b10, 0b111, 0]]]


def test_of_each_class_at_each_place():
    x = draw(2, 3, 1, 3)
    expected = sum(
        cost(float(x[image, number, 0, place]), bool(bits >> number & 1))
        for image, (channel,) in enumerate(LABELS) for place, bits in enumerate(channel) if not bits & IGNORED
        for number in range(3)) / 2
    assert top_of(ONE, "", "TRAIN", x=x, t=as_floats(LABELS)).item() == pytest.approx(expected)


def test_balanced_by_the_share_of_places_with_edges():
    labels = [[[1 << 30, 0, 3], [0, 2, IGNORED]], [[0, 0, 5], [0, 0, 0]]]  # classes 0 to 31, and 32 and 33
    x, expected = draw(2, 34, 1, 3), 0.0
    for image, edges, used in ((0, [True, True], [0, 1]), (1, [False, False, True], [0, 1, 2])):
        share = sum(edges) / len(used)
        for place in used:
            for number in range(34):
                present = bool(labels[image][number // 32][place] >> number % 32 & 1)
                expected += cost(float(x[image, number, 0, place]), present) * (1 - share if present else share)
    assert top_of(WEIGHTED, "", "TRAIN", x=x, t=as_floats(labels)).item() == pytest.approx(expected / 2)


@pytest.mark.parametrize("kind", [ONE, WEIGHTED])
def test_gradients(kind: str):
    x = draw(2, 3, 1, 3).requires_grad_()
    net = one_layer(kind, "", "TRAIN", x=x, t=(2, 1, 1, 3))
    assert gradcheck(lambda x: net(x=x, t=as_floats(LABELS))["y0"], (x,))


@pytest.mark.parametrize(("kind", "labels", "complaint"), [
    (ONE, (2, 2, 1, 4), "labels of one channel"), (ONE, (2, 1, 2, 3), "32 bits a channel"),
    (WEIGHTED, (1, 1, 1, 4), "wants labels of 2 images of 1 x 4")])
def test_what_does_not_fit_is_refused(kind: str, labels: tuple[int, ...], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, x=(2, 3, 1, 4), t=labels)
