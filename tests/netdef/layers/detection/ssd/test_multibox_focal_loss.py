"""SSD's loss with the focal loss of classes."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

PRIORS = torch.tensor([[0.1, 0.1, 0.4, 0.5], [0.5, 0.5, 0.9, 0.8], [0.0, 0.6, 0.3, 1.0]]).double()
TRUE = torch.tensor([[0, 2, 0, 0.1, 0.1, 0.4, 0.5, 0]]).double()
INPUTS = {"p": torch.stack((PRIORS, torch.full((3, 4), 0.1).double())).reshape(1, 2, 12), "t": TRUE.reshape(1, 1, 1, 8)}
SSD = "multibox_loss_param { num_classes: 3 mining_type: NONE code_type: CORNER }"


@pytest.mark.parametrize(("given", "alpha", "gamma"), [
    ("", 0.25, 2.0), ("focal_loss_param { alpha: 0.5 gamma: 1 }", 0.5, 1.0)])
def test_every_prior_counts_by_what_it_gets_wrong(given: str, alpha: float, gamma: float):
    scores = draw(1, 3, 3)
    loss = top_of("MultiBoxFocalLoss", f"{SSD} {given}", l=torch.zeros(1, 12).double(), c=scores.flatten(1), **INPUTS)
    chances = [row.softmax(0)[label].item() for row, label in zip(scores[0], (2, 0, 0))]  # the first prior is the true box
    assert float(loss) == pytest.approx(-sum(alpha * (1 - p) ** gamma * math.log(p) for p in chances))


def test_gradient():
    offsets, scores = draw(1, 12).requires_grad_(), draw(1, 9, seed=2).requires_grad_()
    net = one_layer("MultiBoxFocalLoss", SSD, "TRAIN", l=offsets, c=scores, **INPUTS)
    assert gradcheck(lambda a, b: net(l=a, c=b, **INPUTS)["y0"], (offsets, scores))


def test_logistic_confidences_are_those_of_ssd():
    param = SSD.replace("num_classes", "conf_loss_type: LOGISTIC num_classes")
    found, wanted = (top_of(kind, param, l=draw(1, 12), c=draw(1, 9, seed=2), **INPUTS)
                     for kind in ("MultiBoxFocalLoss", "MultiBoxLoss"))
    assert torch.equal(found, wanted)
