"""Pairs against hard negatives."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

PARAM = "rank_param {{ neg_num: {} pair_size: 2 hard_ratio: {} rand_ratio: {} margin: {} }}"


def terms(x: torch.Tensor, anchor: int, negative: int, margin: float) -> tuple[float, float]:
    """The two parts of the loss of a pair and a negative."""
    def distance(i: int, j: int) -> float:
        return -sum(a * b for a, b in zip(x[i].tolist(), x[j].tolist()))

    own = distance(anchor, anchor + 1) + margin
    return max(0.0, own - distance(anchor, negative)), max(0.0, own - distance(anchor + 1, negative))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_negatives_are_those_of_other_labels_that_cost(phase: str):
    x, labels = draw(6, 4) / 2, [1, 1, 2, 2, 1, 1]
    expected = 0.0
    for anchor in (0, 2, 4):
        for j in range(6):
            first, second = terms(x, anchor, j, 0.5)
            if labels[j] != labels[anchor] and first > 0:
                expected += first + second
    param = PARAM.format(9, 0, 0, 0.5)
    assert expected > 0
    found = top_of("RankHardLoss", param, phase, x=x, t=torch.tensor(labels).double())
    assert found.item() == pytest.approx(expected / (9 * 6 // 2 * 2))


def test_gradient():
    x, labels = (draw(6, 4) / 2).requires_grad_(), torch.tensor([1.0, 1, 2, 2, 1, 1]).double()
    net = one_layer("RankHardLoss", PARAM.format(9, 0, 0, 0.5), "TRAIN", x=x, t=labels)
    assert gradcheck(lambda x: net(x=x, t=labels)["y0"], (x,))


@pytest.mark.parametrize(("hard", "random"), [(1.0, 0.0), (0.5, 0.5), (0.0, 1.0)])
def test_hard_and_other_negatives_are_drawn(hard: float, random: float):
    """Of five negatives two are the hardest; with ``hard_ratio`` 1 these count, else one of them, or any two."""
    x, labels = torch.eye(7).double() + 0.01 * draw(7, 7), torch.tensor([1.0, 1, 2, 3, 4, 5, 6]).double()
    x, labels = torch.cat((x, x[:1])), torch.cat((labels, labels[-1:]))
    margin = 3.0
    costs = {j: sum(terms(x, 0, j, margin)) for j in range(2, 8)}
    ranked = sorted(costs, key=lambda j: -terms(x, 0, j, margin)[0])
    param = f"rank_param {{ neg_num: 2 pair_size: 8 hard_ratio: {hard} rand_ratio: {random} margin: {margin} }}"
    found = top_of("RankHardLoss", param, "TRAIN", x=x, t=labels).item() * (2 * 8 // 8 * 2)
    first = ranked[:2]
    if hard == 1:
        possible = [sum(costs[j] for j in first)]
    elif hard == 0.5:
        possible = [costs[i] + costs[j] for i in first for j in costs if i != j]
    else:
        possible = [costs[i] + costs[j] for i in costs for j in costs if i < j]
    assert any(found == pytest.approx(one) for one in possible)


def test_negatives_are_pictures_taken_far_away():
    """Items 0 and 1, 4 and 5 are pairs. Items 0 to 3 are in one place, 4 is 100 m away from it, 5 is 1 km away.

    Item 5 is so far from 4 that it counts as a negative of its own pair, as in the fork; its distance from itself is 0.
    """
    x = draw(8, 3) / 4
    degree = math.pi / 180
    latitude = torch.tensor([10, 10, 10, 10, 10 + 0.1 / 111.19, 10 + 1 / 111.19, 40, 40]).double() * degree
    longitude = torch.tensor([20.0, 20, 20, 20, 20, 20, 60, 60]).double() * degree
    expected = sum(sum(terms(x, 0, j, 5)) for j in (2, 3, 5, 6, 7))
    expected += sum(sum(terms(x, 4, j, 5)) for j in (6, 7))
    expected += terms(x, 4, 5, 5)[0] + 5 - (x[4] @ x[5]).item()
    param = "rank_param { neg_num: 9 pair_size: 4 margin: 5 }"
    found = top_of("RankHardLoss", param, "TEST", x=x, a=latitude, b=longitude)
    assert found.item() == pytest.approx(expected / (9 * 8 // 4 * 2))


@pytest.mark.parametrize(("size", "complaint"), [(1, "at least 2"), (4, "divide the 6 items"), (0, "at least 2")])
def test_a_size_of_groups_that_does_not_fit_is_refused(size: int, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("RankHardLoss", f"rank_param {{ pair_size: {size} }}", x=(6, 3), t=(6,))


def test_later_forks_take_the_mean_of_those_that_count():
    x, labels = draw(6, 4) / 2, torch.tensor([1.0, 1, 2, 2, 1, 1]).double()
    pairs = [terms(x, anchor, j, 0.5) for anchor in (0, 2, 4) for j in range(6) if labels[j] != labels[anchor]]
    pairs = [pair for pair in pairs if pair[0] > 0]
    assert 1 < len(pairs) < 12
    found = top_of("RankHardLoss", "rank_hard_loss_param { neg_num: 9 pair_size: 2 }", x=x, t=labels)
    assert found.item() == pytest.approx(sum(map(sum, pairs)) / len(pairs) / 2)
    none = top_of("RankHardLoss", "rank_hard_loss_param { neg_num: 9 pair_size: 2 margin: -99 }", x=x, t=labels)
    assert none.item() == 0
