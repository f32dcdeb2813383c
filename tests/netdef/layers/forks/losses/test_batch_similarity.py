"""Cosines of the pairs of a batch, and the loss of their ranks."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of
from torch.autograd import gradcheck

import netdef

LABELS = torch.tensor([2.0, 0, 2, 1])


def test_cosines_and_labels_of_pairs():
    x = draw(4, 3).requires_grad_()
    cosines, same = tops_of("CosineSimilarityBatch", "cosine_similarity_batch_param { neg_label: 0 }", 2, x=x, t=LABELS)
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    expected = torch.stack([torch.cosine_similarity(x[i], x[j], 0) for i, j in pairs])
    assert torch.allclose(cosines.flatten(), expected)
    assert same.flatten().tolist() == [0, 1, 0, 0, 0, 0]
    net = one_layer("CosineSimilarityBatch", "", "TRAIN", tops=2, x=x, t=LABELS)
    assert gradcheck(lambda x: net(x=x, t=LABELS)["y0"], (x,))


def loss_by_loops(cosines: list[float], labels: list[float], delta: float) -> float:
    """The loss as its histograms define it."""
    count, place = len(labels), {}
    for i in range(count):
        for j in range(i + 1, count):
            place[i, j] = place[j, i] = cosines[len(place) // 2]
    total, width = 0.0, 2.0
    while width >= delta:
        terms = []
        for i in range(count):
            for j in range(i + 1, count):
                if labels[i] != labels[j] or 1 - place[i, j] < width:
                    continue
                left = math.floor((place[i, j] + 1) / width)
                right_share = (place[i, j] + 1) / width - left
                term = 0.0
                for one in (i, j):
                    others = [place[one, k] for k in range(count) if labels[k] != labels[one]]
                    histogram = [0.0] * (math.ceil(2 / width) + 2)
                    for value in others:
                        bin_, share = math.floor((value + 1) / width), (value + 1) / width % 1
                        histogram[bin_] += (1 - share) / len(others)
                        histogram[bin_ + 1] += share / len(others)
                    term += (1 - right_share) * sum(histogram[left:]) + right_share * sum(histogram[left + 1 :])
                terms.append(term)
        total = (total + sum(terms)) / (2 * max(len(terms), 1))
        width /= 2
    return total


def test_loss_of_ranks():
    cosines, labels = torch.tanh(draw(15)).requires_grad_(), torch.tensor([0.0, 1, 0, 2, 0, 1])
    net = one_layer("FAPPYLoss", "fappy_loss_param { delta: 0.1 }", "TRAIN", c=cosines, t=labels)
    loss = net(c=cosines, t=labels)["y0"]
    assert loss.item() == pytest.approx(loss_by_loops(cosines.tolist(), labels.tolist(), 0.1))
    assert loss > 0
    assert gradcheck(lambda c: net(c=c, t=labels)["y0"], (cosines,))


@pytest.mark.parametrize(("param", "cosines", "complaint"), [
    ("", 5, "the 6 pairs of 4 items"), ("fappy_loss_param { delta: 0 }", 6, "above 0")])
def test_what_does_not_fit_is_refused(param: str, cosines: int, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("FAPPYLoss", param, c=(cosines,), t=(4,))
