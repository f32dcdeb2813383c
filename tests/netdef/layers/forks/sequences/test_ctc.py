"""CtcLoss and LabelsequenceAccuracy: sums over alignments by hand."""

from __future__ import annotations

import math

import pytest
import torch
from alignments import by_hand
from one_layer import draw, one_layer, top_of

from netdef.errors import NetdefError, SpecError


def ctc(scores: torch.Tensor, labels: torch.Tensor, blank: int = 0):
    param = f"ctc_loss_param {{ alphabet_size: {scores.shape[2]} time_step: {scores.shape[0]} blank_label: {blank} }}"
    return one_layer("CtcLoss", param, "TRAIN", x=scores, t=labels)


def test_one_step_of_two_classes():
    """Half of the probability each: log 2, and p - [0 1] of the true class."""
    x, t = torch.zeros(1, 1, 2).double().requires_grad_(), torch.ones(1, 1).double()
    loss = ctc(x, t)(x=x, t=t)["y0"]
    assert loss.item() == pytest.approx(math.log(2))
    loss.backward()
    assert x.grad.flatten().tolist() == pytest.approx([0.5, -0.5])


@pytest.mark.parametrize("blank", [0, 2])
def test_the_mean_over_sequences_with_the_gradient_of_the_sum(blank):
    x = (draw(5, 2, 3) * 2).requires_grad_()
    sequences = [[1, 1], [1]]
    t = torch.tensor([[1.0, blank, 1, blank], [blank, blank, 1, blank]]).double()
    loss = ctc(x, t, blank)(x=x, t=t)["y0"]
    expected = [by_hand(x[:, n].detach(), labels, blank) for n, labels in enumerate(sequences)]
    assert loss.item() == pytest.approx(sum(expected) / 2)
    loss.backward()
    for place in ((0, 0, 1), (3, 1, 2)):
        moved = [x.detach().clone() for _ in range(2)]
        for points, step in zip(moved, (1e-5, -1e-5)):
            points[place] += step
        sums = [sum(by_hand(points[:, n], labels, blank) for n, labels in enumerate(sequences)) for points in moved]
        assert x.grad[place].item() == pytest.approx((sums[0] - sums[1]) / 2e-5, rel=1e-6)


def test_a_sequence_longer_than_the_steps_has_no_loss():
    x, t = draw(2, 1, 3).requires_grad_(), torch.tensor([[1.0, 1]]).double()  # needs a blank between
    loss = ctc(x, t)(x=x, t=t)["y0"]
    loss.backward()
    assert loss.item() == 0 and not x.grad.any()


def test_labels_that_are_no_class_are_refused():
    x, t = draw(2, 1, 3), torch.tensor([[1.0, 3]]).double()
    with pytest.raises(NetdefError, match="layer `l` .CtcLoss. got the label 3; its scores have 3 classes, 0 to 2"):
        ctc(x, t)(x=x, t=t)


@pytest.mark.parametrize(
    ("param", "labels", "words"),
    [
        ("alphabet_size: 4 time_step: 7", (2, 5), "`alphabet_size` 4 .* it wants 3"),
        ("alphabet_size: 3 time_step: 6", (2, 5), "`time_step` 6 .* it wants 7"),
        ("alphabet_size: 3 time_step: 7 blank_label: 3", (2, 5), "`blank_label` 3, which is none of 3 classes"),
        ("alphabet_size: 3 time_step: 7", (7, 5), "labels for each of 2 sequences"),
    ],
)
def test_bad_parameters_are_refused(param, labels, words):
    with pytest.raises(SpecError, match=words):
        one_layer("CtcLoss", f"ctc_loss_param {{ {param} }}", x=(7, 2, 3), t=labels)


@pytest.mark.parametrize("blank", [0, 3])
def test_the_share_of_correctly_decoded_sequences(blank):
    """Steps 1 1 _ 1 2 2 read as 1 1 2; the second is 2 _ _ 1 2 1 and is short of the last 1 in its labels."""
    steps = torch.tensor([[1, 1, blank, 1, 2, 2], [2, blank, blank, 1, 2, 1], [blank] * 6])
    x = torch.nn.functional.one_hot(steps, 4).double()
    t = torch.tensor([[1, blank, 1, 2], [2, 1, 2, blank], [blank] * 4]).double()
    param = f"labelsequence_accuracy_param {{ blank_label: {blank} }}"
    assert top_of("LabelsequenceAccuracy", param, x=x, t=t).item() == pytest.approx(2 / 3)


def test_warp_ctc_loss_is_ctc_loss_with_a_blank_of_its_own():
    x, labels = draw(5, 2, 4), torch.tensor([[1.0, 2, 0], [3, 0, 0]]).double()
    expected = [by_hand(x[:, 0], [1, 2], 0), by_hand(x[:, 1], [3], 0)]
    assert one_layer("WarpCTCLoss", "", "TRAIN", x=x, t=labels)(x=x, t=labels)["y0"].item() == pytest.approx(sum(expected) / 2)
    other = one_layer("WarpCTCLoss", "ctc_loss_param { blank_index: 3 }", "TRAIN", x=x, t=labels[:1].expand(2, 3))
    found = other(x=x, t=labels[:1].expand(2, 3))["y0"].item()
    assert found == pytest.approx(sum(by_hand(x[:, n], [1, 2, 0], 3) for n in range(2)) / 2)
