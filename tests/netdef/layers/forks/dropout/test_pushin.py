"""Pushin: the first numbers of a batch, more in each pass."""

from __future__ import annotations

import pytest
import torch

import netdef

TEXT = ('input: "x" input_shape { dim: 2 dim: 3 dim: 5 } '
        'layer { name: "p" type: "Pushin" bottom: "x" top: "x" pushin_param { pushin_ratio: 0.25 } }')


def run(net: netdef.Net) -> tuple[list[float], list[float]]:
    """The top for ones, and the gradient for ones."""
    x = torch.ones(2, 3, 5, requires_grad=True)
    top = net(x=x)["x"]
    top.sum().backward()
    return top.flatten().tolist(), x.grad.flatten().tolist()


def first(count: int) -> pytest.approx:
    return pytest.approx([1 / 0.75] * count + [0] * (30 - count))


def test_in_train_four_more_stay_in_each_pass_and_the_gradient_is_a_pass_ahead():
    net = netdef.loads(TEXT, phase="TRAIN")
    for count, ahead in ((7, 11), (11, 15), (15, 19), (19, 23), (23, 27), (27, 30), (30, 30)):  # 0.25 * 30 is 7.5
        top, gradient = run(net)
        assert top == first(count) and gradient == first(ahead)


def test_in_test_a_hundred_passes_leave_all_and_then_twenty_more_stay_in_each():
    net = netdef.loads(TEXT, phase="TEST")
    for _ in range(100):
        net(x=torch.ones(2, 3, 5))
    for count in (7, 27, 30):
        top, gradient = run(net)
        assert top == first(count) and gradient == [1] * 30


def test_passes_are_carried_by_snapshots_and_are_no_blob():
    net = netdef.loads(TEXT, phase="TRAIN")
    run(net)
    assert net.layers["p"].carried == ("passes",) and not net.layers["p"].blobs


def test_in_test_another_top_is_zero_at_first():
    net = netdef.loads(TEXT.replace('top: "x" pushin', 'top: "y" pushin'))
    assert net(x=torch.ones(2, 3, 5))["y"].sum() == 0


def test_a_ratio_of_all_is_refused():
    with pytest.raises(netdef.SpecError, match="above 0 and below 1"):
        netdef.loads(TEXT.replace("0.25", "1"))
