"""The focal loss by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef

X, LABELS = draw(4, 3, 2), torch.tensor([[0, 2], [1, 1], [2, 0], [7, 1]])


def by_hand(sign: int, alpha: float, gamma: float, axis: int = 1, ignored: int = 7) -> list[float]:
    """The losses of the predictions that count."""
    chances = X.softmax(axis).movedim(axis, -1).flatten(0, -2).tolist()
    own = [(row, label) for row, label in zip(chances, LABELS.flatten().tolist()) if label != ignored]
    return [-alpha * (1 + sign * row[label]) ** gamma * math.log(row[label]) for row, label in own]


@pytest.mark.parametrize(("kind", "sign"), [("ORIGIN", -1), ("ONEADDP", 1)])
@pytest.mark.parametrize(("mode", "divisor"), [("VALID", 7), ("FULL", 8), ("BATCH_SIZE", 4), ("NONE", 1)])
def test_value(kind: str, sign: int, mode: str, divisor: int):
    param = f"focal_loss_param {{ alpha: 0.5 gamma: 1.5 type: {kind} }} loss_param {{ ignore_label: 7 normalization: {mode} }}"
    loss = top_of("FocalLoss", param, x=X, t=LABELS.double())
    assert float(loss) == pytest.approx(sum(by_hand(sign, 0.5, 1.5)) / divisor)


def test_gamma_is_two_and_the_second_top_is_the_softmax():
    labels = LABELS.clamp(max=2).double()
    loss, chances = tops_of("FocalLoss", "focal_loss_param { alpha: 0.25 } loss_weight: 1 loss_weight: 0", 2, x=X, t=labels)
    torch.testing.assert_close(chances, X.softmax(1))
    picked = chances.gather(1, labels.long()[:, None]).flatten()
    assert float(loss) == pytest.approx(float((-0.25 * (1 - picked) ** 2 * picked.log()).mean()))


def test_classes_on_the_last_axis():
    x = X.movedim(1, 2).contiguous()
    for place in ("focal_loss_param { alpha: 0.5 axis: 2 }", "focal_loss_param { alpha: 0.5 } softmax_param { axis: -1 }"):
        loss = top_of("FocalLoss", f"{place} loss_param {{ ignore_label: 7 }}", x=x, t=LABELS.double())
        assert float(loss) == pytest.approx(sum(by_hand(-1, 0.5, 2)) / 7)


@pytest.mark.parametrize("kind", ["ORIGIN", "ONEADDP"])
def test_gradient(kind: str):
    x, labels = X.clone().requires_grad_(), LABELS.double()
    param = f"focal_loss_param {{ alpha: 0.5 type: {kind} }} loss_param {{ ignore_label: 7 }}"
    net = one_layer("FocalLoss", param, "TRAIN", x=x, t=labels)
    assert gradcheck(lambda x: net(x=x, t=labels)["y0"], (x,))


def test_what_is_refused():
    with pytest.raises(netdef.SpecError, match="has no `alpha`, which is 0.25 in two forks and 1 in another"):
        one_layer("FocalLoss", "focal_loss_param { gamma: 3 }", x=(2, 3), t=(2,))
    with pytest.raises(netdef.SpecError, match="has `type: LINEAR`"):
        one_layer("FocalLoss", "focal_loss_param { alpha: 1 type: LINEAR }", x=(2, 3), t=(2,))
    net = one_layer("FocalLoss", "focal_loss_param { alpha: 1 }", x=(2, 3), t=(2,))
    with pytest.raises(netdef.NetdefError, match="got the label 5"):
        net(x=draw(2, 3), t=torch.tensor([0.0, 5]).double())


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_fixed_weights_of_yuqj1991(phase: str):
    """Chances of 1/4 and 1/2: 0.75 (1 - p)^2 times minus the log, over two labels."""
    x = torch.tensor([[1.0, 3], [1, 1]], dtype=torch.float64).log()
    loss = one_layer("focalSoftmaxWithLoss", "", phase, x=x, t=torch.zeros(2))(x=x, t=torch.zeros(2))["y0"]
    assert loss.item() == pytest.approx(0.75 * (0.75**2 * math.log(4) + 0.5**2 * math.log(2)) / 2)


def test_softmax_with_focal_loss_divides_by_labels_above_0():
    param = "softmax_focal_loss_param { alpha: 0.5 gamma: 1.5 } loss_param { ignore_label: 7 %s }"
    for mode, divisor in (("", 5), ("normalization: FULL", 8), ("normalization: BATCH_SIZE", 4)):
        loss = top_of("SoftmaxWithFocalLoss", param % mode, x=X, t=LABELS.double())
        assert float(loss) == pytest.approx(sum(by_hand(-1, 0.5, 1.5)) / divisor)


def test_gradient_of_softmax_with_focal_loss_is_the_forks():
    x = draw(2, 3).requires_grad_()
    top_of("SoftmaxWithFocalLoss", "softmax_focal_loss_param { alpha: 0.5 gamma: 3 }", x=x,
           t=torch.tensor([2.0, 0]).double()).backward()
    for item, label in enumerate((2, 0)):
        p = x[item].detach().softmax(0).tolist()
        own = p[label]
        for c in range(3):
            first = 0.5 * (1 - own) ** 3 * (p[c] - (c == label))
            second = -0.5 * 3 * (1 - own) ** 3 * own if c == label else 0.5 * 3 * (1 - p[c]) ** 2 * own * p[c]
            assert x.grad[item, c].item() == pytest.approx(first - second * math.log(own))


def test_on_maps_the_fork_takes_another_class_for_the_label():
    x = draw(1, 4, 2).requires_grad_()
    top_of("SoftmaxWithFocalLoss", "softmax_focal_loss_param { alpha: 1 gamma: 2 }", x=x,
           t=torch.tensor([[3.0, 3]]).double()).backward()
    for place, taken in enumerate((None, 1)):  # 3 = 1 * 2 + 1
        p = x[0, :, place].detach().softmax(0).tolist()
        own = p[3]
        for c in range(4):
            first = (1 - own) ** 2 * (p[c] - (c == 3))
            second = -2 * (1 - own) ** 2 * own if c == taken else 2 * (1 - p[c]) * own * p[c]
            assert 2 * x.grad[0, c, place].item() == pytest.approx(first - second * math.log(own))
