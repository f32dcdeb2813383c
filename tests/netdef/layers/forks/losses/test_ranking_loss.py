"""Products with prototypes, and the loss of their ranks."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

SCORES = torch.tensor([[1.0, 0.5, 0.75, 2], [0.25, 3, 1, 0.5]]).double()
LABELS = torch.tensor([2.0, 1])


def test_similarity():
    x, prototypes = draw(2, 3, 5).requires_grad_(), draw(4, 15, 1, 1, seed=2).requires_grad_()
    net = one_layer("Similarity", "", "TRAIN", x=x, p=prototypes)
    assert torch.allclose(net(x=x, p=prototypes)["y0"], torch.einsum("ni,pi->np", x.flatten(1), prototypes.flatten(1)))
    assert gradcheck(lambda x, p: net(x=x, p=p)["y0"], (x, prototypes))


def test_ranking_loss():
    """Of item 0 the violations are 0.5 - 0.75 + (1, 0.5, 2) = 0.75, 0.25, 1.75; of item 1 none."""
    assert float(top_of("RankingLoss", "ranking_loss_param { margin: 0.5 }", s=SCORES, t=LABELS)) == pytest.approx(2.75 / 2)
    first = top_of("RankingLoss", "ranking_loss_param { margin: 0.5 trunc: true }", s=SCORES, t=LABELS)
    assert float(first) == pytest.approx(0.75 / 2)


@pytest.mark.parametrize(("trunc", "gradient"), [("false", [1, 1, -3, 1]), ("true", [1, 0, -1, 0])])
def test_gradient_of_ranking_loss(trunc: str, gradient: list[float]):
    scores = SCORES.clone().requires_grad_()
    net = one_layer("RankingLoss", f"ranking_loss_param {{ margin: 0.5 trunc: {trunc} }}", "TRAIN", s=scores, t=LABELS)
    net(s=scores, t=LABELS)["y0"].backward()
    assert (2 * scores.grad).tolist() == [gradient, [0] * 4]
    assert gradcheck(lambda s: net(s=s, t=LABELS)["y0"], (scores,))


@pytest.mark.parametrize(("kind", "shapes", "complaint"), [
    ("Similarity", {"x": (2, 3), "p": (4, 5)}, "equally many numbers"),
    ("RankingLoss", {"s": (2, 3), "t": (4,)}, "one label an item"),
])
def test_what_does_not_fit_is_refused(kind: str, shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, **shapes)
