"""GlobalLSEMargin: one margin for all items, found by mean shift."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef
from netdef.layers.forks.metric.global_margin import next_margin

X = torch.tensor([[0.9, 0.1, 0.2], [0.0, 0.8, 0.3], [0.1, 0.2, 0.4]]).double()
LABELS = torch.tensor([0.0, 1, 2])
FEW = "scale_param { filler { value: 2 } }"
# log(sum of exp(2 x) elsewhere) / 2 for each item, and the margins
OTHERS = [math.log(math.exp(2 * a) + math.exp(2 * b)) / 2 for a, b in ((0.1, 0.2), (0.0, 0.3), (0.1, 0.2))]
MARGINS = [0.9 - OTHERS[0], 0.8 - OTHERS[1], 0.4 - OTHERS[2]]  # 0.40, 0.28, -0.10


def mean_shift(start: float, rounds: int) -> float:
    """The mean of the margins within 0.1, again and again."""
    for _ in range(rounds):
        near = [margin for margin in MARGINS if abs(margin - start) < 0.1]
        start = sum(near or MARGINS) / len(near or MARGINS)
    return start


def test_the_first_pass_sets_the_margin_and_later_ones_move_it():
    net = one_layer("GlobalLSEMargin", FEW, "TRAIN", tops=2, x=X, t=LABELS)
    first = mean_shift(sum(MARGINS) / 3, 20)
    tops = net(x=X, t=LABELS)
    own = torch.eye(3).double()
    torch.testing.assert_close(tops["y0"], 2 * (X - first * own))
    wanted = [2, 0.7, sum(OTHERS) / 3, (0.2 + 0.3 + 0.2) / 3, first]
    assert tops["y1"].tolist() == pytest.approx(wanted)
    second = 0.9 * first + 0.1 * mean_shift(first, 1)
    torch.testing.assert_close(net(x=X, t=LABELS)["y0"], 2 * (X - second * own))
    assert net.params["l"][1].item() == pytest.approx(second)


def test_gradients_take_the_margin_for_a_number():
    x = X.clone().requires_grad_()
    net = one_layer("GlobalLSEMargin", FEW, "TRAIN", x=X, t=LABELS)
    outer = torch.arange(9.0).reshape(3, 3).double()
    top = net(x=x, t=LABELS)["y0"]
    s, m = net.params["l"]
    of_x, of_s = torch.autograd.grad((top * outer).sum(), (x, s))
    torch.testing.assert_close(of_x, 2 * outer)
    assert of_s.item() == pytest.approx((outer * (X - m * torch.eye(3))).sum().item())


def test_lengths_of_items_in_place_of_the_scale():
    lengths = torch.tensor([2.0, 2, 2]).double()
    net = one_layer("GlobalLSEMargin", "", "TRAIN", tops=2, x=X, t=LABELS, n=lengths)
    tops = net(x=X, t=LABELS, n=lengths)
    first = mean_shift(sum(MARGINS) / 3, 20)
    torch.testing.assert_close(tops["y0"], 2 * (X - first * torch.eye(3).double()))
    assert tops["y1"][0].item() == 2


def test_a_test_changes_nothing_and_a_margin_of_0_takes_nothing_off():
    top, numbers = tops_of("GlobalLSEMargin", FEW, 2, x=X, t=LABELS)
    torch.testing.assert_close(top, 2 * X)
    assert numbers[4] == 0


@pytest.mark.parametrize(("limits", "scale"), [("min_value: 3", 3), ("max_value: 1.5", 1.5), ("min_value: 1 max_value: 9", 2)])
def test_the_scale_stays_within_its_limits(limits: str, scale: float):
    net = one_layer("GlobalLSEMargin", f"scale_param {{ filler {{ value: 2 }} {limits} }}", "TRAIN", tops=2, x=X, t=LABELS)
    assert net(x=X, t=LABELS)["y1"][0].item() == scale == net.params["l"][0].item()


def test_the_mean_of_near_margins():
    margins = torch.tensor([0.0, 0.05, 1.0]).double()
    assert next_margin(margins, torch.zeros(1)).item() == pytest.approx(0.35)  # near 0.35 there are none
    assert next_margin(margins, torch.tensor([0.06])).item() == pytest.approx(0.9 * 0.06 + 0.1 * 0.025)
    assert next_margin(margins * torch.nan, torch.tensor([0.25])).item() == 0.25


def test_one_class_is_refused():
    with pytest.raises(netdef.SpecError, match="wants at least 2 classes"):
        one_layer("GlobalLSEMargin", x=(2, 1), t=(2,))
