"""Products of random projections."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef

PARAM = "random_maclaurin_param {{ num_output: 4 {} }}"
KINDS = [("", 4.0), ('distribution_type: "gaussian" std1: 0.5 std2: 3', 4 * 0.5 * 3),
         ('distribution_type: "uniform" a1: -2 b1: 2 a2: 0 b2: 3', 4 * 2 * 3 / 3)]


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("text", "divisor"), KINDS)
def test_the_product_of_two_projections(phase: str, text: str, divisor: float):
    a, b = draw(2, 3, 5), draw(2, 6, seed=2)
    net = one_layer("RandomMaclaurin", PARAM.format(text), phase, a=a, b=b)
    first, second = net.params["l"]
    assert (first.shape, second.shape) == ((15, 4), (6, 4))
    found = net(a=a, b=b)["y0"]  # after the matrices were drawn anew, in TRAIN
    torch.testing.assert_close(found, torch.einsum("ni,io,nj,jo->no", a.flatten(1), first, b, second) / divisor)


def test_the_matrices_are_of_the_distribution():
    def drawn(text: str) -> list[torch.Tensor]:
        return one_layer("RandomMaclaurin", PARAM.format(text).replace("4", "300", 1), "TRAIN", a=(2, 40), b=(2, 50)).params["l"]

    assert {value for blob in drawn("") for value in blob.unique().tolist()} == {0, 1}
    first, second = drawn(KINDS[1][0])
    assert first.std().item() == pytest.approx(0.5, rel=0.05) and second.std().item() == pytest.approx(3, rel=0.05)
    first, second = drawn(KINDS[2][0])
    assert -2 <= first.min() < -1.9 and 1.9 < first.max() <= 2 and 0 <= second.min() < 0.1 and 2.9 < second.max() <= 3


def test_the_gradient_goes_to_the_second_bottom_alone():
    a, b = draw(2, 3).requires_grad_(), draw(2, 5, seed=2).requires_grad_()
    net = one_layer("RandomMaclaurin", PARAM.format(KINDS[1][0] + " epoch_size: 1000"), "TRAIN", a=a, b=b)
    assert gradcheck(lambda b: net(a=a.detach(), b=b)["y0"], (b,))
    net(a=a, b=b)["y0"].sum().backward()
    assert a.grad is None and b.grad.abs().sum() > 0


def test_a_period_of_training_is_followed_by_other_matrices():
    a = draw(2, 3)
    train = one_layer("RandomMaclaurin", PARAM.format("epoch_size: 2"), "TRAIN", a=a, b=a)
    seen = []
    for _ in range(7):
        train(a=a, b=a)
        seen.append(torch.cat([blob.flatten() for blob in train.params["l"]]))
    assert all(torch.equal(seen[i], seen[i + 1]) == (i % 3 != 1) for i in range(6))
    test = one_layer("RandomMaclaurin", PARAM.format("epoch_size: 0"), "TEST", a=a, b=a)
    assert torch.equal(test(a=a, b=a)["y0"], test(a=a, b=a)["y0"])


@pytest.mark.parametrize(("text", "complaint"), [
    ('distribution_type: "normal"', "it is \"bernoulli\""), ('distribution_type: "gaussian" std2: 0', "`std2` 0"),
    ('distribution_type: "uniform" b1: -1', "`b1` -1"), ('distribution_type: "uniform" a1: 2', "from 2 to 1")])
def test_what_does_not_fit_is_refused(text: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("RandomMaclaurin", PARAM.format(text), a=(2, 3), b=(2, 3))
