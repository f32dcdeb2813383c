"""CenterLoss and TripletLoss by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef
from netdef.errors import SpecError
from netdef.testing import check_layer


def test_the_triplet_loss_by_hand():
    a, p, n = (2 * draw(5, 3, seed=seed) for seed in range(3))
    loss = top_of("TripletLoss", "triplet_loss_param { margin: 2.5 }", a=a, p=p, n=n)
    expected = [max(0.0, 2.5 + float(((x - y) ** 2).sum() - ((x - z) ** 2).sum())) for x, y, z in zip(a, p, n)]
    assert 0 in expected and max(expected) > 0
    assert float(loss) == pytest.approx(sum(expected) / 10)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_a_triplet_loss_with_weights(phase):
    """Squared distances 4 and 1, then 1 and 9, then 9 and 0: of a margin 2, 5, 0 and 11, with weights 2, 7 and 0.5."""
    a, p, n = torch.zeros(3, 1), torch.tensor([[2.0], [1], [3]]), torch.tensor([[1.0], [3], [0]])
    weights = torch.tensor([[2.0], [7], [0.5]]).requires_grad_()
    net = one_layer("TripletLoss", "triplet_loss_param { margin: 2 }", phase, a=a.requires_grad_(), p=p, n=n, w=weights)
    loss = net(a=a, p=p, n=n, w=weights)["y0"]
    assert float(loss) == pytest.approx((2 * 5 + 0.5 * 11) / 6)
    loss.backward()  # 2 (n - p) of each triplet, times its weight over 6
    torch.testing.assert_close(a.grad, torch.tensor([[2.0 * -2 / 6], [0], [0.5 * -6 / 6]]))
    assert weights.grad is None


def test_as_many_weights_as_triplets():
    with pytest.raises(SpecError, match="a weight for each item"):
        one_layer("TripletLoss", a=(3, 2), p=(3, 2), n=(3, 2), w=(2, 1))

def center_loss():
    x, labels = (2 * draw(5, 3)).requires_grad_(), torch.tensor([2.0, 0, 2, 2, 1]).double()
    made = one_layer("CenterLoss", "center_loss_param { num_output: 4 } loss_weight: 0.01", x=x, t=labels)
    with torch.no_grad():
        made.layers["l"].centers.copy_(2 * draw(4, 3, seed=9))
    return made, x, labels


def test_centers_value_and_gradients():
    made, x, labels = center_loss()
    centers = made.layers["l"].centers
    distance = x.detach() - centers.detach()[labels.long()]
    output = made(x=x, t=labels)
    assert float(output["y0"].detach()) == pytest.approx(float((distance**2).sum()) / 10)
    made.loss(output).backward()
    torch.testing.assert_close(x.grad, 0.01 * distance / 5)
    # The rule of the paper, without the loss weight: class 3 has no member and stays.
    moves = torch.stack(
        [-distance[1] / 2, -distance[4] / 2, -(distance[0] + distance[2] + distance[3]) / 4, torch.zeros(3)]
    )
    torch.testing.assert_close(centers.grad, moves)


def test_centers_gradient_of_features():
    made, x, labels = center_loss()
    assert gradcheck(lambda x: made(x=x, t=labels)["y0"], (x,))


def test_an_unknown_class_is_refused():
    made, x, _ = center_loss()
    with pytest.raises(netdef.NetdefError, match="got the label 4"):
        made(x=x, t=torch.tensor([0.0, 1, 4, 2, 3]))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_triplets_of_items_one_after_the_other(phase):
    """Of sets of four items, whose fourth does not count."""
    x, labels = torch.tensor([[0.0, 0], [1, 0], [0, 2], [9, 9], [1, 1], [1, 4], [2, 1], [7, 7]]).double(), torch.zeros(8).double()
    loss = top_of("TripletLoss", "triplet_loss_param { margin: 3.5 num_triplets: 4 }", phase, x=x, t=labels)
    assert loss.item() == (max(0, 3.5 + 1 - 4) + max(0, 3.5 + 9 - 1)) / 4
    check_layer('layer { name: "l" type: "TripletLoss" bottom: "x" bottom: "t" top: "y" '
                'triplet_loss_param { margin: 20 num_triplets: 3 } }', x=(6, 4), t=torch.zeros(6))
    with pytest.raises(netdef.SpecError, match="has `num_triplets` 3; it must be at least 3 and divide the number of items"):
        one_layer("TripletLoss", "triplet_loss_param { num_triplets: 3 }", x=(8, 2), t=(8,))
