"""MarginInnerProduct by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import NetdefError, SpecError
from netdef.layers.forks.metric.margin_inner_product import psi

FACTORS = {"SINGLE": 1, "DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
X, LABELS = draw(3, 5), torch.tensor([2.0, 0, 1]).double()


def build(param: str, phase: str = "TRAIN", tops: int = 1):
    net = one_layer("MarginInnerProduct", f"margin_inner_product_param {{ num_output: 4 {param} }}", phase, tops=tops,
                    x=X, t=LABELS)
    net.params["l"][0].data.copy_(draw(4, 5, seed=7))
    return net


def falling(angle: float, factor: int) -> float:
    part = min(int(angle * factor / math.pi), factor - 1)
    return (-1) ** part * math.cos(factor * angle) - 2 * part


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_psi_falls_over_all_angles(factor: int):
    angles = [0.05 + 0.1 * i for i in range(31)]
    found, _ = psi(torch.tensor(angles).double().cos(), factor)
    assert found.tolist() == pytest.approx([falling(angle, factor) for angle in angles])


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_psi_comes_with_its_derivative(factor: int):
    c = torch.linspace(-0.97, 0.96, 40).double().requires_grad_()
    value, slope = psi(c, factor)
    (expected,) = torch.autograd.grad(value.sum(), c)
    torch.testing.assert_close(slope, expected)


@pytest.mark.parametrize("kind", FACTORS)
def test_the_product_with_the_label_has_a_margin(kind: str):
    net = build(f"type: {kind} base: 3 gamma: 0.5 power: 2 lambda_min: 0.125", tops=2)
    weight = net.params["l"][0].detach().clone()
    unit = weight / weight.norm(dim=1, keepdim=True)
    outputs = net(x=X, t=LABELS)
    strength = 3 * 1.5**-2
    expected = X @ unit.t()
    for item, label in enumerate(LABELS.long().tolist()):
        length, product = X[item].norm().item(), expected[item, label].item()
        margin = length * falling(math.acos(product / length), FACTORS[kind])
        expected[item, label] = (margin + strength * product) / (1 + strength)
    torch.testing.assert_close(outputs["y0"], expected)
    assert outputs["y1"].tolist() == pytest.approx([strength])
    torch.testing.assert_close(net.params["l"][0].detach(), unit)


@pytest.mark.parametrize("kind", FACTORS)
def test_gradients_are_those_of_the_fork(kind: str):
    """The part of the margin is d psi as a direction in w and x, of length 1 in these two numbers."""
    net, x, slope = build(f"type: {kind} base: 0.5"), X.clone().requires_grad_(), draw(3, 4, seed=8)
    net(x=x, t=LABELS)["y0"].backward(slope)
    weight = net.params["l"][0]
    torch.testing.assert_close(weight.grad, slope.t() @ X)
    expected = slope @ weight.detach()
    for item, label in enumerate(LABELS.long().tolist()) if kind != "SINGLE" else ():
        length, w = X[item].norm(), weight.detach()[label]
        cosine = (X[item] @ w / length).reshape(1)
        value, derivative = psi(cosine, FACTORS[kind])
        direction = torch.cat((derivative, (value - cosine * derivative) / length))
        direction = direction / direction.norm()
        part = slope[item, label] / 1.5
        expected[item] += part * (direction[0] * w + direction[1] * X[item]) + part * 0.5 * w - slope[item, label] * w
    torch.testing.assert_close(x.grad, expected)


def test_lambda_falls_from_pass_to_pass_and_goes_on_where_it_stopped():
    param = "type: DOUBLE base: 8 gamma: 1 lambda_min: 1.5 iteration: 1"
    net = build(param, tops=2)
    assert [net(x=X, t=LABELS)["y1"].item() for _ in range(5)] == pytest.approx([8 / 3, 2, 1.6, 1.5, 1.5])
    other = build(param, tops=2)
    assert other.layers["l"].carried == ("passes",)
    other.layers["l"].passes = torch.full((1, 1), 2.0)
    assert other(x=X, t=LABELS)["y1"].item() == pytest.approx(1.6)


def test_there_is_no_margin_in_test():
    net = build("type: QUADRUPLE", "TEST")
    weight = net.params["l"][0]
    torch.testing.assert_close(net(x=X, t=LABELS)["y0"], X @ (weight / weight.norm(dim=1, keepdim=True)).t())


def test_what_is_refused():
    with pytest.raises(SpecError, match="axis 1 on only"):
        build("axis: 0")
    with pytest.raises(SpecError, match="negative `iteration`"):
        build("iteration: -1")
    with pytest.raises(NetdefError, match="label 4"):
        build("")(x=X, t=LABELS + 2)
