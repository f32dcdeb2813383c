"""Features compared with those of earlier passes."""

from __future__ import annotations

import warnings

import pytest
import torch
from one_layer import draw, one_layer

import netdef

LABELED = "labeled_matching_param { num_classes: 3 momentum: 0.75 }"
UNLABELED = "unlabeled_matching_param { queue_size: 3 }"


def step(net, x, labels, tops: int):
    outputs = net(x=x, t=torch.tensor(labels).double())
    outputs["y0"].sum().backward()
    return [outputs[f"y{index}"].detach() for index in range(tops)]


def test_a_person_s_row_moves_to_its_features():
    x = draw(3, 2, 2).requires_grad_()
    rates = "param { lr_mult: 1 decay_mult: 0 } param { lr_mult: 1 decay_mult: 0 }"
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # these rates are not ignored
        net = one_layer("LabeledMatching", f"{LABELED} {rates}", "TRAIN", tops=2, x=x, t=(3,))
    rows = x.detach().flatten(1)
    first, labels = step(net, x, [2, -1, 7], 2)
    assert first.abs().max() == 0 and labels.tolist() == [2, -1, -1]
    features, ages = net.params["l"]
    assert torch.allclose(features[2], 0.25 * rows[0]) and features[:2].abs().max() == 0 and ages.tolist() == [1, 1, 0]
    x.grad = None
    second, _ = step(net, x, [2, 2, 0], 2)
    assert torch.allclose(second, rows @ torch.stack((0 * rows[0], 0 * rows[0], 0.25 * rows[0])).t())
    assert torch.allclose(x.grad.flatten(1), 0.25 * rows[0].expand(3, -1))  # by the rows before they moved
    moved = 0.75 * (0.75 * 0.25 * rows[0] + 0.25 * rows[0]) + 0.25 * rows[1]
    assert torch.allclose(features[2], moved) and torch.allclose(features[0], 0.25 * rows[2]) and ages.tolist() == [0, 2, 0]


def test_persons_without_a_name_stand_in_a_queue():
    x = draw(3, 4).requires_grad_()
    net = one_layer("UnlabeledMatching", UNLABELED, "TRAIN", x=x, t=(3,))
    (features,) = net.params["l"]
    step(net, x, [-1, 5, -1], 1)
    assert torch.equal(features[:2], x.detach()[[0, 2]]) and features[2].abs().max() == 0
    step(net, x, [-1, -1, 0], 1)
    assert torch.equal(features, x.detach()[[1, 2, 0]])
    assert torch.allclose(net(x=x, t=torch.zeros(3).double())["y0"], x @ features.t())


@pytest.mark.parametrize(("phase", "rate"), [("TEST", "1"), ("TRAIN", "0")])
def test_nothing_moves_in_test_or_with_a_rate_of_0(phase: str, rate: str):
    x = draw(3, 4).requires_grad_()
    net = one_layer("UnlabeledMatching", f"{UNLABELED} param {{ lr_mult: {rate} }}", phase, x=x, t=(3,))
    step(net, x, [-1, -1, -1], 1)
    assert net.params["l"][0].abs().max() == 0


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="needs a `num_classes` of at least 1"):
        one_layer("LabeledMatching", tops=2, x=(3, 4), t=(3,))
    with pytest.raises(netdef.SpecError, match="has `queue_size` 0"):
        one_layer("UnlabeledMatching", "unlabeled_matching_param { queue_size: 0 }", x=(3, 4), t=(3,))
