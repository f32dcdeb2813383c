"""SGD by torch's fused kernel: Caffe's rule, or nothing done where the kernel has another."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from dsd.solver import fused
from dsd.solver.pieces import Part
from dsd.solver.rules import SGD


def part_of(*params: Tensor) -> Part:
    """Parameters with gradients 2w + 1 and histories w - 1 that lie as they do."""
    return Part(list(params), [2 * p + 1 for p in params], [[p - 1 for p in params]], [None] * len(params))


def parameters() -> list[Tensor]:
    planes = torch.arange(-60.0, 60.0).reshape(5, 4, 3, 2).contiguous(memory_format=torch.channels_last) / 16
    return [torch.arange(-10.0, 11.0).reshape(3, 7) / 8, planes, torch.tensor([0.5])]


@pytest.mark.parametrize("transposed", [False, True], ids=["alike", "a gradient in another memory layout"])
@pytest.mark.parametrize("decay", [0.0, 0.25])
def test_a_step_is_that_of_caffe(decay, transposed):
    part = part_of(*parameters())
    if transposed:
        part.grads[0] = part.grads[0].T.contiguous().T
    wanted = [(0.5 * h + 0.125 * (g + decay * w)) for w, g, h in zip(part.params, part.grads, part.histories[0])]
    weights = [w - h for w, h in zip(part.params, wanted)]
    gradients = [g.clone() for g in part.grads]
    assert fused.sgd_(part, 0.125, momentum=0.5, decay=decay)
    for found, expected in zip([*part.params, *part.histories[0], *part.grads], [*weights, *wanted, *gradients], strict=True):
        assert torch.equal(found, expected)  # powers of two: without rounding


def other_types() -> Part:
    part = part_of(*parameters())
    return Part(part.params, [g.double() for g in part.grads], part.histories, part.keeps)


def other_layout() -> Part:
    part = part_of(*parameters())
    part.histories[0][0] = part.histories[0][0].T.contiguous().T
    return part


CASES = {
    "no history without momentum": (part_of(*parameters()), 0.125, 0.0),
    "a rate that would be rounded": (part_of(*parameters()), 3e-12, 0.5),
    "float64": (part_of(*(p.double() for p in parameters())), 0.125, 0.5),
    "gradients of another type": (other_types(), 0.125, 0.5),
    "a history in another memory layout": (other_layout(), 0.125, 0.5),
}


@pytest.mark.parametrize(("part", "rate", "momentum"), CASES.values(), ids=CASES)
def test_nothing_is_done_where_the_kernel_does_not_fit(part, rate, momentum):
    before = [t.clone() for t in (*part.params, *part.histories[0])]
    assert not fused.sgd_(part, rate, momentum, decay=0.25)
    assert all(torch.equal(t, kept) for t, kept in zip((*part.params, *part.histories[0]), before, strict=True))


@pytest.mark.parametrize("rate", [0.0, 1e-7, 0.01, 1.0, 3.0])
def test_usual_rates_fit(rate):
    assert fused.sgd_(part_of(*parameters()), rate, momentum=0.9, decay=0.1)


def test_a_solver_steps_alike_with_the_kernel_and_without(monkeypatch):
    def trained() -> list[Tensor]:
        weight = torch.nn.Parameter(torch.linspace(-1, 1, 39).reshape(13, 3))
        solver = SGD([weight], lr=0.3, momentum=0.9, weight_decay=0.04, iter_size=2)
        for i in range(4):
            weight.grad = torch.linspace(-3, i, 39).reshape(13, 3)
            solver.step()
        return [weight, *solver.history([weight]), solver.last_update(weight)]

    found = trained()
    monkeypatch.setattr(fused, "sgd_", lambda *_: False)
    torch.testing.assert_close(found, trained(), rtol=2e-6, atol=1e-7)
