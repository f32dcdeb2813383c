"""Similarities of items, and what is made of them."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_similarities(phase: str):
    a, b = draw(3, 2, 2), draw(3, 4, seed=2)
    dots = [sum(x * y for x, y in zip(a[i].flatten().tolist(), b[i].tolist())) for i in range(3)]
    squares = [sum((x - y) ** 2 for x, y in zip(a[i].flatten().tolist(), b[i].tolist())) for i in range(3)]
    found = top_of("DotProductSimilarity", "", phase, a=a, b=b)
    assert found.shape == (3, 1, 1, 1) and found.flatten().tolist() == pytest.approx(dots)
    found = top_of("EuclideanSimilarity", "", phase, a=a, b=b)
    assert found.flatten().tolist() == pytest.approx([-each / 2 for each in squares])


@pytest.mark.parametrize("kind", ["DotProductSimilarity", "EuclideanSimilarity"])
def test_gradients_of_similarities(kind: str):
    a, b = draw(3, 2, 2).requires_grad_(), draw(3, 4, seed=2).requires_grad_()
    net = one_layer(kind, "", "TRAIN", a=a, b=b)
    assert gradcheck(lambda a, b: net(a=a, b=b)["y0"], (a, b))


P, N = torch.tensor([0.5, 3.0, -1.0, 1.0]).double(), torch.tensor([0.25, 0.5, 1.0, 1.0]).double()


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_ranking_loss_and_its_accuracy(phase: str):
    assert top_of("PairwiseRankingLoss", "", phase, p=P, n=N).item() == pytest.approx((0.75 + 0 + 3 + 1) / 4)
    assert top_of("RankAccuracy", "", phase, p=P, n=N).item() == 0.5


@pytest.mark.parametrize(("sample", "learns"), [("false", [1, 0, 1, 1]), ("true", [1, 0, 0, 0])])
def test_the_gradients_of_the_ranking_loss_are_whole_numbers(sample: str, learns: list[int]):
    p, n = P.clone().requires_grad_(), N.clone().requires_grad_()
    param = f"triplet_loss_param {{ sample: {sample} }}"
    net = one_layer("PairwiseRankingLoss", param, "TRAIN", p=p, n=n)
    net(p=p, n=n)["y0"].backward()
    assert p.grad.tolist() == [-each for each in learns] and n.grad.tolist() == learns


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("kind", ["DotProductSimilarity", "EuclideanSimilarity"])
def test_triplets_of_thirds_of_a_batch(kind: str, phase: str):
    x = draw(6, 4)
    param = f'triplet_loss_param {{ margin: 2 sim_type: "{kind}" }}'
    loss, accuracy = tops_of("NaiveTripletLoss", param, 2, phase, x=x)
    near, far = top_of(kind, "", phase, a=x[:2], b=x[2:4]), top_of(kind, "", phase, a=x[:2], b=x[4:])
    assert loss == top_of("PairwiseRankingLoss", "triplet_loss_param { margin: 2 }", phase, p=near, n=far)
    assert accuracy == top_of("RankAccuracy", "", phase, p=near, n=far)


@pytest.mark.parametrize(("items", "kind", "complaint"), [
    (5, "EuclideanSimilarity", "a multiple of 3"), (6, "EuclidianSimilarity", "did you mean `EuclideanSimilarity`")])
def test_what_does_not_fit_is_refused(items: int, kind: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("NaiveTripletLoss", f'triplet_loss_param {{ sim_type: "{kind}" }}', tops=2, x=(items, 4))
