"""The F-measure of binary images, with weights of recall and precision."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef

X = torch.tensor([[0.9, 0.2, 0.6], [0.4, 0.1, 0.3]], dtype=torch.float64)
T = torch.tensor([[1.0, 0, 1], [0, 0, 0]], dtype=torch.float64)
W = torch.tensor([[1.0, 2, 3], [1, 1, 2]], dtype=torch.float64)
V = torch.tensor([[2.0, 1, 1], [1, 3, 2]], dtype=torch.float64)
RECALL, PRECISION = (0.9 + 1.8) / 4, (1.8 + 0.6) / (1.8 + 0.2 + 0.6)
MEASURE = 2 * RECALL * PRECISION / (RECALL + PRECISION)
ERROR = 0.1 * (0.4**2 + 3 * 0.1**2 + 2 * 0.3**2) / (2 * 6)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_mean_over_items_of_measures_or_errors(phase):
    loss, measures = tops_of("WeightedFmeasureLoss", "", 2, phase, x=X, t=T, w=W, v=V)
    assert loss.item() == pytest.approx((1 - MEASURE + ERROR) / 2)
    assert measures.shape == (2, 1) and measures.flatten().tolist() == pytest.approx([MEASURE, 0])


def test_one_measure_of_all_items():
    recall, precision = RECALL, (1.8 + 0.6) / (1.8 + 0.2 + 0.6 + 0.4 + 3 * 0.1 + 2 * 0.3)
    loss = top_of("WeightedFmeasureLoss", "weighted_fmeasure_loss_param { avg_fm: false }", x=X, t=T, w=W, v=V)
    assert loss.item() == pytest.approx(1 - 2 * recall * precision / (recall + precision))


def test_a_margin_takes_what_is_right_for_its_truth():
    moved = torch.tensor([[1.0, 0, 0.6], [0.4, 0, 0]], dtype=torch.float64)
    expected = top_of("WeightedFmeasureLoss", x=moved, t=T, w=W, v=V)
    x = X.clone().requires_grad_()
    loss = top_of("WeightedFmeasureLoss", "weighted_fmeasure_loss_param { margin: 0.15 }", "TRAIN", x=x, t=T, w=W, v=V)
    assert loss.item() == pytest.approx(expected.item())
    assert torch.equal(torch.autograd.grad(loss, x)[0] == 0, moved != X)


def test_gradient():
    others = {"t": T, "w": W, "v": V}
    for param in ("", "weighted_fmeasure_loss_param { avg_fm: false }"):
        net = one_layer("WeightedFmeasureLoss", param, "TRAIN", x=X, **others)
        assert gradcheck(lambda a, net=net: net(x=a, **others)["y0"], X.clone().requires_grad_())


def test_measures_of_items_need_their_mean():
    shapes = {name: draw(2, 3) for name in "xtwv"}
    with pytest.raises(netdef.SpecError, match="only with `avg_fm`"):
        one_layer("WeightedFmeasureLoss", "weighted_fmeasure_loss_param { avg_fm: false }", tops=2, **shapes)
