"""The six rules, and what precedes them in a step, against float64 arithmetic written from Caffe's table."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch

from dsd.solver.from_message import check_solver, make_solver
from dsd.solver.histories import SolverError
from dsd.solver.rules import SGD, SOLVERS, AdaDelta, AdaGrad, Adam, Nesterov, RMSProp
from netdef.schema.messages import SolverParameter

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
def test_against_the_table(kind, regularization, clip, iter_size):
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


@pytest.mark.parametrize("kind", SOLVERS)
def test_lr_mult_0_freezes(kind):
    frozen, free = torch.nn.Parameter(torch.ones(3)), torch.nn.Parameter(torch.ones(2))
    groups = [{"params": [frozen], "lr_mult": 0.0}, {"params": [free]}]
    solver = SOLVERS[kind](groups, lr=0.5, weight_decay=0.1, clip_gradients=5.0, **OPTIONS[kind])
    alone = torch.nn.Parameter(torch.ones(2))
    same = SOLVERS[kind]([alone], lr=0.5, weight_decay=0.1, clip_gradients=5.0, **OPTIONS[kind])
    for _ in range(2):
        frozen.grad, free.grad, alone.grad = torch.full((3,), 100.0), torch.tensor([3.0, 4.5]), torch.tensor([3.0, 4.5])
        solver.step()
        same.step()
    assert frozen.tolist() == [1, 1, 1]
    assert torch.equal(free, alone), "its gradient counts in no norm"
    assert not any(h.any() for h in solver.history([frozen]))


def test_a_solver_of_frozen_parameters_only():
    p = torch.nn.Parameter(torch.ones(3))
    solver = SGD([{"params": [p], "lr_mult": 0.0}], lr=0.5, clip_gradients=1.0, iter_size=2)
    solver.step()
    assert p.tolist() == [1, 1, 1] and solver.iteration == 1


def test_a_gradient_of_nan_is_not_hidden_by_clipping():
    p = torch.nn.Parameter(torch.ones(3))
    solver = SGD([p], lr=0.5, clip_gradients=1.0)
    p.grad = torch.tensor([1.0, math.nan, 1.0])
    solver.step()
    assert p.isnan().tolist() == [False, True, False]  # Caffe: NaN > threshold is false, so nothing is scaled


def test_adam_counts_from_the_iteration_it_is_given():
    p = torch.nn.Parameter(torch.zeros(1))
    solver = Adam([p], lr=1.0, momentum=0.9, momentum2=0.999, delta=0.0)
    solver.iteration = 99
    p.grad = torch.ones(1)
    solver.step()
    assert -p.item() == pytest.approx(math.sqrt(1 - 0.999**100) / (1 - 0.9**100) * 0.1 / math.sqrt(0.001), rel=1e-5)
    assert solver.iteration == 100


def test_closure():
    p = torch.nn.Parameter(torch.tensor([2.0]))
    solver = SGD([p], lr=0.25)

    def closure():
        solver.zero_grad()
        loss = (p * p).sum()
        loss.backward()
        return loss

    assert solver.step(closure).item() == 4
    assert p.item() == 1


def test_torch_schedulers_set_the_rate():
    p = torch.nn.Parameter(torch.tensor([1.0]))
    solver = SGD([p], lr=0.5)
    scheduler = torch.optim.lr_scheduler.StepLR(solver, 1, gamma=0.5)
    for _ in range(2):
        p.grad = torch.ones(1)
        solver.step()
        scheduler.step()
    assert p.item() == 1 - 0.5 - 0.25


@pytest.mark.parametrize("kind", SOLVERS)
def test_history_and_state_dict_continue_to_the_bit(kind):
    def run(solver, params, start, stop):
        for it in range(start, stop):
            rng = torch.Generator().manual_seed(it)
            for p in params:
                p.grad = torch.randn(p.shape, generator=rng)
            solver.step()

    def fresh():
        params = [torch.nn.Parameter(torch.linspace(-1, 1, 6).view(2, 3)), torch.nn.Parameter(torch.ones(5))]
        return params, SOLVERS[kind](params, lr=0.1, weight_decay=0.01, **OPTIONS[kind])

    params, solver = fresh()
    run(solver, params, 0, 3)
    saved = [p.detach().clone() for p in params]
    history = [h.clone() for h in solver.history(params)]
    state = copy.deepcopy(solver.state_dict())
    assert len(history) == (4 if kind in ("AdaDelta", "Adam") else 2)
    run(solver, params, 3, 6)

    for how in ("history", "state_dict"):
        others, other = fresh()
        for p, value in zip(others, saved):
            p.data.copy_(value)
        if how == "history":
            other.load_history(others, history)
            other.iteration = 3
        else:
            other.load_state_dict(state)
        run(other, others, 3, 6)
        assert all(torch.equal(p, q) for p, q in zip(params, others))


def test_load_history_refuses_what_does_not_fit():
    p, q = torch.nn.Parameter(torch.zeros(2, 3)), torch.nn.Parameter(torch.zeros(5))
    solver = Adam([p, q], lr=0.1)
    with pytest.raises(SolverError, match="2 histories, Adam keeps 4 .2 for each of 2 parameters"):
        solver.load_history([p, q], [torch.zeros(2, 3), torch.zeros(5)])
    wrong = [torch.ones(2, 3), torch.ones(5), torch.ones(3, 2), torch.ones(5)]
    with pytest.raises(SolverError, match=r"history 2: shape \(3, 2\), the parameter has \(2, 3\)"):
        solver.load_history([p, q], wrong)
    assert not solver.history([p])[0].any(), "nothing is loaded when something is refused"


@pytest.mark.parametrize(
    ("rule", "arguments", "field", "part"),
    [
        (SGD, {"momentum": -0.1}, "momentum", "-0.1; it must be at least 0 and below 1"),
        (SGD, {"momentum": 9}, "momentum", "is 9; it must be"),
        (Nesterov, {"momentum": math.nan}, "momentum", "nan"),
        (AdaGrad, {"momentum": 0.9}, "momentum", "0.9; AdaGrad takes none"),
        (RMSProp, {"momentum": 0.5}, "momentum", "0.5; RMSProp takes none"),
        (RMSProp, {"rms_decay": 1.0}, "rms_decay", "is 1; it must be at least 0 and below 1"),
        (RMSProp, {"rms_decay": -0.5}, "rms_decay", "-0.5"),
        (AdaDelta, {"momentum": 1.5}, "momentum", "at most 1"),
        (AdaGrad, {"delta": -1.0}, "delta", "-1; it must be at least 0"),
        (Adam, {"momentum": 1.0}, "momentum", "below 1"),
        (Adam, {"momentum2": 1.0}, "momentum2", "below 1"),
        (Adam, {"delta": math.inf}, "delta", "inf"),
        (SGD, {"regularization": "L3"}, "regularization_type", '"L3"; it is L1 or L2'),
        (SGD, {"iter_size": 0}, "iter_size", "is 0; it must be at least 1"),
        (SGD, {"clip_gradients": math.nan}, "clip_gradients", "nan"),
    ],
)
def test_arguments_are_checked(rule, arguments, field, part):
    ((found, complaint),) = rule.check(**arguments)
    assert found == field and part in complaint
    with pytest.raises(SolverError, match="must|takes none|it is L1|is nan"):
        rule([torch.nn.Parameter(torch.zeros(2))], 0.1, **arguments)


def test_all_complaints_at_once():
    with pytest.raises(SolverError) as error:
        Adam([torch.nn.Parameter(torch.zeros(2))], 0.1, momentum=2.0, momentum2=3.0, iter_size=-1)
    assert all(f"`{field}`" in str(error.value) for field in ("momentum", "momentum2", "iter_size"))


def test_solver_from_message():
    message = SolverParameter(type="RMSProp", rms_decay=0.5, weight_decay=0.25, regularization_type="L1", iter_size=3)
    assert check_solver(message) == []
    p = torch.nn.Parameter(torch.zeros(2))
    solver = make_solver(message, [{"params": [p], "lr_mult": 2.0}], lr=0.125)
    assert type(solver) is RMSProp and solver.regularization == "L1" and solver.iter_size == 3
    assert solver.clip_gradients == -1
    (group,) = solver.param_groups
    assert (group["rms_decay"], group["weight_decay"], group["lr"], group["lr_mult"]) == (0.5, 0.25, 0.125, 2.0)
    assert group["delta"] == pytest.approx(1e-8)

    message = SolverParameter(type="AdaGrad", momentum=0.5, iter_size=0)
    assert {field for field, _ in check_solver(message)} == {"momentum", "iter_size"}
    assert check_solver(SolverParameter(weight_decay=math.nan)) == [
        ("weight_decay", "`weight_decay` is nan; it must be a finite number")]
    complaint = 'unknown solver `type` "adam"; did you mean `Adam`?'
    assert check_solver(SolverParameter(type="adam")) == [("type", complaint)]
    assert "SGD, Nesterov" in check_solver(SolverParameter(type="x"))[0][1]
    assert all(check_solver(SolverParameter(type=kind)) == [] for kind in SOLVERS)
