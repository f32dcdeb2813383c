"""Distances to class centres and their losses, by arithmetic as in happynear's fork."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of
from torch.autograd import gradcheck

import netdef

DISTANCES = torch.tensor([[0.5, 0.9, 0.6, 2.0], [1.5, 0.25, 0.3, 0.2], [3.0, 1.0, 2.0, 5.0]]).double()
LABELS = torch.tensor([0.0, 1, 3]).double()
OWN = [0, 1, 3]


def made(param: str, phase: str = "TEST", **inputs):
    net = one_layer("InnerDistance", f"inner_distance_param {{ {param} }}", phase, **inputs)
    for index, blob in enumerate(net.params["l"]):
        with torch.no_grad():
            blob.copy_(2 * draw(*blob.shape, seed=5 + index))
    return net


@pytest.mark.parametrize(("kind", "power"), [("L2", 2), ("L1", 1)])
def test_distances_to_the_rows_of_a_blob(kind: str, power: int):
    x = draw(5, 3, 2)
    net = made(f'num_output: 4 distance_type: "{kind}"', x=x)
    rows = net.params["l"][0].detach()
    assert rows.shape == (4, 6)
    expected = [[float(((item.flatten() - row).abs() ** power).sum()) for row in rows] for item in x]
    torch.testing.assert_close(net(x=x)["y0"].detach(), torch.tensor(expected).double())
    flat = made(f'num_output: 4 axis: 2 distance_type: "{kind}"', x=x)(x=x)["y0"]
    assert flat.shape == (5, 3, 4)


def test_distances_to_rows_that_are_given():
    x, rows = draw(5, 3), draw(4, 3, seed=2)
    (top,) = tops_of("InnerDistance", "", 1, x=x, w=rows)
    torch.testing.assert_close(top, (x[:, None] - rows).square().sum(2))


def test_normalized_rows_have_length_one_and_are_kept_so_in_training():
    x = draw(5, 3)
    for phase in ("TEST", "TRAIN"):
        net = made("num_output: 4 normalize: true", phase, x=x)
        rows = net.params["l"][0].detach().clone()
        unit = rows / rows.norm(dim=1, keepdim=True)  # the fork adds 1e-6 to the square
        torch.testing.assert_close(net(x=x)["y0"].detach(), (x[:, None] - unit).square().sum(2), rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(net.params["l"][0].detach(), unit if phase == "TRAIN" else rows, rtol=1e-5, atol=1e-5)


def test_with_update_center_only_a_row_learns_from_its_class_alone():
    x, labels = draw(5, 3).requires_grad_(), torch.tensor([2.0, 0, 2, 2, 1]).double()
    net = made("num_output: 4 update_center_only: true", x=x, t=labels)
    rows = net.params["l"][0]
    gradient = draw(5, 4, seed=9)
    top = net(x=x, t=labels)["y0"]
    torch.testing.assert_close(top.detach(), (x[:, None] - rows).square().sum(2).detach())
    top.backward(gradient)
    away = 2 * (x[:, None] - rows).detach() * gradient[..., None]
    torch.testing.assert_close(x.grad, away.sum(1))
    own = torch.nn.functional.one_hot(labels.long(), 4)[..., None]
    torch.testing.assert_close(rows.grad, -(away * own).sum(0))


@pytest.mark.parametrize("kind", ["L2", "L1"])
def test_gradients_of_distances(kind: str):
    x, rows = draw(2, 3).requires_grad_(), draw(4, 3, seed=2).requires_grad_()
    net = one_layer("InnerDistance", f'inner_distance_param {{ distance_type: "{kind}" }}', x=x, w=rows)
    assert gradcheck(lambda x, w: net(x=x, w=w)["y0"], (x, rows))


@pytest.mark.parametrize(("param", "complaint"), [
    ('num_output: 4 distance_type: "L3"', 'has `distance_type` "L3"; it is L2 or L1'),
    ("num_output: 4 transpose: true", "has `transpose`, which its fork accepts"), ("", "needs a `num_output` of at least 1"),
    ("num_output: 4 update_center_only: true", "has 1 bottoms; it wants x, the rows or none, and labels")])
def test_what_inner_distance_refuses(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("InnerDistance", f"inner_distance_param {{ {param} }}", x=(2, 3))


def loss_of(kind: str, field: str, param: str) -> tuple[float, torch.Tensor, list[float]]:
    """Value, gradients times N, and means of a loss of `DISTANCES`."""
    x = DISTANCES.clone().requires_grad_()
    loss, means = tops_of(kind, f"{field} {{ {param} }} loss_weight: 1 loss_weight: 0", 2, "TRAIN", x=x, t=LABELS)
    (gradient,) = torch.autograd.grad(loss, x)
    return float(loss.detach()), 3 * gradient, means.tolist()


def triplet(param: str):
    return loss_of("GeneralTripletLoss", "general_triplet_loss_param", f"margin: 0.5 {param}")


def test_triplets_of_own_and_other_distances():
    value, gradients, means = triplet("negative_weight: 2 positive_weight: 3")
    # Item 0: own 0.5; 0.9 and 0.6 are below 1. Item 1: own 0.25; 0.3 and 0.2 are below 0.75. Item 2: own 5; all are below.
    assert value == pytest.approx(2 * (0.1 + 0.4 + 0.45 + 0.55 + 2.5 + 4.5 + 3.5) / 3)
    assert gradients.tolist() == [[3, -2, -2, 0], [0, 3, -2, -2], [-2, -2, -2, 3]]
    assert means == pytest.approx([(0.5 + 0.25 + 5) / 3, (0.9 + 0.6 + 2 + 1.5 + 0.3 + 0.2 + 3 + 1 + 2) / 9])


def test_only_the_hardest_triplet_of_an_item():
    value, gradients, _ = triplet("hardest_only: true")
    assert value == pytest.approx((0.4 + 0.55 + 4.5) / 3)
    assert gradients.tolist() == [[1, 0, -1, 0], [0, 1, 0, -1], [0, -1, 0, 1]]


def test_far_items_are_only_pulled_when_positives_are_first():
    value, gradients, _ = triplet("positive_first: true positive_upper_bound: 0.4")
    assert value == pytest.approx((0.45 + 0.55) / 3)
    assert gradients.tolist() == [[1, 0, 0, 0], [0, 1, -1, -1], [0, 0, 0, 1]]


@pytest.mark.parametrize("always", [True, False])
def test_an_item_without_triplets_is_pulled_with_add_center_loss(always: bool):
    x = torch.tensor([[0.1, 9.0]]).double().requires_grad_()
    loss, _ = tops_of("GeneralTripletLoss", f"general_triplet_loss_param {{ add_center_loss: {str(always).lower()} }}", 2,
                      "TRAIN", x=x, t=torch.zeros(1).double())
    (gradient,) = torch.autograd.grad(loss, x)
    assert float(loss.detach()) == 0 and gradient.tolist() == [[float(always), 0]]


def contrastive(param: str):
    return loss_of("GeneralContrastiveLoss", "general_contrastive_loss_param", param)


def test_contrastive_loss_of_own_and_other_distances():
    value, gradients, means = contrastive("positive_margin: 0.3 negative_margin: 0.8 positive_weight: 2 negative_weight: 3")
    # Own: 0.2, 0 and 4, the most there is, which pulls no more. Others below 0.8: 0.6; 0.3 and 0.2.
    assert value == pytest.approx((2 * (0.2 + 0 + 4) + 3 * (0.2 + 0.5 + 0.6)) / 3)
    assert gradients.tolist() == [[2, 0, -3, 0], [0, 0, -3, -3], [0, 0, 0, 0]]
    assert means == pytest.approx([4.2 / 3, 1.3 / 9])


def test_exponential_contrastive_loss():
    value, gradients, _ = contrastive("negative_margin: 0.8 exp_negative_weight: true negative_weight: 2")
    pushes = [2 * math.exp(-d) for d in (0.6, 0.3, 0.2)]
    assert value == pytest.approx((0.5 + 0.25 + 4 + sum(pushes)) / 3)
    expected = [[1, 0, -pushes[0], 0], [0, 1, -pushes[1], -pushes[2]], [0, 0, 0, 0]]
    torch.testing.assert_close(gradients, torch.tensor(expected).double())


def test_contrastive_slopes_are_bounded_by_normalize_negative():
    _, gradients, _ = contrastive("negative_margin: 0.8 negative_weight: 4 normalize_negative: 2")
    push = 4 / (3 * 4 / 2 / 3)  # three gradients of 4 over `normalize_negative` and N are 2, which is more than 1
    torch.testing.assert_close(gradients, torch.tensor([[1, 0, -push, 0], [0, 1, -push, -push], [0, 0, 0, 0]]).double())
    _, gradients, _ = contrastive("negative_margin: 0.8 normalize_negative: 2")
    assert gradients.tolist() == [[1, 0, -1, 0], [0, 1, -1, -1], [0, 0, 0, 0]]


def test_far_items_push_none_when_positives_are_first():
    value, gradients, _ = contrastive("negative_margin: 0.8 positive_first: true positive_upper_bound: 0.4")
    assert value == pytest.approx((0.5 + 0.25 + 4 + 0.5 + 0.6) / 3)
    assert gradients.tolist() == [[1, 0, 0, 0], [0, 1, -1, -1], [0, 0, 0, 1]]


@pytest.mark.parametrize("field", ["max_negative_only", "max_positive_only", "add_intra_mae"])
def test_refused_variants_of_the_contrastive_loss(field: str):
    with pytest.raises(netdef.SpecError, match=f"has `{field}`, which is not implemented"):
        one_layer("GeneralContrastiveLoss", f"general_contrastive_loss_param {{ {field}: true }}", x=(2, 3), t=(2,))


def test_an_unknown_class_and_a_single_class_are_refused():
    net = one_layer("GeneralTripletLoss", x=(2, 3), t=(2,))
    with pytest.raises(netdef.NetdefError, match="got the label 3"):
        net(x=draw(2, 3), t=torch.tensor([0.0, 3]).double())
    with pytest.raises(netdef.SpecError, match="wants distances to 2 or more classes"):
        one_layer("GeneralTripletLoss", x=(2, 1), t=(2,))


def test_the_first_form_adds_a_bias():
    x = draw(5, 3)
    net = one_layer("InnerDistance", "param { lr_mult: 1 } param { lr_mult: 2 } "
                    "inner_distance_param { num_output: 4 bias_filler { value: 0.5 } weight_filler { type: 'xavier' } }", x=x)
    rows, bias = (blob.detach() for blob in net.params["l"])
    assert bias.tolist() == [0.5] * 4
    torch.testing.assert_close(net(x=x)["y0"], (x[:, None] - rows).square().sum(2) + 0.5)
    assert len(one_layer("InnerDistance", "param { } inner_distance_param { num_output: 4 }", x=x).params["l"]) == 1
    with pytest.raises(netdef.SpecError, match="1 blobs, the text gives 2"):
        one_layer("InnerDistance", "param { } param { } inner_distance_param { num_output: 4 bias_term: false }", x=x)
