"""PoseHeatMapLoss by hand."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import SpecError

REST = "prob_num: 3 heat_score_thres: 0.5 parts_err_num_thres: 3"
T = (torch.arange(48).reshape(2, 2, 3, 4) % 5 == 0).double()


def loss(kind: int, x: torch.Tensor, share: str = "ratio: 0.25", eof: str = "fg_eof: 3 bg_eof: 2", **more: torch.Tensor):
    """The loss, and the gradients of x and t."""
    x, t = x.clone().requires_grad_(), T.clone().requires_grad_()
    text = f"pose_heat_map_loss_param {{ loss_emphase_type: {kind} {eof} {share} {REST} }}"
    value = one_layer("PoseHeatMapLoss", text, "TRAIN", x=x, t=t, **more)(x=x, t=t, **more)["y0"]
    value.backward()
    return value.item(), x.grad, t.grad


@pytest.mark.parametrize(("kind", "joints", "elsewhere"), [(0, 1, 1), (1, 1, 0), (2, 3, 1)])
def test_weights_that_are_not_drawn(kind: int, joints: float, elsewhere: float):
    x = draw(2, 2, 3, 4)
    d = (x - T) * torch.where(T > 0, joints, elsewhere)
    value, gradient, other = loss(kind, x)
    assert value == pytest.approx(d.square().sum().item())
    torch.testing.assert_close(gradient, d / 2)
    torch.testing.assert_close(other, -d / 2)


def test_joints_that_do_not_count_get_no_gradient():
    x, mask = draw(2, 2, 3, 4), torch.tensor([[1.0, 0], [0, 1]]).double()[..., None, None]
    value, gradient, _ = loss(0, x, m=mask)
    assert value == pytest.approx((x - T).square().sum().item())
    torch.testing.assert_close(gradient, (x - T) * mask / 2)


@pytest.mark.parametrize("kind", [3, 4])
def test_few_places_without_a_joint_are_drawn(kind: int):
    """All with a share of 1; with 1 place of 12, about 1 in 12 counts twice, and 1 in 3 of the high ones once."""
    x = torch.full((2, 2, 3, 4), 0.75).double()
    joints = 3 if kind == 4 else 1
    _, gradient, _ = loss(kind, x, "ratio: 1")
    torch.testing.assert_close(gradient, (x - T) * torch.where(T > 0, joints, 2) / 2)
    text = f"pose_heat_map_loss_param {{ loss_emphase_type: {kind} fg_eof: 3 bg_eof: 2 bg_num: 1 {REST} }}"
    net = one_layer("PoseHeatMapLoss", text, "TRAIN", x=x, t=T)
    counts = torch.zeros(3)
    for _ in range(200):
        y = x.clone().requires_grad_()
        net(x=y, t=T)["y0"].backward()
        weights = (y.grad * 2 / (x - T))
        assert (weights[T > 0] == joints).all()
        counts += torch.tensor([(weights[T == 0] == value).sum() for value in (0, 1, 2)])
    shares = counts / counts.sum()  # 38 * 200 places: a spread below 0.006 of each
    assert shares.tolist() == pytest.approx([11 / 12 * 2 / 3, 11 / 12 / 3, 1 / 12], abs=0.04)


def test_low_places_that_are_not_drawn_do_not_count():
    x = torch.full((2, 2, 3, 4), 0.25).double()
    _, gradient, _ = loss(3, x, "ratio: 1e-9")
    torch.testing.assert_close(gradient, (x - T).where(T > 0, 0) / 2)


def test_the_largest_differences_count_in_any_case():
    """A share of 0.25 of 12 places: the 3 largest high ones of each map that are not drawn, and others with a chance of 1e-9."""
    x = draw(2, 2, 3, 4).abs() + 0.5
    text = ("pose_heat_map_loss_param { loss_emphase_type: 5 fg_eof: 3 bg_eof: 2 ratio: 0.25 heat_score_thres: 0.5 "
            "prob_num: 1000000000 parts_err_num_thres: 3 }")
    y = x.clone().requires_grad_()
    one_layer("PoseHeatMapLoss", text, "TRAIN", x=y, t=T)(x=y, t=T)["y0"].backward()
    weights = (y.grad * 2 / (x - T)).round()
    assert (weights[T > 0] == 1).all()
    for weight, numbers, truth in zip(*(part.flatten(0, 1).flatten(1) for part in (weights, x, T))):
        weight, numbers = weight[truth == 0], numbers[truth == 0]
        once, never = numbers[weight == 1], numbers[weight == 0]
        assert len(once) == min(3, int((weight != 2).sum()))
        assert not len(never) or once.min() > never.max()


@pytest.mark.parametrize(("param", "complaint"), [
    ("loss_emphase_type: 0 fg_eof: 1 bg_eof: 1 ratio: 1 bg_num: 2", "wants one of `ratio` and `bg_num`"),
    ("loss_emphase_type: 0 fg_eof: 1 ratio: 1", "needs `bg_eof`"),
    ("loss_emphase_type: 6 fg_eof: 1 bg_eof: 1 ratio: 1", "it goes to 5"),
    ("loss_emphase_type: 0 fg_eof: 1 bg_eof: 1 bg_num: 13", "counts a share of 1.08333 of the places"),
])
def test_bad_settings_are_refused(param: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        one_layer("PoseHeatMapLoss", f"pose_heat_map_loss_param {{ {param} {REST} }}", x=(2, 2, 3, 4), t=(2, 2, 3, 4))
    with pytest.raises(SpecError, match="the third has a number for each map"):
        loss(0, draw(2, 2, 3, 4), m=torch.zeros(2, 3, 1, 1).double())
