"""All triplets of a batch, as loops."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of

LABELS = [1, 1, 0, 0, 1]  # the last item is a group of its own


def facts(x: torch.Tensor, margin: float, sample: bool) -> tuple[list[float], list[float], int, list[tuple[int, int, int]]]:
    """Costs of all triplets, distances of all pairs, how many triplets are wrong, and which learn."""
    d = [[math.dist(a, b) ** 2 for b in x] for a in x]
    pairs = [(i, j) for i in range(5) for j in range(5) if i != j and 4 not in (i, j) and LABELS[i] == LABELS[j]]
    triplets = [(i, j, k) for i, j in pairs for k in range(5) if LABELS[k] != LABELS[i]]
    learn = [(i, j, k) for i, j, k in triplets if margin + d[i][j] - d[i][k] > 0 and (not sample or d[i][k] > d[i][j])]
    costs = [max(0, margin + d[i][j] - d[i][k]) for i, j, k in triplets]
    return costs, [d[i][j] for i, j in pairs], sum(d[i][j] >= d[i][k] for i, j, k in triplets), learn


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("sample", [False, True])
def test_loss_accuracy_and_facts(phase: str, sample: bool):
    x = draw(5, 3) / 2
    costs, distances, wrong, learn = facts(x, 0.5, sample)
    assert 0 < wrong < len(costs) and 0 < len(learn) < len(costs)
    param = f"triplet_loss_param {{ margin: 0.5 mu: 0.25 sample: {str(sample).lower()} }}"
    loss, accuracy, found = tops_of("BatchTripletLoss", param, 3, phase, x=x, t=torch.tensor(LABELS).double())
    rank, pair = sum(costs) / len(costs), sum(distances) / len(distances)
    assert loss.item() == pytest.approx(0.25 * rank + 0.75 * pair)
    assert accuracy.item() == pytest.approx(1 - wrong / len(costs))
    of_learning = [0.5 + math.dist(x[i], x[j]) ** 2 - math.dist(x[i], x[k]) ** 2 for i, j, k in learn]
    wanted = [sum(of_learning) / len(learn), rank, pair, len(costs), len(learn)]
    assert found.shape == (1, 1, 1, 5) and found.flatten().tolist() == pytest.approx(wanted)


def test_the_gradient_is_that_of_the_triplets_that_learn():
    x, labels = (draw(5, 3) / 2).requires_grad_(), torch.tensor(LABELS).double()
    _, _, _, learn = facts(x.detach(), 0.5, True)
    param = "triplet_loss_param { margin: 0.5 mu: 0.25 sample: true }"
    net = one_layer("BatchTripletLoss", param, "TRAIN", tops=2, x=x, t=labels)
    net(x=x, t=labels)["y0"].backward()
    y = x.detach().clone().requires_grad_()
    near = sum((y[i] - y[j]).square().sum() for i, j in ((0, 1), (1, 0), (2, 3), (3, 2))) / 4
    ranks = sum((y[i] - y[j]).square().sum() - (y[i] - y[k]).square().sum() for i, j, k in learn) / len(learn)
    (0.25 * ranks + 0.75 * near).backward()
    assert torch.allclose(x.grad, y.grad)


def test_a_batch_without_a_pair():
    loss, accuracy = tops_of("BatchTripletLoss", "", 2, "TRAIN", x=draw(3, 4), t=torch.tensor([0.0, 1, 0]).double())
    assert (loss.item(), accuracy.item()) == (0, 1)
