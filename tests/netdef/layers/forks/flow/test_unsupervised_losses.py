"""CharbonnierLoss and SSIMLoss of Hidden Two-Stream."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

SSIM = "ssim_loss_param { kernel_size: 3 stride: 2 c1: 0.1 c2: 0.2 }"


def test_charbonnier_by_hand():
    x = torch.tensor([[[[1.0, -2.0]], [[0.0, 3.0]]]]).double()
    param = "charbonnier_loss_param { alpha: 0.5 beta: 2 epsilon: 1 }"
    by_hand = (math.sqrt(5) + math.sqrt(17) + 1 + math.sqrt(37)) / 2  # Two places.
    assert top_of("CharbonnierLoss", param, x=x).item() == pytest.approx(by_hand)
    assert top_of("CharbonnierLoss", x=x).item() == pytest.approx((14 + 4e-6) / 2)


def test_charbonnier_with_a_mask_divides_by_images_times_the_mask():
    x = torch.tensor([1.0, -2.0, 0.0, 3.0]).double().reshape(2, 1, 1, 2)
    mask = torch.tensor([1.0, 0.0, 1.0, 1.0]).double().reshape(2, 1, 1, 2)
    param = "charbonnier_loss_param { alpha: 1 epsilon: 0.5 }"
    assert top_of("CharbonnierLoss", param, x=x, m=mask).item() == pytest.approx((1.25 + 0.25 + 9.25) / 6)
    x.requires_grad_()
    top_of("CharbonnierLoss", param, x=x, m=mask).backward()
    torch.testing.assert_close(x.grad.flatten(), torch.tensor([2.0, 0, 0, 6]).double() / 6)
    cut = top_of("CharbonnierLoss", param, x=x, m=0.9 * mask).item()
    assert cut == pytest.approx(0.9 * 10.75 / 5)  # Of 5.4.


def test_the_first_numbers_of_a_larger_mask_are_taken():
    x = torch.tensor([1.0, 2.0, 3.0, 4.0]).double().reshape(2, 2, 1, 1)
    mask = torch.tensor([1.0, 0, 1, 1, 1, 1]).double().reshape(2, 3, 1, 1)
    param = "charbonnier_loss_param { epsilon: 0 }"
    assert top_of("CharbonnierLoss", param, x=x, m=mask).item() == pytest.approx((1 + 9 + 16) / (2 * 5))


def test_a_mask_of_fewer_channels_is_refused():
    with pytest.raises(netdef.SpecError, match="at least as many channels"):
        one_layer("CharbonnierLoss", x=(2, 3, 4, 5), m=(2, 1, 4, 5))


def ssim_by_hand(x: torch.Tensor, y: torch.Tensor) -> float:
    """Window by window, 3 wide, 2 apart."""
    weights = torch.tensor([[math.exp(-((h - 1.5) ** 2 + (w - 1.5) ** 2) / 0.5) for w in range(3)] for h in range(3)]).double()
    weights /= weights.sum()
    total = 0.0
    for item in range(len(x)):
        for channel in range(x.shape[1]):
            for top in range(0, math.ceil((x.shape[2] - 3) / 2) * 2 + 1, 2):
                for left in range(0, math.ceil((x.shape[3] - 3) / 2) * 2 + 1, 2):
                    a, b = (image[item, channel, top : top + 3, left : left + 3] for image in (x, y))
                    w = weights[: a.shape[0], : a.shape[1]]
                    ux, uy = (w * a).sum(), (w * b).sum()
                    spread = (w * a * a).sum() - ux**2 + (w * b * b).sum() - uy**2
                    both = (w * a * b).sum() - ux * uy
                    total += 1 - float((2 * ux * uy + 0.1) / (ux**2 + uy**2 + 0.1) * (2 * both + 0.2) / (spread + 0.2))
    return total / len(x)


@pytest.mark.parametrize("size", [(7, 5), (6, 4), (2, 3)])
def test_ssim_by_hand(size):
    x, y = draw(2, 2, *size), draw(2, 2, *size, seed=2)
    assert top_of("SSIMLoss", SSIM, x=x, y=y).item() == pytest.approx(ssim_by_hand(x, y))


def test_ssim_of_equal_images_is_zero_and_bottom_1_gets_no_gradient():
    x, y = draw(1, 2, 5, 5).requires_grad_(), draw(1, 2, 5, 5, seed=2).requires_grad_()
    assert top_of("SSIMLoss", SSIM, x=x, y=x).item() == pytest.approx(0, abs=1e-12)
    top_of("SSIMLoss", SSIM, x=x, y=y).backward()
    assert x.grad.any() and (y.grad is None or not y.grad.any())


@pytest.mark.parametrize(
    ("param", "said"),
    [
        ("kernel_size: 3 stride: 2 c1: 0.1", "has no `c2`"),
        ("kernel_size: 3 stride: 0 c1: 0.1 c2: 0.1", "stride"),
        ("kernel_size: 3 stride: 1 c1: 0 c2: 0.1", "c1"),
        ("kernel_size: 9 stride: 2 c1: 0.1 c2: 0.1", "windows of 9 for images of 4 x 5"),
    ],
)
def test_ssim_refuses_what_the_fork_does(param, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("SSIMLoss", f"ssim_loss_param {{ {param} }}", x=(1, 1, 4, 5), y=(1, 1, 4, 5))
