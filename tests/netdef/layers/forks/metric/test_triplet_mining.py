"""Losses of faces: triplets drawn from a batch, pairs, and cosines with a margin."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef

COUNTS = torch.tensor([3.0, 1, 2]).double()  # items of each class, of six


def distance(x: torch.Tensor, a: int, b: int) -> float:
    return sum((float(p) - float(q)) ** 2 for p, q in zip(x.detach()[a], x.detach()[b]))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_triplets_of_each_pair_with_a_near_item_of_another_class(phase):
    x = 0.6 * draw(6, 4)
    pairs = {(0, 1): range(3, 6), (0, 2): range(3, 6), (1, 2): range(3, 6), (4, 5): range(4)}
    allowed = {pair: {n for n in others if distance(x, pair[0], n) - distance(x, *pair) < 0.7} for pair, others in pairs.items()}
    wanted = [pair for pair in sorted(allowed) if allowed[pair]]
    assert 0 < len(wanted) and any(0 < len(found) < 3 for found in allowed.values())
    net = one_layer("SampleTriplet", "sample_triplet_param { alpha: 0.7 }", phase, x=x, n=COUNTS)
    seen: dict[tuple[int, int], set[int]] = {pair: set() for pair in wanted}
    for _ in range(60):
        rows = [tuple(map(int, row)) for row in net(x=x, n=COUNTS)["y0"].reshape(-1, 3).tolist()]
        assert [row[:2] for row in rows] == wanted
        for row in rows:
            seen[row[:2]].add(row[2])
    assert seen == {pair: allowed[pair] for pair in wanted}


def test_no_triplets():
    x = torch.tensor([[0.0, 0], [0, 0.1], [9, 9]]).double()
    top = top_of("SampleTriplet", x=x, n=torch.tensor([2.0, 1]).double())
    assert top.shape == (0, 3, 1, 1)
    x.requires_grad_()
    loss = one_layer("TripletLoss", x=x, t=(2, 3, 1, 1))(x=x, t=top)["y0"]
    loss.backward()
    assert loss.tolist() == [0] and not x.grad.any()


def test_triplet_loss_with_the_forks_gradient():
    x = draw(5, 3).requires_grad_()
    triplets = torch.tensor([[0.0, 1, 3], [0, 2, 4], [1, 2, 3]]).double().reshape(3, 3, 1, 1)
    net = one_layer("TripletLoss", "loss_weight: 2", "TRAIN", x=x, t=triplets)
    outputs = net(x=x, t=triplets)
    losses = [max(0.0, 0.2 + distance(x, a, p) - distance(x, a, n)) for a, p, n in ((0, 1, 3), (0, 2, 4), (1, 2, 3))]
    assert outputs["y0"].shape == (1,) and outputs["y0"].item() == pytest.approx(sum(losses) / 3)
    (gradient,) = torch.autograd.grad(net.loss(outputs), x)
    x = x.detach()
    moves = [x[4] - x[2], x[3] - x[2], x[2] - x[1], x[1] - x[2], x[0] - x[2]]  # of the last triplet of each item
    assert torch.allclose(gradient, 2 / 3 * 2 * torch.stack(moves))


def test_only_as_many_triplets_as_classes_count():
    x = draw(5, 3)
    triplets = torch.tensor([[0.0, 1, 3], [0, 2, 4], [1, 2, 3]]).double()
    net = one_layer("TripletLoss", "triplet_loss_param { margin: 9 }", x=x, t=(2, 3))
    losses = [9 + distance(x, a, p) - distance(x, a, n) for a, p, n in ((0, 1, 3), (0, 2, 4))]
    assert net(x=x, t=triplets)["y0"].item() == pytest.approx(sum(losses) / 2)


def test_pairs_of_items():
    x, labels = draw(4, 3, 2), torch.tensor([5.0, 5, 2, 3]).double()
    first, second, alike = tops_of("Identity2Verify", "", 3, x=x, t=labels)
    assert torch.equal(first, x[[0, 2]]) and torch.equal(second, x[[1, 3]]) and alike.tolist() == [1, 0]
    with pytest.raises(netdef.SpecError, match="wants items and labels in pairs"):
        one_layer("Identity2Verify", tops=3, x=(3, 2), t=(3,))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_cosines_with_a_margin(phase):
    x, labels = draw(3, 4), torch.tensor([1.0, 0, 1]).double()
    param = "cosin_loss_param { num_output: 2 scale: 8 margin: -0.25 cosin_filler { type: 'xavier' } }"
    net = one_layer("CosinL2Normalize", param, phase, x=x, t=labels)
    weight = net.layers["l"].weight.tolist()
    top = net(x=x, t=labels)["y0"]
    for n, row in enumerate(x.tolist()):
        for label in range(2):
            product = sum(a * b for a, b in zip(row, weight[label]))
            cosine = product / math.sqrt(sum(a * a for a in row) * sum(b * b for b in weight[label]))
            assert top[n, label].item() == pytest.approx(8 * (cosine - 0.25 * (labels[n] == label).item()))
    assert gradcheck(lambda x: net(x=x, t=labels)["y0"], x.clone().requires_grad_())


def test_a_label_that_is_no_class():
    net = one_layer("CosinL2Normalize", "cosin_loss_param { num_output: 2 }", x=(3, 4), t=(3,))
    with pytest.raises(netdef.NetdefError, match="2"):
        net(x=draw(3, 4), t=torch.tensor([0.0, 2, 1]).double())
