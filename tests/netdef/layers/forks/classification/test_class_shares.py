"""Scores, losses and accuracies by the shares of classes."""

from __future__ import annotations

from math import log

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

import netdef
from netdef.testing import check_layer

LABELS = torch.tensor([0.0, 0, 0, 1, 0]).double()  # shares of 0.8 and 0.2


def test_scores_are_multiplied_by_the_shares_of_their_classes():
    x = draw(5, 2)
    scores, labels = tops_of("ScoresTimesShares", "", 2, x=x, t=LABELS)
    assert torch.allclose(scores, x * torch.tensor([0.8, 0.2])) and labels.equal(LABELS)
    check_layer('layer { name: "l" type: "ScoresTimesShares" bottom: "x" bottom: "t" top: "y" top: "s" }', x=(5, 2), t=LABELS)


PROBABILITIES = torch.tensor([[0.9, 0.1], [0.5, 0.5], [0.25, 0.75], [0.6, 0.4], [0.75, 0.25]]).double()
LOSSES = [-log(p) for p in (0.9, 0.5, 0.25, 0.4, 0.75)]  # the items 0, 1 and 4 are hits


def test_accuracy_as_a_mean_over_classes():
    assert top_of("PerClassAccuracy", x=PROBABILITIES, t=LABELS).shape == (1, 2, 1, 1)
    wanted = [(3 / 4 + 0 / 1) / 2, sum(LOSSES) / 5]
    assert top_of("PerClassAccuracy", x=PROBABILITIES, t=LABELS).flatten().tolist() == pytest.approx(wanted)
    of_classes = (sum(LOSSES) - LOSSES[3]) / 4, LOSSES[3]
    wanted = [3 / 8, sum(of_classes) / 2]
    assert top_of("PerClassBayesianAccuracy", x=PROBABILITIES, t=LABELS).flatten().tolist() == pytest.approx(wanted)


def test_a_class_without_items_counts_and_a_probability_of_0_is_1e_20():
    x = torch.tensor([[1.0, 0], [1, 0], [0, 1], [1, 0], [1, 0]]).double()
    found = top_of("PerClassAccuracy", x=x, t=torch.zeros(5)).flatten().tolist()
    assert found == pytest.approx([4 / 5 / 2, -log(1e-20) / 5])


def test_loss_as_a_mean_over_classes():
    x = PROBABILITIES.log().requires_grad_()
    loss = top_of("SoftmaxWithBayesianLoss", x=x, t=LABELS)
    assert loss.item() == pytest.approx(((sum(LOSSES) - LOSSES[3]) / 4 + LOSSES[3]) / 2)
    loss.backward()
    assert x.grad[3].tolist() == pytest.approx([0.6 / 2, -0.6 / 2]) and x.grad[0].tolist() == pytest.approx([-0.1 / 8, 0.1 / 8])
    check_layer('layer { name: "l" type: "SoftmaxWithBayesianLoss" bottom: "x" bottom: "t" top: "y" }', x=(5, 2, 1, 1), t=LABELS)


@pytest.mark.parametrize("kind", ["ScoresTimesShares", "PerClassAccuracy", "SoftmaxWithBayesianLoss"])
def test_labels_that_do_not_fit_are_refused(kind: str):
    tops = 2 if kind == "ScoresTimesShares" else 1
    with pytest.raises(netdef.SpecError, match="wants one label an item|first axes must agree"):
        one_layer(kind, tops=tops, x=(5, 2), t=(4,))
    with pytest.raises(netdef.NetdefError, match="got the label 2; its scores have 2 classes"):
        tops_of(kind, "", tops, x=draw(2, 2), t=torch.tensor([0.0, 2]))
