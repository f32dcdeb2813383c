"""FlowNet 2's L1 loss by hand."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


def loss(param, a, b=None):
    blobs = {"a": a} if b is None else {"a": a, "b": b}
    net = one_layer("L1Loss", f"l1_loss_param {{ {param} }}", "TRAIN", **blobs)
    return net(**blobs)["y0"]


def test_l1_and_lengths_of_one_place():
    d = torch.tensor([3.0, -4]).double().reshape(1, 2, 1, 1)
    assert loss("", d).item() == 7
    assert loss("l2_per_location: true", d).item() == pytest.approx(math.sqrt(25.01))
    assert loss("l2_per_location: true l2_prescale_by_channels: true epsilon: 0.5", d).item() == pytest.approx(math.sqrt(13))


def test_unknown_values_do_not_count():
    """Two images of two channels and two places; one place of the second is unknown in b."""
    a, b = torch.zeros(2, 2, 1, 2).double().requires_grad_(), torch.ones(2, 2, 1, 2).double() * 2
    with torch.no_grad():
        b[1, :, 0, 1] = math.nan
    found = loss("", a, b)
    assert found.item() == 6 * 2 / 2
    found.backward()
    assert a.grad[1, :, 0, 1].tolist() == [0, 0] and (a.grad.flatten(1)[0] == -0.5).all()
    assert loss("normalize_by_num_entries: true", a, b).item() == pytest.approx(12 / 3)
    lengths = loss("l2_per_location: true epsilon: 1", a, b)
    assert lengths.item() == pytest.approx((3 * 3 + 1) / 2)  # sqrt(8 + 1), and the unknown place gives sqrt(1)


def test_small_differences_lie_on_a_plateau():
    d = torch.tensor([0.3, -2, 0.4, 0.1]).double().reshape(1, 2, 1, 2)
    assert loss("plateau: 0.4", d).item() == pytest.approx(2.4)
    assert loss("plateau: 0.6 l2_per_location: true epsilon: 0.25", d).item() == pytest.approx(0.5 + math.sqrt(4.01 + 0.25))


def test_without_options_it_is_nvidias_l1_loss():
    a, b = draw(2, 3, 5, 4), draw(2, 3, 5, 4, seed=2)
    assert top_of("L1Loss", a=a, b=b).item() == pytest.approx(loss("", a, b).item())


@pytest.mark.parametrize(("param", "wanted"), [
    ("", (2 + 3) / 2), ("normalize_by_num_entries: true", (2 + 3) / (3 / 2)),
    ("plateau: 2.5", 3 / 2), ("l2_per_location: true epsilon: 0.25", (4.25**0.5 + 9.25**0.5 + 2 * 0.5) / 2),
])
def test_kitti_counts_true_values_of_size_one(param: str, wanted: float):
    """Two items of two channels and two places; true values 0, 0.5 and -0.9 do not count."""
    a = torch.tensor([[[[3.0, 7]], [[7, 0.5]]], [[[7, 7]], [[5, 7]]]]).double().requires_grad_()
    b = torch.tensor([[[[1.0, 0]], [[0.5, -0.9]]], [[[0, 0]], [[2, 0]]]]).double()
    b[1, 0, 0, 1] = 1
    a.data[1, 0, 0, 1] = 1  # a difference of 0, which counts
    loss = top_of("L1LossKitti", f"l1_loss_param {{ {param} }}", a=a, b=b)
    assert loss.item() == pytest.approx(wanted)
    (gradient,) = torch.autograd.grad(loss, a)
    assert (gradient != 0).nonzero().tolist() == [[0, 0, 0, 0]] * (param != "plateau: 2.5") + [[1, 1, 0, 0]]


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_powers_of_differences(phase):
    """Two images of two channels and three places; one value of b is unknown."""
    a, b = draw(2, 2, 1, 3), draw(2, 2, 1, 3, seed=2)
    b[1, 0, 0, 2] = math.nan
    total, known = 0.0, 0
    for i in range(2):
        for j in range(3):
            differences = [0 if math.isnan(y) else abs(x - y) for x, y in zip(a[i, :, 0, j].tolist(), b[i, :, 0, j].tolist())]
            known += sum(not math.isnan(y) for y in b[i, :, 0, j].tolist())
            total += (sum((d + 0.1) ** 1.5 for d in differences) / 2 + 0.01) ** 0.4
    param = "lpq_loss_param {{ p: 1.5 q: 0.4 p_epsilon: 0.1 l2_prescale_by_channels: true {} }}"
    blobs = {"a": a, "b": b}
    assert top_of("LpqLoss", param.format(""), phase, **blobs).item() == pytest.approx(total / 2)
    found = top_of("LpqLoss", param.format("normalize_by_num_entries: true"), phase, **blobs)
    assert found.item() == pytest.approx(total / (known / 2))


def test_powers_of_a_difference_alone_and_their_gradient():
    d = torch.tensor([3.0, -4]).double().reshape(1, 2, 1, 1)
    assert top_of("LpqLoss", "lpq_loss_param { p: 2 q: 0.5 q_epsilon: 0 }", a=d).item() == pytest.approx(5)
    net = one_layer("LpqLoss", "lpq_loss_param { p: 1 q: 0.2 }", "TRAIN", a=d)
    assert gradcheck(lambda a: net(a=a)["y0"], (d.requires_grad_(),))


def test_powers_that_change_with_the_passes():
    d = torch.tensor([3.0, -4]).double().reshape(1, 2, 1, 1)
    param = "lpq_loss_param { p: [1, 2, 2] q: [1, 1, 0.5] q_epsilon: 0 pq_episode_starts_at_iter: [0, 2, 3] }"
    net = one_layer("LpqLoss", param, "TRAIN", a=d)
    assert [net(a=d)["y0"].item() for _ in range(5)] == pytest.approx([7, 7, 25, 5, 5])
    assert top_of("LpqLoss", param, "TEST", a=d).item() == pytest.approx(7)


@pytest.mark.parametrize("param, said", [
    ("p: 1 p: 2 q: 1 q: 2 pq_episode_starts_at_iter: 0", "2 `p`, 2 `q` and 1 iterations"), ("p: 1", "1 `p`, 0 `q`"),
    ("p: [1, 2] q: [1, 2] pq_episode_starts_at_iter: [0, 0]", "they rise from 0 on")])
def test_powers_that_do_not_fit_are_refused(param, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("LpqLoss", f"lpq_loss_param {{ {param} }}", a=(2, 3))

