"""The six rules, and the preceding parts of a step, against float64 arithmetic written from Caffe's table."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from dsd.solver.rules import SOLVERS, Adam

SHAPES = [(5, 3), (7,), (2, 3, 4)]
MULTS = [(1.0, 1.0), (2.0, 0.0), (0.5, 2.0)]
OPTIONS = {
    "SGD": {"momentum": 0.9},
    "Nesterov": {"momentum": 0.8},
    "AdaGrad": {"delta": 1e-4},
    "RMSProp": {"rms_decay": 0.95, "delta": 1e-3},
    "AdaDelta": {"momentum": 0.95, "delta": 1e-4},
    "Adam": {"momentum": 0.9, "momentum2": 0.98, "delta": 1e-5},
}


def caffe_update(kind: str, o: dict, rate: float, it: int, g: np.ndarray, h: list[np.ndarray]) -> np.ndarray:
    """One parameter's update by the table; ``h`` holds its histories and is changed."""
    if kind == "SGD":
        h[0] = o["momentum"] * h[0] + rate * g
        return h[0]
    if kind == "Nesterov":
        old = h[0]
        h[0] = o["momentum"] * h[0] + rate * g
        return (1 + o["momentum"]) * h[0] - o["momentum"] * old
    if kind == "AdaGrad":
        h[0] = h[0] + g * g
        return rate * g / (np.sqrt(h[0]) + o["delta"])
    if kind == "RMSProp":
        h[0] = o["rms_decay"] * h[0] + (1 - o["rms_decay"]) * g * g
        return rate * g / (np.sqrt(h[0]) + o["delta"])
    if kind == "AdaDelta":
        m = o["momentum"]
        h[0] = m * h[0] + (1 - m) * g * g
        u = g * np.sqrt((h[1] + o["delta"]) / (h[0] + o["delta"]))
        h[1] = m * h[1] + (1 - m) * u * u
        return rate * u
    b1, b2, t = o["momentum"], o["momentum2"], it + 1
    h[0] = b1 * h[0] + (1 - b1) * g
    h[1] = b2 * h[1] + (1 - b2) * g * g
    return rate * math.sqrt(1 - b2**t) / (1 - b1**t) * h[0] / (np.sqrt(h[1]) + o["delta"])


@pytest.mark.parametrize("iter_size", [1, 4])
@pytest.mark.parametrize("clip", [-1.0, 0.0, 3.0, 1e6])
@pytest.mark.parametrize("regularization", ["L1", "L2"])
@pytest.mark.parametrize("kind", SOLVERS)
def test_updates_are_those_of_the_table(kind, regularization, clip, iter_size):
    rng = np.random.default_rng(5)
    weights = [rng.standard_normal(shape) for shape in SHAPES]
    weights[0][1, 2] = 0.0  # sign(0) = 0
    params = [torch.nn.Parameter(torch.tensor(w)) for w in weights]
    groups = [{"params": [p], "lr_mult": lr, "decay_mult": decay} for p, (lr, decay) in zip(params, MULTS)]
    solver = SOLVERS[kind](
        groups, lr=0.0, weight_decay=0.05, regularization=regularization, clip_gradients=clip, iter_size=iter_size,
        **OPTIONS[kind],
    )  # fmt: skip
    histories = [[np.zeros(shape) for _ in solver.slots] for shape in SHAPES]
    for it in range(4):
        rate = 0.1 / (1 + it)
        solver.param_groups[0]["lr"] = solver.param_groups[1]["lr"] = solver.param_groups[2]["lr"] = rate
        sums = [sum(rng.standard_normal(shape) for _ in range(iter_size)) for shape in SHAPES]
        if it == 2:
            sums[1] = np.zeros(7)  # said to the solver as: no gradient
        for p, g in zip(params, sums):
            p.grad = torch.tensor(g)
        if it == 2:
            params[1].grad = None
        solver.step()

        size = math.sqrt(sum((g * g).sum() for g in sums))
        for i, (lr_mult, decay_mult) in enumerate(MULTS):
            g = sums[i] * (clip / size if 0 <= clip < size else 1.0) / iter_size
            penalty = weights[i] if regularization == "L2" else np.sign(weights[i])
            g = g + 0.05 * decay_mult * penalty
            weights[i] = weights[i] - caffe_update(kind, OPTIONS[kind], rate * lr_mult, it, g, histories[i])
            np.testing.assert_allclose(params[i].detach().numpy(), weights[i], rtol=1e-11, atol=1e-13)
    expected = [histories[i][slot] for slot in range(len(solver.slots)) for i in range(3)]
    for mine, theirs in zip(solver.history(params), expected, strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("kind", SOLVERS)
def test_float32_keeps_to_the_table(kind):
    rng = np.random.default_rng(6)
    weight = rng.standard_normal((11, 3)).astype(np.float32)
    p = torch.nn.Parameter(torch.tensor(weight))
    solver = SOLVERS[kind]([p], lr=0.1, **OPTIONS[kind])
    exact, history = weight.astype(np.float64), [np.zeros((11, 3)) for _ in solver.slots]
    for it in range(20):
        g = rng.standard_normal((11, 3)).astype(np.float32)
        p.grad = torch.tensor(g)
        solver.step()
        exact = exact - caffe_update(kind, OPTIONS[kind], 0.1, it, g.astype(np.float64), history)
    assert np.abs(p.detach().numpy() - exact).max() < 1e-5 * np.abs(exact).max()


def test_adam_counts_from_the_iteration_it_is_given():
    p = torch.nn.Parameter(torch.zeros(1))
    solver = Adam([p], lr=1.0, momentum=0.9, momentum2=0.999, delta=0.0)
    solver.iteration = 99
    p.grad = torch.ones(1)
    solver.step()
    assert -p.item() == pytest.approx(math.sqrt(1 - 0.999**100) / (1 - 0.9**100) * 0.1 / math.sqrt(0.001), rel=1e-5)
    assert solver.iteration == 100
