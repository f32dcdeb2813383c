"""LabelSpecificAdd by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

from netdef.errors import NetdefError, SpecError

X = torch.tensor([[0.5, 0.25, 0.75], [0.125, 0.5, 0.25]]).double()
LABELS = torch.tensor([2.0, 0]).double()
PARAM = "label_specific_add_param { bias: -0.375 }"


def test_the_margin_is_taken_from_the_labels_score_if_that_is_large_enough():
    """0.75 is above 0.375, 0.125 is not."""
    assert top_of("LabelSpecificAdd", PARAM, "TRAIN", x=X, t=LABELS).tolist() == [[0.5, 0.25, 0.375], [0.125, 0.5, 0.25]]


def test_openvino_writes_the_margin_above_0_and_has_items_without_a_label():
    """0.75 is above 0.375; the second item has no label."""
    positive, labels = PARAM.replace("-", ""), torch.tensor([2.0, -1]).double()
    assert top_of("LabelSpecificAdd", positive, "TRAIN", x=X, t=labels).tolist() == [[0.5, 0.25, 0.375], [0.125, 0.5, 0.25]]


def test_the_gradient_passes():
    x = X.clone().requires_grad_()
    net = one_layer("LabelSpecificAdd", PARAM, "TRAIN", x=x, t=LABELS)
    slope = torch.arange(6.0).reshape(2, 3).double()
    (found,) = torch.autograd.grad(net(x=x, t=LABELS)["y0"], x, slope)
    assert torch.equal(found, slope)


def test_nothing_changes_in_test():
    assert torch.equal(top_of("LabelSpecificAdd", PARAM, x=X, t=LABELS), X)


CHANGING = "label_specific_add_param { bias_base: 0.5 bias_gamma: -0.25 bias_power: 2 bias_min: -0.4 bias_max: 1 iteration: 1 }"


def test_a_bias_may_change_from_pass_to_pass_and_goes_on_where_it_stopped():
    """0.5 + (1 - i / 4)^2 - 1 for i of 1, 2, 3, the last no less than -0.4."""
    net = one_layer("LabelSpecificAdd", CHANGING, "TRAIN", tops=2, x=X, t=LABELS)
    outputs = [net(x=X, t=LABELS) for _ in range(3)]
    assert [each["y1"].item() for each in outputs] == pytest.approx([0.0625, -0.25, -0.4])
    assert outputs[1]["y0"][0].tolist() == [0.5, 0.25, 0.5]
    other = one_layer("LabelSpecificAdd", CHANGING, "TRAIN", tops=2, x=X, t=LABELS)
    assert other.layers["l"].carried == ("passes",)
    other.layers["l"].passes = torch.full((1, 1), 2.0)
    assert other(x=X, t=LABELS)["y1"].item() == pytest.approx(-0.4)


def test_what_is_refused():
    with pytest.raises(SpecError, match="`bias_min` must not exceed `bias_max`"):
        one_layer("LabelSpecificAdd", "label_specific_add_param { bias_base: 0 bias_min: 1 }", x=X, t=LABELS)
    with pytest.raises(SpecError, match="labels of shape"):
        one_layer("LabelSpecificAdd", PARAM, x=X, t=X)
    with pytest.raises(NetdefError, match="label 3"):
        top_of("LabelSpecificAdd", PARAM, "TRAIN", x=X, t=LABELS + 1)
