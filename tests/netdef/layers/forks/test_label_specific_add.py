"""LabelSpecificAdd by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

from netdef.errors import NetdefError, SpecError

X = torch.tensor([[0.5, 0.25, 0.75], [0.125, 0.5, 0.25]]).double()
LABELS = torch.tensor([2.0, 0]).double()
PARAM = "label_specific_add_param { bias: -0.375 }"


def test_the_margin_is_taken_from_the_labels_number_if_that_is_large_enough():
    """0.75 is above 0.375, 0.125 is not."""
    assert top_of("LabelSpecificAdd", PARAM, "TRAIN", x=X, t=LABELS).tolist() == [[0.5, 0.25, 0.375], [0.125, 0.5, 0.25]]


def test_the_gradient_passes():
    x = X.clone().requires_grad_()
    net = one_layer("LabelSpecificAdd", PARAM, "TRAIN", x=x, t=LABELS)
    slope = torch.arange(6.0).reshape(2, 3).double()
    (found,) = torch.autograd.grad(net(x=x, t=LABELS)["y0"], x, slope)
    assert torch.equal(found, slope)


def test_nothing_changes_in_test():
    assert torch.equal(top_of("LabelSpecificAdd", PARAM, x=X, t=LABELS), X)


def test_what_is_refused():
    with pytest.raises(SpecError, match="only a fixed `bias` is implemented"):
        one_layer("LabelSpecificAdd", "label_specific_add_param { bias_base: 0 }", x=X, t=LABELS)
    with pytest.raises(SpecError, match="labels of shape"):
        one_layer("LabelSpecificAdd", PARAM, x=X, t=X)
    with pytest.raises(NetdefError, match="label 3"):
        top_of("LabelSpecificAdd", PARAM, "TRAIN", x=X, t=LABELS + 1)
