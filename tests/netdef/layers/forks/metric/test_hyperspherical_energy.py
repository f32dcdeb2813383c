"""MHELoss and FeatureIncayLoss, by arithmetic as in GuohongWu's fork."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of, tops_of

import netdef

ROWS = [[0.6, 0.8], [1, 0], [0, -1], [-0.8, 0.6]]
LABELS = torch.tensor([2.0, 0, 2]).double()


def energy() -> float:
    def gap(i: int, j: int) -> float:
        return 1 - sum(a * b for a, b in zip(ROWS[i], ROWS[j]))
    return sum(-math.log(gap(label, other)) for label in (2, 0, 2) for other in range(4) if other != label) / (3 * 3)


def test_energy_of_the_labels_rows():
    loss = top_of("MHELoss", "mhe_loss_param { lambda_m: 5 }", x=torch.tensor(ROWS).double(), t=LABELS)
    assert loss.item() == pytest.approx(5 * energy())


def test_lambda_grows_in_training():
    net = one_layer("MHELoss", "mhe_loss_param { lambda_max: 8 gamma: 0.5 power: 2 iter: 1 } loss_weight: 1 loss_weight: 0",
                    "TRAIN", tops=2, x=(4, 2), t=(3,))
    for count in (1, 2):
        tops = net(x=torch.tensor(ROWS).double(), t=LABELS)
        assert tops["y1"].item() == pytest.approx(8 * (1 - (1 + 0.5 * count) ** -2))
        assert tops["y0"].item() == pytest.approx(tops["y1"].item() * energy())
    net.eval()
    assert net(x=torch.tensor(ROWS).double(), t=LABELS)["y1"].item() == net(x=torch.tensor(ROWS).double(), t=LABELS)["y1"].item()


def test_equal_rows_have_the_least_gap():
    x = torch.tensor([[1.0, 0], [1, 0]]).double().requires_grad_()
    loss = top_of("MHELoss", "mhe_loss_param { lambda_m: 1 }", x=x, t=torch.zeros(1).double())
    least = torch.finfo(torch.float32).tiny
    assert loss.item() == pytest.approx(-math.log(least))
    loss.backward()
    assert x.grad.tolist() == [[1 / least, 0], [1 / least, 0]]


def test_energy_wants_two_classes():
    with pytest.raises(netdef.SpecError, match="2 or more classes"):
        one_layer("MHELoss", x=(1, 2), t=(3,))


def test_items_that_are_right_grow():
    x = torch.tensor([[3.0, 4], [1, 0], [0, 2]]).double().requires_grad_()
    scores = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.4]]).double()
    inverse = torch.tensor([1 / 5, 1, 1 / 2]).double()
    (loss,) = tops_of("FeatureIncayLoss", "", 1, x=x, n=inverse, s=scores, t=torch.tensor([1.0, 1, 1]).double())
    assert loss.item() == pytest.approx((1 / 25 + 1 / 4) / 3)
    loss.backward()
    assert x.grad.tolist() == [pytest.approx([-6 / 625, -8 / 625]), [0, 0], pytest.approx([0, -4 / 16])]
