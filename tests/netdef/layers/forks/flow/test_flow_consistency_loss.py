"""Joints of two frames and the flow between them."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of
from torch.autograd import gradcheck

import netdef

FLOW = torch.arange(2 * 2 * 3 * 4, dtype=torch.float64).reshape(2, 2, 3, 4)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_places_are_cut_off_and_clamped(phase):
    joints = torch.tensor([[1.9, 2.5, 7.0, -1.0], [0.0, 0.0, 2.0, 1.0]], dtype=torch.float64)
    first = FLOW[0]
    u = (first[0, 2, 1] + first[0, 0, 3]) / 2
    v = (first[1, 2, 1] + first[1, 2, 3]) / 2  # the row of the first place
    second = FLOW[1]
    u2 = (second[0, 0, 0] + second[0, 1, 2]) / 2
    v2 = (second[1, 0, 0] + second[1, 0, 2]) / 2
    expected = (abs(1.9 + u - 7) + abs(2.5 + v + 1) + abs(0 + u2 - 2) + abs(0 + v2 - 1)) / 2
    assert top_of("ConsistencyLoss", "", phase, x=joints, f=FLOW).item() == pytest.approx(expected.item())


def test_several_joints_are_added():
    one, other = torch.tensor([[1.0, 1, 3, 2]]).double(), torch.tensor([[0.5, 2, 2.5, 1]]).double()
    each = [top_of("ConsistencyLoss", x=joint, f=FLOW[:1]).item() for joint in (one, other)]
    both = top_of("ConsistencyLoss", x=torch.cat((one, other), 1), f=FLOW[:1]).item()
    assert both == pytest.approx(sum(each))


def test_gradient_is_the_sign():
    joints = torch.tensor([[1.3, 1.4, 1.6, 40.5]], dtype=torch.float64, requires_grad=True)
    net = one_layer("ConsistencyLoss", "", "TRAIN", x=joints, f=FLOW[:1])
    (gradient,) = torch.autograd.grad(net(x=joints, f=FLOW[:1])["y0"], joints)
    assert gradient.tolist() == [[1, -1, -1, 1]]  # u = 7 is too far, v = 17 not far enough
    assert gradcheck(lambda a: net(x=a, f=FLOW[:1])["y0"], joints)


@pytest.mark.parametrize("joints, flow, words", [
    ((2, 6), (2, 2, 3, 4), "four numbers a joint"), ((2, 8), (2, 3, 3, 4), "flow of two channels")])
def test_other_shapes_are_refused(joints, flow, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("ConsistencyLoss", "", x=joints, f=flow)
