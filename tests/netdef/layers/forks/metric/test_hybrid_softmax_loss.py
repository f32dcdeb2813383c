"""A softmax over persons and over the last features without a name."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef

PARAM = ("hybrid_softmax_loss_param {{ num_classes: 4 unlabeled_pool_size: {} unlabeled_score_weight: 0.5 "
         "random_sampling_num: {} weight_filler {{ type: 'gaussian' std: 1 }} }}")


def written_out(rows, labels, persons, pool):
    """The mean cost of the items with a person, over all persons and the pool."""
    costs = []
    for row, label in zip(rows, labels):
        if 0 <= label < len(persons):
            scores = [(row * other).sum() for other in (*persons, *pool)]
            costs.append(torch.stack(scores).exp().sum().log() - scores[label])
    return sum(costs) / len(costs)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_persons_and_the_pool(phase: str):
    net = one_layer("HybridSoftmaxLoss", PARAM.format(3, 4), phase, x=(5, 2, 1), t=(5,))
    (weight,) = net.params["l"]
    pool: list[torch.Tensor] = []
    for step, labels in enumerate(([3, -1, 0, 9, -1], [-1, -1, 1, 1, -2])):
        x = draw(5, 2, 1, seed=step).requires_grad_()
        persons = weight[:4].detach().clone().requires_grad_()
        rows = x.flatten(1)
        new = [0.5 * row for row, label in zip(rows, labels) if label == -1]
        pool = [*pool, *new][-3:]
        expected = written_out(rows, labels, persons, pool)
        loss = net(x=x, t=torch.tensor(labels).double())["y0"]
        assert loss.item() == pytest.approx(expected.item())
        gradients = torch.autograd.grad(loss, (x, weight))
        of_x, of_persons = torch.autograd.grad(expected, (x, persons))
        torch.testing.assert_close(gradients[0], of_x)
        torch.testing.assert_close(gradients[1][:4], of_persons)
        assert gradients[1][4:].abs().max() == 0 and of_x[1].abs().max() > 0
        pool = [row.detach() for row in pool]
    torch.testing.assert_close(weight[4:].detach(), torch.stack((pool[2], pool[0], pool[1])))


def test_of_two_features_at_one_place_the_later_counts_and_both_learn():
    x, labels = draw(3, 2).requires_grad_(), torch.tensor([-1.0, -1, 2]).double()
    net = one_layer("HybridSoftmaxLoss", PARAM.format(1, 4), "TRAIN", x=x, t=labels)
    (gradient,) = torch.autograd.grad(net(x=x, t=labels)["y0"], x)
    assert torch.allclose(net.params["l"][0][4].detach(), 0.5 * x[1].detach())
    assert torch.equal(gradient[0], gradient[1]) and gradient[0].abs().max() > 0


def test_other_persons_are_drawn():
    x, labels = draw(2, 3).requires_grad_(), torch.tensor([2.0, 0]).double()
    net = one_layer("HybridSoftmaxLoss", PARAM.format(0, 2), "TRAIN", x=x, t=labels)
    (weight,) = net.params["l"]
    scores = (x @ weight.t()).detach()
    possible = {(i, j): ((scores[0, [2, i]].exp().sum() / scores[0, 2].exp()).log()
                         + (scores[1, [0, j]].exp().sum() / scores[1, 0].exp()).log()).item() / 2
                for i in (0, 1, 3) for j in (1, 2, 3)}
    found = [net(x=x, t=labels)["y0"].item() for _ in range(40)]
    seen = {key for value in found for key, one in possible.items() if value == pytest.approx(one)}
    assert len(seen) > 3 and all(any(value == pytest.approx(one) for one in possible.values()) for value in found)


def test_a_batch_without_persons_costs_nothing():
    x, labels = draw(2, 3).requires_grad_(), torch.tensor([-1.0, 4]).double()
    loss = one_layer("HybridSoftmaxLoss", PARAM.format(3, 2), "TRAIN", x=x, t=labels)(x=x, t=labels)["y0"]
    assert loss.item() == 0 and torch.autograd.grad(loss, x)[0].abs().max() == 0


@pytest.mark.parametrize(("param", "words"), [
    ("", "num_classes"),
    ("num_classes: 3", "has `random_sampling_num` 100, more than its 3 classes"),
    ("num_classes: 3 random_sampling_num: 2 unlabeled_pool_size: -1", "must be at least 0"),
    ("num_classes: 3 random_sampling_num: 2 random_sampling_policy: 'topk'", 'only "random" is known'),
])
def test_what_does_not_fit_is_refused(param: str, words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("HybridSoftmaxLoss", f"hybrid_softmax_loss_param {{ {param} }}", x=(3, 2), t=(3,))
