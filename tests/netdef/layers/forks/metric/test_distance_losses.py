"""NCALoss, SoftContrastiveLoss and BatchContrastiveLoss, by arithmetic as in happynear's fork."""

from __future__ import annotations

import math
from math import exp, log

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef

DISTANCES = [[0.5, 0.9, 0.6], [1.5, 0.25, 0.3]]
LABELS = torch.tensor([2.0, 0]).double()
WEIGHTED = "loss_weight: 1 loss_weight: 0"


def measured(kind: str, param: str, **others: torch.Tensor) -> tuple[float, list, list]:
    """The loss, the means, and the gradient of the distances."""
    x = torch.tensor(DISTANCES).double().requires_grad_()
    loss, means = tops_of(kind, f"{param} {WEIGHTED}", 2, x=x, t=LABELS, **others)
    loss.backward()
    return loss.item(), means.tolist(), x.grad.tolist()


def near(rows: list) -> list:
    return [pytest.approx(row) for row in rows]


def test_neighbours_of_other_classes():
    loss, means, gradient = measured("NCALoss", "")
    assert loss == pytest.approx((0.6 + exp(-0.5) + exp(-0.9) + 1.5 + exp(-0.25) + exp(-0.3)) / 2)
    assert means == pytest.approx([(0.6 + 1.5) / 2, (0.5 + 0.9 + 0.25 + 0.3) / 4])
    wanted = [[-exp(-0.5), -exp(-0.9), 1], [1, -exp(-0.25), -exp(-0.3)]]
    assert gradient == near([[each / 2 for each in row] for row in wanted])


def test_weights_change_the_gradient_alone():
    loss, _, gradient = measured("NCALoss", "nca_param { min_negative_only: true }", w=torch.tensor([3.0, 1]).double())
    assert loss == pytest.approx((0.6 + exp(-0.5) + 1.5 + exp(-0.25)) / 2)
    assert gradient == near([[-exp(-0.5) * 0.75, 0, 0.75], [0.25, -exp(-0.25) * 0.25, 0]])


def test_class_0_is_another_class_even_for_its_own_items():
    x = torch.tensor([[0.1, 0.4, 0.2]]).double().requires_grad_()
    (loss,) = tops_of("NCALoss", "nca_param { min_negative_only: true }", 1, x=x, t=torch.zeros(1).double())
    assert loss.item() == pytest.approx(0.1 + exp(-0.1))
    loss.backward()
    assert x.grad[0].tolist() == pytest.approx([-exp(-0.1), 0, 0])


@pytest.mark.parametrize("square", [False, True])
def test_soft_contrast(square: bool):
    power = 1 + square
    param = (f"soft_contrastive_loss_param {{ positive_margin: 0.5 negative_margin: 0.8 positive_weight: 3 negative_weight: 2 "
             f"square: {str(square).lower()} }} general_contrastive_loss_param {{ positive_outlier_thresh: 0.7 }}")
    loss, means, gradient = measured("SoftContrastiveLoss", param)
    pulled = [0.6 - 0.5, 0.7]  # that of the second item is cut
    slack = [[0.8 - 0.5], [0.8 - 0.25, 0.8 - 0.3]]
    terms = [[exp(2 * n**power) for n in each] for each in slack]
    assert loss == pytest.approx(sum(3 * p**power + log(sum(each)) for p, each in zip(pulled, terms)) / 2)
    assert means == pytest.approx([sum(pulled) / 2, sum(map(sum, slack)) / 4])
    pushed = [[-2 * e / sum(each) * n ** (power - 1) for e, n in zip(each, ns)] for each, ns in zip(terms, slack)]
    own = 3 * 0.6 ** (power - 1)  # the second item's distance is beyond the threshold
    assert gradient == near([[pushed[0][0] / 2, 0, own / 2], [0, pushed[1][0] / 2, pushed[1][1] / 2]])


BATCH = [[9, 0.4, 1.3, 0.2], [9, 9, 0.7, 1.5], [9, 9, 9, 0.1], [9, 9, 9, 9.0]]  # only pairs of an item and a later one count


@pytest.mark.parametrize("most_only", [False, True])
def test_pairs_of_a_batch(most_only: bool):
    x = torch.tensor(BATCH).double().requires_grad_()
    param = (f"batch_contrastive_loss_param {{ positive_margin: 0.3 negative_margin: 0.8 positive_weight: 3 negative_weight: 2 "
             f"max_only: {str(most_only).lower()} }} {WEIGHTED}")
    loss, means = tops_of("BatchContrastiveLoss", param, 2, x=x, t=torch.tensor([1.0, 1, 1, 0]).double())
    like, other = [0.4, 1.3, 0.7], [0.2, 1.5, 0.1]
    assert means.tolist() == pytest.approx([sum(like) / 3, sum(other) / 3])
    loss.backward()
    wanted = torch.zeros(4, 4).double()
    if most_only:
        assert loss.item() == pytest.approx(3 * (1.3 - 0.3) + 2 * (0.8 - 0.1))
        wanted[0, 2], wanted[2, 3] = 3 / 2, -2 / 2
    else:
        assert loss.item() == pytest.approx((3 * (0.1 + 1 + 0.4) + 2 * (0.6 + 0.7)) / 6)
        wanted[0, 1:3] = wanted[1, 2] = 3 / 4
        wanted[0, 3] = wanted[2, 3] = -2 / 4
    torch.testing.assert_close(x.grad, wanted)


def test_pairs_that_are_not_there_have_no_mean():
    _, means = tops_of("BatchContrastiveLoss", WEIGHTED, 2, x=torch.ones(3, 3).double(), t=torch.zeros(3).double())
    assert means[0] == 1 and math.isnan(means[1])


def test_what_is_refused():
    with pytest.raises(netdef.SpecError, match="the distance of each of two or more items to each"):
        one_layer("BatchContrastiveLoss", x=(4, 3), t=(4,))
    with pytest.raises(netdef.SpecError, match="2 items, but labels"):
        one_layer("NCALoss", x=(2, 3), t=(2,), w=(3,))
