"""CosinAddm and AdaCosAddmScale: an angle added to that of the label's class."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

M = 0.5
X = torch.tensor([[0.3, -0.6, 0.1], [0.2, 0.4, -0.95], [1.0, 0.5, 0.7], [0.6, -0.3, 0.8]]).double()
LABELS = torch.tensor([1.0, 2, 0, 2])
TURNED = [math.cos(math.acos(-0.6) + M), -0.95 - M * math.sin(M), math.cos(M), math.cos(math.acos(0.8) + M)]
SLOPES = [math.sin(math.acos(-0.6) + M) / 0.8, 1, 1, math.sin(math.acos(0.8) + M) / 0.6]


def with_own(numbers: list[float]) -> torch.Tensor:
    """X with other numbers for the labels' classes."""
    top = X.clone()
    for item, (label, number) in enumerate(zip(LABELS.long().tolist(), numbers)):
        top[item, label] = number
    return top


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_label_loses_an_angle(phase: str):
    """-0.95 is below cos(pi - 0.5) = -0.878; 1 has no derivative."""
    x = X.clone().requires_grad_()
    top = one_layer("CosinAddm", "", phase, x=x, t=LABELS)(x=x, t=LABELS)["y0"]
    torch.testing.assert_close(top, with_own(TURNED))
    (gradient,) = torch.autograd.grad(top.sum(), x)
    torch.testing.assert_close(gradient, with_own(SLOPES).where(top != X, 1))


def test_a_cosine_above_one_counts_as_one():
    x = torch.tensor([[1.5, 0.25]], dtype=torch.float64, requires_grad=True)
    top = top_of("CosinAddm", "cosin_add_m_param { m: 0.25 }", x=x, t=torch.zeros(1))
    assert top.tolist() == [[pytest.approx(math.cos(0.25)), 0.25]]
    assert torch.autograd.grad(top.sum(), x)[0].tolist() == [[1, 1]]


def test_a_label_that_is_no_class_is_an_error():
    with pytest.raises(netdef.NetdefError, match="got the label -1; its scores have 2 classes"):
        top_of("CosinAddm", "", x=torch.zeros(1, 2), t=torch.tensor([-1.0]))


def scale_after(before: float, labels: list[int]) -> float:
    """AdaCos's scale of X; the mean angle is above pi / 4."""
    total = sum(math.exp(before * value) if column != label else 1
                for row, label in zip(X.tolist(), labels) for column, value in enumerate(row))
    assert X.acos().mean() > math.pi / 4
    return math.log(total / len(X)) / math.cos(math.pi / 4)


def test_the_scale_follows_the_cosines():
    first = math.sqrt(2) * math.log(10 - 1)
    scale = scale_after(first, [1, 2, 0, 2])
    x = X.clone().requires_grad_()
    net = one_layer("AdaCosAddmScale", "adacos_add_m_scale_param { num_classes: 10 }", "TRAIN", x=x, t=LABELS)
    top = net(x=x, t=LABELS)["y0"]
    torch.testing.assert_close(top, scale * with_own(TURNED))
    (gradient,) = torch.autograd.grad(top.sum(), x)
    torch.testing.assert_close(gradient, scale * with_own(SLOPES).where(with_own(TURNED) != X, 1))
    second = net(x=x, t=LABELS)["y0"]
    torch.testing.assert_close(second, scale_after(scale, [1, 2, 0, 2]) * with_own(TURNED), rtol=1e-6, atol=0)


def test_an_item_without_a_label_gets_no_margin():
    labels = torch.tensor([-1.0, -1, -1, -1])
    first = math.sqrt(2) * math.log(10 - 1)
    top = top_of("AdaCosAddmScale", "adacos_add_m_scale_param { num_classes: 10 }", x=X, t=labels)
    torch.testing.assert_close(top, scale_after(first, [-1] * 4) * X)


def test_a_small_mean_angle_counts_itself():
    x = torch.tensor([[1.0, 0.96]]).double()
    first = math.sqrt(2) * math.log(10 - 1)
    scale = math.log(1 + math.exp(first * 0.96)) / math.cos(math.acos(0.96) / 2)
    top = top_of("AdaCosAddmScale", "adacos_add_m_scale_param { num_classes: 10 }", x=x, t=torch.zeros(1))
    assert top[0].tolist() == pytest.approx([scale * math.cos(M), scale * 0.96])


def test_too_few_classes_are_refused():
    with pytest.raises(netdef.SpecError, match="has `num_classes` 2; it must be above 2"):
        one_layer("AdaCosAddmScale", "adacos_add_m_scale_param { num_classes: 2 }", x=(1, 2), t=(1,))
