"""The true class and some others."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

LOSS = "rss_loss_param {{ random_sampling_num: {} random_sampling_policy: '{}' }} "


def cost(scores: list[float], label: int, classes: list[int]) -> float:
    return math.log(sum(math.exp(scores[k]) for k in classes)) - scores[label]


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_softmax_of_the_largest_scores(phase: str):
    """Of items 0 and 1 the label, the last class and the largest other; of item 2, whose label is the last, the largest two."""
    rows = [[0.5, 2.0, -1.0, 1.5, 0.2], [0.1, 0.3, 0.3, -2.0, 3.0], [1.0, -1.0, 0.4, 0.7, -3.0]]
    chosen, labels = [[0, 4, 1], [1, 4, 2], [4, 0, 3]], [0, 1, 4]
    x = torch.tensor(rows).double().requires_grad_()
    net = one_layer("RandomSamplingSoftmaxLoss", LOSS.format(3, "topk"), phase, x=x, t=(3,))
    labels_of_net = torch.tensor(labels).double()
    loss = net(x=x, t=labels_of_net)["y0"]
    assert loss.item() == pytest.approx(sum(map(cost, rows, labels, chosen)) / 3)
    (gradient,) = torch.autograd.grad(loss, x)
    assert [row.nonzero().flatten().tolist() for row in gradient] == [sorted(row) for row in chosen]
    assert gradcheck(lambda x: net(x=x, t=labels_of_net)["y0"], (x,))


def test_others_are_drawn_at_random_for_each_place():
    x, labels = draw(2, 5, 3).requires_grad_(), torch.tensor([[0, 2, 7], [4, 1, 3]]).double()
    text = LOSS.format(3, "random") + "loss_param { ignore_label: 7 normalization: BATCH_SIZE }"
    net, seen, total = one_layer("RandomSamplingSoftmaxLoss", text, "TRAIN", x=x, t=labels), set(), 0.0
    for _ in range(30):
        loss = net(x=x, t=labels)["y0"]
        (gradient,) = torch.autograd.grad(loss, x)
        total = 0.0
        for item, place in ((0, 0), (0, 1), (1, 0), (1, 1), (1, 2)):
            chosen, label = gradient[item, :, place].nonzero().flatten().tolist(), int(labels[item, place])
            assert len(chosen) == 3 and {label, 4} <= set(chosen)
            seen.add((item, place, *chosen))
            total += cost(x[item, :, place].tolist(), label, chosen)
        assert gradient[0, :, 2].abs().max() == 0 and loss.item() == pytest.approx(total / 2)
    assert len(seen) > 5 + 5


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_scores_of_the_label_and_of_others(phase: str):
    x, labels = draw(4, 5, 1).requires_grad_(), torch.tensor([2.0, -1, 5, 0]).double()
    net, seen = one_layer("TargetSampling", "target_sampling_param { num_sampling: 3 }", phase, tops=2, x=x, t=labels), set()
    slope = draw(4, 3, seed=2)
    for _ in range(20):
        outputs = net(x=x, t=labels)
        top = outputs["y0"]
        assert outputs["y1"].tolist() == [0, -1, -1, 0] and top.shape == (4, 3)
        (gradient,) = torch.autograd.grad((top * slope).sum(), x)
        expected = torch.zeros_like(x)
        for item, label in ((0, 2), (3, 0)):
            row = x[item, :, 0].tolist()
            chosen = [row.index(value) for value in top[item].tolist()]
            assert chosen[0] == label and len(set(chosen)) == 3
            expected[item, chosen, 0] = slope[item]
            seen.add((item, *chosen))
        assert torch.equal(gradient, expected) and top[1:3].abs().max() == 0
    assert len(seen) > 4


@pytest.mark.parametrize(("text", "words"), [
    (LOSS.format(3, "best"), '"random" and "topk" are known'),
    (LOSS.format(1, "random"), "at least 2 and below its 5 classes"),
    ("", "has `random_sampling_num` 100"),
])
def test_what_does_not_fit_is_refused(text: str, words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("RandomSamplingSoftmaxLoss", text, x=(2, 5), t=(2,))


def test_more_samples_than_classes_are_refused():
    with pytest.raises(netdef.SpecError, match="has `num_sampling` 6, more than its 5 classes"):
        one_layer("TargetSampling", "target_sampling_param { num_sampling: 6 }", tops=2, x=(2, 5), t=(2,))
    assert top_of("RandomSamplingSoftmaxLoss", LOSS.format(2, "random"), x=torch.zeros(2, 5).double(),
                  t=torch.tensor([1.0, 0]).double()).item() == pytest.approx(math.log(2))
