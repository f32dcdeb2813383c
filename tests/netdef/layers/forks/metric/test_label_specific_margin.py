"""LabelSpecificMargin: angles at labels, by arithmetic as on the GPU of GuohongWu's fork."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, tops_of

import netdef

ANGLES = [[0.5, 1.2, 2.0], [2.9, 0.7, 1.6]]
X = torch.tensor(ANGLES).double().cos()
LABELS = torch.tensor([1.0, 0]).double()


def made(param: str, phase: str = "TRAIN", tops: int = 2, **others: tuple[int, ...]) -> netdef.Net:
    return one_layer("LabelSpecificMargin", f"label_specific_margin_param {{ {param} }}", phase, tops=tops, x=(2, 3), t=(2,),
                     **others)


def own(top: torch.Tensor) -> list[float]:
    assert torch.equal(top[:, 2], X[:, 2])
    return [top[0, 1].item(), top[1, 0].item()]


def test_an_angle_is_added():
    x = X.clone().requires_grad_()
    top = made("margin_base: 30 gamma: 0")(x=x, t=LABELS)["y0"]
    assert own(top.detach()) == pytest.approx([math.cos(1.2 + math.pi / 6), math.cos(2.9 + math.pi / 6)])
    top.sum().backward()
    slope = math.sin(1.2 + math.pi / 6) / math.sin(1.2)
    assert x.grad[0].tolist() == pytest.approx([1, slope, 1])
    assert x.grad[1, 0].item() == 0  # that of the derivative is below 0


def test_the_factor_of_the_gradient_is_at_most_2_and_with_pass_bp_1():
    x = torch.tensor([[0.999, 0.1, 0]]).double().requires_grad_()
    for param, factor in (("", 2), ("pass_bp: true", 1)):
        net = one_layer("LabelSpecificMargin", f"label_specific_margin_param {{ margin_base: 30 {param} }}", "TRAIN",
                        x=x, t=(1,))
        (gradient,) = torch.autograd.grad(net(x=x, t=torch.zeros(1).double())["y0"].sum(), x)
        assert gradient.tolist() == [[factor, 1, 1]]


def test_an_angle_is_multiplied():
    top = made("margin_base: 2 gamma: 0 type: SOFT")(x=X, t=LABELS)["y0"]
    assert own(top) == pytest.approx([math.cos(2.4), math.cos(2 * (math.pi - 1e-4))])  # the second would be above pi


def test_the_margin_grows_to_its_bound_and_is_kept():
    net = made("margin_base: 3 gamma: 2 power: 2 iteration: 1 margin_max: 20")
    for wanted in (3 + 3**2 - 1, 20, 20):
        assert net(x=X, t=LABELS)["y1"].item() == pytest.approx(wanted)
    assert net.params["l"][0].item() == 20
    net.eval()
    tops = net(x=X, t=LABELS)
    assert tops["y1"].item() == 20 and torch.equal(tops["y0"], X)


def test_the_margin_of_a_bottom():
    tops = made("", m=(1,))(x=X, t=LABELS, m=torch.tensor([30.0]).double())
    assert own(tops["y0"])[0] == pytest.approx(math.cos(1.2 + math.pi / 6))
    assert tops["y1"].item() == 30


def test_a_margin_of_0_changes_nothing():
    (top,) = tops_of("LabelSpecificMargin", "", 1, "TRAIN", x=X, t=LABELS)
    assert torch.equal(top, X)


def test_the_margin_follows_the_mean_angles():
    net = made("auto_tune: true")
    degrees = 180 / math.pi
    near, far = degrees * (1.2 + 2.9) / 2, degrees * (0.5 + 2.0 + 0.7 + 1.6) / 4
    for kept in (0, 0.99):
        means = [(0.01 + 0.01 * kept) * near, (0.01 + 0.01 * kept) * far]
        assert net(x=X, t=LABELS)["y1"].tolist() == pytest.approx([(means[1] - means[0]) / 2, *means])
    first = made("auto_tune: true margin_base: 1")(x=X, t=LABELS)["y1"]
    assert first.tolist() == pytest.approx([(far - near) / 2, near, far])


def test_auto_tune_wants_a_second_top():
    with pytest.raises(netdef.SpecError, match="two bottoms, two tops"):
        made("auto_tune: true", tops=1)
