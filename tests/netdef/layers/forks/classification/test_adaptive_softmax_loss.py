"""SoftmaxWithLoss with adaptive weights, of OpenVINO's fork, by hand."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import SpecError

LABELS = torch.tensor([0.0, 2, 0, 0, 2]).double()


def net_of(param: str, x: torch.Tensor, t: torch.Tensor = LABELS):
    return one_layer("SoftmaxWithLoss", f"loss_param {{ {param} }}", "TRAIN", x=x, t=t)


def test_rare_classes_weigh_more_by_a_moving_average():
    """Shares 0.6, 0, 0.4 and then 0.2, 0.8, 0; the second is the average by 0.75, where there was a share before."""
    x, again = draw(5, 3), torch.tensor([1.0, 1, 0, 1, 1]).double()
    net = net_of("adaptive_weighting: true gamma: 0.75 scale: 2", x)
    for labels, shares in ((LABELS, [0.6, 0, 0.4]), (again, [0.5, 0.8, 0.3])):
        weights = [2 * sum(shares) / 3 / share if share else 0 for share in shares]
        wanted = sum(-float(row.log_softmax(0)[int(t)]) * weights[int(t)] for row, t in zip(x, labels)) / 5
        assert net(x=x, t=labels)["y0"].item() == pytest.approx(wanted)


def test_weights_are_limited_before_the_scale():
    x = draw(5, 3)
    net = net_of("adaptive_weighting: true scale: 3 min_weight: 0.6 max_weight: 0.7 ignore_label: 2", x)
    wanted = sum(-float(row.log_softmax(0)[0]) * 3 * 0.6 for row, t in zip(x, LABELS) if t == 0) / 3
    assert net(x=x, t=LABELS)["y0"].item() == pytest.approx(wanted)  # the weight is 1/3 of one class in three


def test_sure_predictions_cost_more_and_those_without_a_loss_do_not_count():
    x, t = torch.tensor([[0.0, 0], [math.log(3), 0], [0, 9]]).double().requires_grad_(), torch.tensor([0.0, 0, 1]).double()
    net = net_of("max_entropy_weight: 0.5", x, t)
    entropy = [math.log(2), -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))]
    losses = [math.log(2) - 0.5 * entropy[0], math.log(4 / 3) - 0.5 * entropy[1]]
    sure = -math.log(1 / (1 + math.exp(-9)))
    assert sure < 0.5 * 9 * math.exp(-9) and losses[1] > 0  # the last one's loss is below 0
    loss = net(x=x, t=t)["y0"]
    assert loss.item() == pytest.approx(sum(losses) / 2)
    loss.backward()
    p = 0.75
    assert x.grad[1, 0].item() == pytest.approx((p - 1 + 0.5 * p * (math.log(p) + entropy[1])) / 2)
    assert not x.grad[2].any()


def test_the_state_is_that_of_the_batches_before():
    x = draw(5, 3)
    net = net_of("adaptive_weighting: true", x)
    first = net(x=x, t=LABELS)["y0"].item()
    net(x=x, t=torch.ones(5).double())
    (layer,) = (layer for layer in net.modules() if getattr(layer, "carried", ()))
    layer.reset_state()
    assert net(x=x, t=LABELS)["y0"].item() == first


@pytest.mark.parametrize(("param", "words"), [
    ("adaptive_weighting: true gamma: 0", "`gamma`"), ("adaptive_weighting: true scale: -1", "`scale`"),
    ("adaptive_weighting: true weight_by_label_freqs: true class_weighting: [1, 2, 3]", "weight_by_label_freqs"),
])
def test_bad_parameters_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        net_of(param, draw(5, 3))
