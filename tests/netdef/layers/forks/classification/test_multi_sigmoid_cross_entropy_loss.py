"""Labels that are yes, no or unknown."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of
from torch.autograd import gradcheck


@pytest.mark.parametrize("kind", ["MultiSigmoidCrossEntropyLoss", "MultiLabelLoss"])
@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_labels_of_zero_do_not_count(phase: str, kind: str):
    x = torch.tensor([[0.5, 2.0, -1.0], [3.0, -0.25, 0.75]], dtype=torch.float64)
    labels = torch.tensor([[1.0, 0, -1], [-2, 5, 0]], dtype=torch.float64)
    signed = [-0.5, -1.0, 3.0, 0.25]
    loss = top_of(kind, "", phase, x=x, t=labels)
    assert loss.item() == pytest.approx(sum(math.log(1 + math.exp(a)) for a in signed) / 2)
    net = one_layer(kind, "", phase, x=x, t=labels)
    assert gradcheck(lambda a: net(x=a, t=labels)["y0"], x.requires_grad_())
