"""RefineDet's losses, against MultiBoxLoss of the priors that the first stage moved."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

PRIORS = torch.tensor([
    [0.1, 0.1, 0.4, 0.5], [0.5, 0.5, 0.9, 0.8], [0.15, 0.1, 0.5, 0.6], [0.0, 0.6, 0.3, 1.0], [0.7, 0.1, 0.9, 0.4]])
VARIANCES = torch.tensor([0.1, 0.1, 0.2, 0.2]).expand(5, 4)
TRUE = torch.tensor([[0, 3, 0, 0.1, 0.12, 0.4, 0.5, 0], [1, 2, 0, 0.5, 0.45, 0.9, 0.8, 0]]).double()[None, None]
PARAM = "code_type: CENTER_SIZE mining_type: MAX_NEGATIVE neg_pos_ratio: 2"


def stacked(priors: torch.Tensor) -> torch.Tensor:
    return torch.stack((priors, VARIANCES)).double().reshape(1, 2, -1)


def loss(classes: int, more: str = "", **bottoms: torch.Tensor) -> torch.Tensor:
    return top_of("MultiBoxLoss", f"multibox_loss_param {{ num_classes: {classes} {PARAM} {more} }}", "TRAIN", **bottoms)


def test_every_class_is_class_1_in_the_first_stage():
    bottoms = {"l": draw(2, 20), "c": draw(2, 10, seed=2), "p": stacked(PRIORS)}
    ones = TRUE.clone()
    ones[..., 1] = 1
    expected = loss(2, **bottoms, t=ones)
    assert torch.equal(loss(2, "objectness_score: 0.1", **bottoms, t=TRUE), expected)


def moved(prior: list[float], move: list[float]) -> list[float]:
    """A prior moved by offsets in CENTER_SIZE."""
    w, h = prior[2] - prior[0], prior[3] - prior[1]
    x, y = (prior[0] + prior[2]) / 2 + 0.1 * move[0] * w, (prior[1] + prior[3]) / 2 + 0.1 * move[1] * h
    w, h = w * math.exp(0.2 * move[2]), h * math.exp(0.2 * move[3])
    return [x - w / 2, y - h / 2, x + w / 2, y + h / 2]


def test_the_second_stage_counts_from_moved_priors():
    """Image by image, as the moved priors differ: the sum of both losses over all matches."""
    loc, conf, moves = draw(2, 20), draw(2, 20, seed=2), 0.5 * draw(2, 20, seed=3)
    likely = torch.full((2, 5, 2), 0.9).double()
    found = loss(4, l=loc, c=conf, p=stacked(PRIORS), t=TRUE, o=likely.flatten(1), m=moves)
    total, matches = 0.0, 0.0
    for image in range(2):
        priors = [moved(*each) for each in zip(PRIORS.tolist(), moves[image].reshape(5, 4).tolist())]
        true = TRUE[:, :, image : image + 1].clone()
        true[..., 0] = 0
        bottoms = {"l": loc[image : image + 1], "c": conf[image : image + 1], "p": stacked(torch.tensor(priors)), "t": true}
        part, whole = (loss(4, **bottoms) if more == "VALID" else top_of(
            "MultiBoxLoss", f"multibox_loss_param {{ num_classes: 4 {PARAM} }} loss_param {{ normalization: NONE }}", "TRAIN",
            **bottoms) for more in ("VALID", "NONE"))
        total, matches = total + whole.item(), matches + round((whole / part).item())
    assert matches >= 2 and found.item() == pytest.approx(total / matches, rel=1e-6)


def test_unlikely_priors_are_no_negatives():
    loc, conf = torch.zeros(2, 20).double(), draw(2, 20, seed=2)
    moves, objects = torch.zeros(2, 20).double(), torch.zeros(2, 5, 2).double()
    objects[0, 0, 1] = objects[1, 3, 1] = 0.02  # prior 0 of image 0 is matched
    x = conf.clone().requires_grad_()
    loss(4, "objectness_score: 0.02", l=loc, c=x, p=stacked(PRIORS), t=TRUE, o=objects.flatten(1), m=moves).backward()
    counted = x.grad.reshape(2, 5, 4).abs().sum(2) > 0
    assert counted.tolist() == [[True, False, False, False, False], [False, True, False, True, False]]


def test_the_first_stage_gets_no_gradient():
    bottoms = {"l": draw(2, 20), "c": draw(2, 20, seed=2), "p": stacked(PRIORS), "t": TRUE, "o": draw(2, 10, seed=4).sigmoid(),
               "m": draw(2, 20, seed=3)}
    net = one_layer("MultiBoxLoss", f"multibox_loss_param {{ num_classes: 4 {PARAM} }}", "TRAIN", **bottoms)
    given = {name: x.requires_grad_(name != "t") for name, x in bottoms.items()}
    net(**given)["y0"].backward()
    assert [name for name, x in given.items() if x.grad is not None and x.grad.any()] == ["l", "c"]


@pytest.mark.parametrize(("param", "shapes", "said"), [
    (PARAM, {"o": (2, 9)}, "the first stage wants 2 numbers for each of 5 priors"),
    (PARAM, {"o": (2, 10), "m": (2, 10)}, "the first stage wants 4 numbers for each of 5 priors"),
    ("mining_type: NONE", {"o": (2, 10)}, "leaves out no negatives"),
])
def test_what_does_not_fit(param, shapes, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("MultiBoxLoss", f"multibox_loss_param {{ num_classes: 4 {param} }}", l=(2, 20), c=(2, 20), p=(1, 2, 20),
                  t=(1, 1, 2, 8), **shapes)
