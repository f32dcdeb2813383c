"""BerhuLoss, EuclideanfcnLoss and the ScaleInvariant losses by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of
from torch import Tensor

import netdef


def maps(*values: float, items: int = 1) -> Tensor:
    return torch.tensor(values).double().reshape(items, 1, 1, -1)


def loss_and_gradients(kind: str, param: str, x: Tensor, t: Tensor) -> tuple[float, list[float]]:
    """The loss, and the gradient of x, which is minus that of t."""
    x, t = x.clone().requires_grad_(), t.clone().requires_grad_()
    loss = top_of(kind, param, "TRAIN", x=x, t=t)
    loss.backward()
    if "Log" not in kind:
        torch.testing.assert_close(x.grad, -t.grad)
    return loss.item(), x.grad.flatten().tolist()


def test_places_without_depth_have_no_loss():
    x, t = torch.tensor([[3.0, 5, 7], [1, 1, 4]]).reshape(1, 2, 1, 3), torch.tensor([[1.0, 0, 0], [2, 0, 3]]).reshape(1, 2, 1, 3)
    loss, gradient = loss_and_gradients("EuclideanfcnLoss", "", x.double(), t.double())
    assert loss == pytest.approx((2**2 + 7**2 + 1 + 1) / 2 / 4)  # The second place has no label.
    assert gradient == [2, 0, 7, -1, 0, 1]


@pytest.mark.parametrize(("param", "changed", "divisor"), [
    ("c_rate: 0.25", [8, -2, 2, 0], 1),
    ("c_rate: 0.25 h_rate: 0.9", [2, -2, 2, 0], 1),
    ("c_rate: 0.5 c_rate_mode: AVE normalize: true", [8, -2, 1.5, 0], 4),
])
def test_small_differences_grow(param, changed, divisor):
    t = maps(1, 2, 3, 4)
    loss, gradient = loss_and_gradients("BerhuLoss", f"berhu_param {{ {param} }}", t + maps(8, -2, 1, 0), t)
    if "AVE" in param:  # The mean is 11 / 4, half of it 1.375.
        changed = [8, -2, 1.375, 0]
    assert loss == pytest.approx(sum(d * d for d in changed) / 2 / 4)
    assert gradient == pytest.approx([d / divisor for d in changed])


def test_labels_out_of_range_are_no_labels():
    param = "berhu_param { c_rate: 0 min_label: 1 max_label: 5 invalid_label: 3 }"
    loss, gradient = loss_and_gradients("BerhuLoss", param, maps(2, 2, 2, 2, 7), maps(0.5, 5.5, 3, 4, 1))
    assert loss == pytest.approx((4 + 36) / 2 / 2) and gradient == [0, 0, 0, -2, 6]


@pytest.mark.parametrize("adjusts", [True, False])
def test_scale_invariance(adjusts: bool):
    """Two items of three values, of which one is not valid."""
    x, t = maps(3, 1, 9, 4, 4, 6, items=2), maps(1, 2, 50, 1, 3, 2, items=2)
    param = f"scale_invariant_param {{ delta: 0.6 max_label: 10 adjust_pixel_num: {str(adjusts).lower()} }}"
    loss, gradient = loss_and_gradients("ScaleInvariantLoss", param, x, t)
    d, counts = [[2, -1, 0], [3, 1, 4]], [2, 3] if adjusts else [3, 3]
    means = [sum(item) / n for item, n in zip(d, counts)]
    assert loss == pytest.approx(31 / 2 / sum(counts) - 0.6 / 4 * sum(m * m for m in means))
    assert gradient == pytest.approx([
        v / sum(counts) - 0.6 / 2 * m / n for item, m, n in zip(d, means, counts) for v in item])


def test_logs_and_the_part_that_is_added():
    x, t = maps(3, 0.1, 20), maps(1, 2, 4)
    param = "scale_invariant_param { delta: 0.6 min_label: 0.5 max_label: 10 }"
    loss, gradient = loss_and_gradients("ScaleInvariantLogLoss", param, x, t)
    within = [3, 0.5, 10]
    d = [math.log(a / b) for a, b in zip(within, (1, 2, 4))]
    mean = sum(d) / 3
    assert loss == pytest.approx(sum(v * v for v in d) / 6 + 0.3 * mean**2)
    assert gradient == pytest.approx([(v / 3 - 0.6 * mean / 3) / a for v, a in zip(d, within)])


@pytest.mark.parametrize("kind", ["ScaleInvariantBerhuLoss", "ScaleInvariantLogBerhuLoss"])
def test_small_valid_differences_grow_and_great_ones_shrink(kind: str):
    """C is 0.5 times the greatest difference, H 0.75 times it; that of the last value, 20, counts where it is not of logs."""
    if "Log" in kind:
        x, t, d = maps(*(math.exp(v) for v in (3.6, 0.9, 0.25, 3, 5))), maps(1, 1, 1, 1, 99), [2.7, 1.8, 0.25, 2.7, 0]
    else:
        x, t, d = maps(21, 5, 1.25, 13, 119), maps(1, 1, 1, 1, 99), [15, 10, 0.25, 12, 0]
    values = "c_rate: 0.5 h_rate: 0.75 c_boundary: 0.5 delta: 0.6 max_label: 50"
    loss, gradient = loss_and_gradients(kind, f"scale_invariant_berhu_param {{ {values} }}", x, t)
    mean = sum(d) / 4
    assert loss == pytest.approx(sum(v * v for v in d) / 8 + 0.3 * mean**2)
    scale = [1.0 / min(v, 50) for v in x.flatten().tolist()] if "Log" in kind else [1] * 5
    assert gradient == pytest.approx([(v / 4 - 0.6 * mean / 4) * s for v, s in zip(d, scale)])


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(netdef.SpecError, match="it wants one channel"):
        one_layer("ScaleInvariantLoss", x=(2, 3, 4, 5), t=(2, 3, 4, 5))
    with pytest.raises(netdef.SpecError, match="all must be of one shape"):
        one_layer("BerhuLoss", x=(2, 3, 4, 5), t=(2, 3, 5, 4))
