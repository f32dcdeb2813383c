"""Losses and a score of maps of keypoints."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_mean_square_with_the_difference_as_its_gradient(phase):
    x, t = draw(2, 3, 4, 5).requires_grad_(), draw(2, 3, 4, 5, seed=2)
    loss = top_of("EuclideanLossHeatmap", "", phase, x=x, t=t)
    assert loss.item() == pytest.approx(sum(a * a for a in (x - t).flatten().tolist()) / 120)
    assert torch.equal(torch.autograd.grad(loss, x)[0], (x - t).detach())
    assert torch.equal(top_of("EuclideanLossHeatmap", "", phase, x=x, t=t, image=draw(2, 1, 8, 9)), loss)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_hidden_keypoints_have_no_loss(phase):
    x, t = draw(2, 3, 4, 5), draw(2, 3, 4, 5, seed=2)
    t[:, :, 0, 0] = torch.tensor([[0.5, -1, 0], [0, 2, -1]])
    seen = [(0, 0), (0, 2), (1, 0), (1, 1)]
    expected = sum((x[i] - t[i]).square().sum().item() for i in seen) / 4
    assert top_of("KeypointL2Loss", "", phase, x=x, t=t).item() == pytest.approx(expected)
    net = one_layer("KeypointL2Loss", "", phase, x=x, t=t)
    assert gradcheck(lambda a: net(x=a, t=t)["y0"], x.requires_grad_())


def maps(*places):
    """Maps (1, keypoints, 4, 5) that are 1 at (row, column), or hidden for None."""
    found = torch.zeros(1, len(places), 4, 5).double()
    for i, place in enumerate(places):
        if place is None:
            found[0, i] = -1
        else:
            found[0, i, place[0], place[1]] = 1
    return found


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_share_of_keypoints_that_are_near(phase):
    """A row is 1/4 of the map's height, a column 1/5 of its width."""
    truth = maps((0, 1), (2, 2), None, (3, 4))
    found = maps((0, 2), (3, 2), (1, 1), (3, 4))
    share, each = tops_of("KeypointAcc", "keypoint_acc_param { metric: 0.22 }", 2, phase, x=found, t=truth)
    assert share.item() == pytest.approx(2 / 3) and each.tolist() == [1, 0, 0, 1]


def test_no_visible_keypoint_has_a_share_of_zero():
    assert top_of("KeypointAcc", x=maps((1, 2)), t=maps(None)).item() == 0


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_maps_that_the_mask_leaves_out_have_no_loss(phase):
    x, t = draw(2, 3, 4, 5).requires_grad_(), draw(2, 3, 4, 5, seed=2).requires_grad_()
    mask = torch.tensor([[1.0, 0.4, 0], [0.5, 0.6, 1]]).double().reshape(2, 3, 1, 1)
    counted = [(0, 0), (0, 2), (1, 1), (1, 2)]  # The last map of each item in any case.
    loss = top_of("EuclideanmaskLoss", "", phase, x=x, t=t, m=mask)
    assert loss.item() == pytest.approx(sum((x[i] - t[i]).square().sum().item() for i in counted) / 4)
    loss.backward()
    torch.testing.assert_close(t.grad, -x.grad)
    torch.testing.assert_close(x.grad[0, 0], (x - t)[0, 0].detach() / 2)
    with pytest.raises(netdef.SpecError, match="a number for each map"):
        one_layer("EuclideanmaskLoss", x=(2, 3, 4, 5), t=(2, 3, 4, 5), m=(2, 2))
