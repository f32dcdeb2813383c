"""SoftmaxWithLoss of the hardest predictions."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

SCORES = draw(2, 3, 5)
LABELS = torch.tensor([[0.0, 1, 9, 2, 0], [1, 1, 2, 9, 0]]).double()


def each() -> list[list[float]]:
    """The losses of both items; that of an ignored label is -1."""
    found = []
    for scores, labels in zip(SCORES.tolist(), LABELS.int().tolist()):
        found.append([-1.0 if label == 9 else math.log(sum(math.exp(row[i]) for row in scores)) - scores[label][i]
                      for i, label in enumerate(labels)])
    return found


def loss(param: str) -> tuple[float, torch.Tensor]:
    """The loss, and at which predictions it has a gradient."""
    x = SCORES.clone().requires_grad_()
    value = top_of("SoftmaxWithLoss", f"loss_param {{ ignore_label: 9 {param} }}", "TRAIN", x=x, t=LABELS)
    value.backward()
    return value.item(), x.grad.abs().sum(1) > 0


def test_the_greatest_of_the_batch():
    found = sorted((value for item in each() for value in item), reverse=True)
    value, learned = loss("use_ohem: true ohem_n: 3")
    assert value == pytest.approx(sum(found[:3]) / 3) and int(learned.sum()) == 3
    value, _ = loss("use_ohem: true ohem_n: 300")
    assert value == pytest.approx(sum(found[:8]) / 8)


def test_those_that_are_not_yet_sure():
    found = [value for item in each() for value in item if value >= 0]
    hard = [value for value in found if math.exp(-value) <= 0.4]
    assert 0 < len(hard) < len(found)
    value, learned = loss("has_probability_thresh: true probability_threshold: 0.4")
    assert value == pytest.approx(sum(hard) / len(hard)) and int(learned.sum()) == len(hard)
    value, _ = loss("has_probability_thresh: true probability_threshold: 0.4 normalization: BATCH_SIZE")
    assert value == pytest.approx(sum(hard) / 2)


def test_a_part_of_each_item():
    """Of four losses of an item, 0.5 are two; those that are not below the second in order are left: three."""
    hard = [value for item in each() for value in sorted(item)[2:]]  # -1 is the ignored one.
    value, learned = loss("hm_ratio: 0.5")
    assert value == pytest.approx(sum(hard) / 6) and int(learned.sum()) == 6
    value, _ = loss("hm_ratio: 0.9")  # A tenth of four is less than one.
    assert value == pytest.approx(loss("")[0])


def test_refusals():
    with pytest.raises(netdef.SpecError, match="has `ohem_n` 0; it must be at least 1"):
        one_layer("SoftmaxWithLoss", "loss_param { use_ohem: true ohem_n: 0 }", x=(2, 3), t=(2,))
