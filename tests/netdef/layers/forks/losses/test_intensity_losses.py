"""Losses of how strong movements are."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_unknown_strengths_do_not_count(phase: str):
    x, w = draw(2, 3), draw(2, 3, seed=2)
    t = torch.tensor([[1.0, 9, 0.5], [9, 3, 2]]).double()
    errors = [(a - b) * c for a, b, c in zip(x.flatten().tolist(), t.flatten().tolist(), w.flatten().tolist()) if b != 9]
    assert top_of("EuclideanLoss6", "", phase, x=x, t=t, w=w).item() == pytest.approx(sum(e * e for e in errors) / 4)


def test_the_gradient_has_a_weight_once():
    x, w = draw(2, 3).requires_grad_(), draw(2, 3, seed=2)
    t = torch.tensor([[1.0, 9, 0.5], [9, 3, 2]]).double()
    net = one_layer("EuclideanLoss6", "loss_weight: 3", "TRAIN", x=x, t=t, w=w)
    net.loss(net(x=x, t=t, w=w)).backward()
    assert torch.allclose(x.grad, torch.where(t == 9, 0, 3 * 2 * (x.detach() - t) * w / 4))


def test_without_a_known_strength_the_loss_is_zero():
    assert top_of("EuclideanLoss6", x=draw(2, 3), t=torch.full((2, 3), 9.0).double(), w=draw(2, 3)).item() == 0


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_cosines_of_unit_vectors(phase: str):
    a, b = draw(2, 3), draw(2, 3, seed=2)
    a, b = a / a.norm(dim=1, keepdim=True), b / b.norm(dim=1, keepdim=True)
    cosines = torch.nn.functional.cosine_similarity(a, b)
    assert top_of("CosineSimilarityLoss", "", phase, a=a, b=b).item() == pytest.approx(1 - cosines.mean().item())
    net = one_layer("CosineSimilarityLoss", "", phase, a=a, b=b)
    assert gradcheck(lambda a, b: net(a=a, b=b)["y0"], (a.requires_grad_(), b.requires_grad_()))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_squares_over_the_distance_of_the_eyes(phase: str):
    a, b, d = draw(2, 3), draw(2, 3, seed=2), torch.tensor([[0.5], [7]]).double()
    wanted = sum((x - y) ** 2 for x, y in zip(a.flatten().tolist(), b.flatten().tolist())) / (2 * 2 * 0.5)
    assert top_of("EuclideanLoss2", "", phase, a=a, b=b, d=d).item() == pytest.approx(wanted)
    net = one_layer("EuclideanLoss2", "", phase, a=a, b=b, d=d)
    assert gradcheck(lambda a, b: net(a=a, b=b, d=d)["y0"], (a.requires_grad_(), b.requires_grad_()))


@pytest.mark.parametrize(("b", "d"), [((2, 4), (2, 1)), ((3, 2), (2, 1)), ((2, 3), (0, 1))])
def test_bottoms_that_do_not_fit_are_refused(b: tuple[int, ...], d: tuple[int, ...]):
    with pytest.raises(netdef.SpecError):
        one_layer("EuclideanLoss2", a=(2, 3), b=b, d=d)
