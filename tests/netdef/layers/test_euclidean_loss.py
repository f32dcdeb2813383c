"""EuclideanLoss by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def build(a: str, b: str) -> torch.nn.Module:
    shapes = " ".join("shape { " + " ".join(f"dim: {d}" for d in text.split()) + " }" for text in (a, b))
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "a" top: "b" input_param {{ {shapes} }} }}'
                        'layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "loss" }')


def test_half_the_squared_distance_over_the_first_axis():
    a = torch.tensor([[1.0, 2.0], [3.0, 5.0], [0.0, 0.0]], requires_grad=True)
    b = torch.tensor([1.0, 0.0, 4.0, 2.0, 0.0, -6.0]).reshape(3, 2, 1).requires_grad_()
    loss = build("3 2", "3 2 1")(a=a, b=b)["loss"]
    assert loss.item() == pytest.approx((4 + 1 + 9 + 36) / (2 * 3))
    loss.backward()
    torch.testing.assert_close(a.grad, torch.tensor([[0.0, 2.0], [-1.0, 3.0], [0.0, 6.0]]) / 3)
    torch.testing.assert_close(b.grad.flatten(), -a.grad.flatten())


def test_the_l1_loss_is_the_sum_of_absolute_differences():
    a, b = 2 * draw(3, 5), 2 * draw(3, 5, seed=2)
    loss = top_of("L1Loss", "", a=a, b=b)
    assert float(loss) == pytest.approx(sum(abs(x - y) for x, y in zip(a.flatten().tolist(), b.flatten().tolist())) / 3)


def test_the_svr_loss_has_no_gradient_for_its_scores():
    a, b = (torch.tensor(x, requires_grad=True) for x in ([[3.0], [1.0]], [5.0, 0.5]))
    loss = one_layer("SVRLoss", "", "TRAIN", a=a, b=b)(a=a, b=b)["y0"]
    assert loss.item() == (2 + 0.5) / 2
    loss.backward()
    assert a.grad.tolist() == [[-0.5], [0.5]] and b.grad is None


def test_abs_loss_leaves_out_places_with_a_label():
    a = torch.tensor([[1.0, 2], [5, 4]]).double().requires_grad_()
    b = torch.tensor([[3.0, 1.5], [255.25, 4.5]]).double().requires_grad_()
    net = one_layer("AbsLoss", "loss_param { ignore_label: 255 }", "TRAIN", a=a, b=b)
    loss = net(a=a, b=b)["y0"]
    assert loss.item() == (2 + 0.5 + 0.5) / 2
    loss.backward()
    assert a.grad.tolist() == [[-0.5, 0.5], [0, -0.5]] and b.grad.tolist() == [[0.5, -0.5], [0, 0.5]]
    assert top_of("AbsLoss", "", a=a, b=b).item() == (2 + 0.5 + 250.25 + 0.5) / 2


def test_the_mtcnn_loss_leaves_out_items_with_a_label():
    a = torch.tensor([[1.0, 2], [5, 4], [0, 3]]).double().requires_grad_()
    b = torch.tensor([[3.0, 2], [9, 9], [1, 1]]).double()
    loss = top_of("MTCNNEuclideanLoss", "loss_param { ignore_label: -1 }", a=a, b=b, t=torch.tensor([1.0, -1, 0]).double())
    assert loss.item() == (4 + 1 + 4) / 2 / 2
    loss.backward()
    assert a.grad.tolist() == [[-2, 0], [0, 0], [-1, 2]]  # not divided
    assert top_of("MTCNNEuclideanLoss", a=a, b=b).item() == (4 + 16 + 25 + 1 + 4) / 6
    with pytest.raises(netdef.SpecError, match="takes a third"):
        one_layer("MTCNNEuclideanLoss", a=(2, 3), b=(2, 3), t=(2,))
