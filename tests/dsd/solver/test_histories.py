"""Histories: saved, loaded, refused."""

from __future__ import annotations

import copy
import subprocess
import sys

import pytest
import torch

from dsd.solver.histories import SolverError
from dsd.solver.rules import SOLVERS, Adam

OPTIONS = {
    "SGD": {"momentum": 0.9},
    "Nesterov": {"momentum": 0.8},
    "AdaGrad": {"delta": 1e-4},
    "RMSProp": {"rms_decay": 0.95, "delta": 1e-3},
    "AdaDelta": {"momentum": 0.95, "delta": 1e-4},
    "Adam": {"momentum": 0.9, "momentum2": 0.98, "delta": 1e-5},
}


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


def test_a_solver_is_made_and_cleared_without_torchs_compiler():
    code = ("import sys, torch; from dsd.solver.rules import SOLVERS; w = torch.ones(3, requires_grad=True)\n"
            "solver = SOLVERS['SGD']([w], 0.1); w.sum().backward(); solver.step(); solver.zero_grad()\n"
            "print(w.tolist(), w.grad, 'torch._dynamo' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[0.8999999761581421, 0.8999999761581421, 0.8999999761581421] None False\n", done.stderr
