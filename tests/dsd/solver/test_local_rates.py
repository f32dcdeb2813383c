"""A rate for each blob by the norms of its weights and its gradient: LARC of NVIDIA/caffe, local_lr_auto of intel/caffe."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dsd.solver.choices import ClipScope, Constraint
from dsd.solver.from_message import check_solver, make_solver
from dsd.solver.rules import SOLVERS
from netdef.schema.messages import SolverParameter

SHAPES, MULTS = [(5, 3), (7,), (2, 3, 4)], [(1.0, 1.0), (2.0, 0.0), (0.5, 2.0)]
LARC = {"larc": True, "larc_eta": 0.25}
AUTO = {"local_lr_auto": True, "local_gw_ratio": 0.25}


def made(fields: dict, kind: str = "SGD", **more):
    rng = np.random.default_rng(3)
    params = [torch.nn.Parameter(torch.tensor(rng.standard_normal(shape))) for shape in SHAPES]
    groups = [{"params": [p], "lr_mult": lr, "decay_mult": decay} for p, (lr, decay) in zip(params, MULTS)]
    message = SolverParameter(type=kind, momentum=0.5, weight_decay=0.125, **fields, **more)
    assert check_solver(message) == []
    return make_solver(message, groups), params, rng


@pytest.mark.parametrize("kind", ["SGD", "Nesterov"])
@pytest.mark.parametrize("fields", [
    LARC | {"larc_policy": "clip"}, LARC | {"larc_policy": "scale"}, LARC, AUTO], ids=["clip", "scale", "default", "auto"])
def test_against_the_formulas(fields, kind):
    """Rates of 0.01 and 2: below and above eta |w| / |g|. A blob with lr_mult has its local rate and no other."""
    solver, params, rng = made(fields, kind)
    weights = [p.detach().numpy().copy() for p in params]
    histories = [np.zeros(shape) for shape in SHAPES]
    for it, rate in enumerate((0.01, 2.0, 2.0)):
        for group in solver.param_groups:
            group["lr"] = rate
        for i, p in enumerate(params):
            g = np.zeros(SHAPES[i]) if (it, i) == (2, 1) else rng.standard_normal(SHAPES[i])
            p.grad = torch.tensor(g)
            w, local = weights[i], 1.0
            if g.any():
                decay = 0.125 if fields is AUTO else 0
                local = 0.25 * np.linalg.norm(w) / (np.linalg.norm(g) + decay * np.linalg.norm(w))
            r = min(rate, local) if fields.get("larc_policy") == "clip" else rate * local
            old = histories[i]
            histories[i] = 0.5 * old + r * (g + 0.125 * MULTS[i][1] * w)
            weights[i] = w - (1.5 * histories[i] - 0.5 * old if kind == "Nesterov" else histories[i])
        solver.step()
        for p, w in zip(params, weights):
            np.testing.assert_allclose(p.detach().numpy(), w, rtol=1e-7, atol=1e-12)


def test_weights_of_zero_have_a_local_rate_of_1_and_a_rate_of_0_moves_nothing():
    solver, params, _ = made(LARC | {"larc_policy": "clip"})
    for p in params:
        p.data.zero_()
        p.grad = torch.ones_like(p)
    for group in solver.param_groups:
        group["lr"] = 0.5
    solver.step()
    assert all((p == -0.5).all() for p in params)
    for group in solver.param_groups:
        group["lr"] = 0.0
    for p in params:
        p.grad = torch.ones_like(p)
    solver.step()
    assert all((p == -0.75).all() for p in params)  # what momentum has left


def test_pruned_weights_count_like_those_of_clip_gradients():
    """Their gradients are in no norm under ACTIVE; under ALL they couple with the survivors, if they are there at all."""
    ends = {}
    for constraint in Constraint:
        for scope in ClipScope:
            solver, params, rng = made(LARC | {"larc_policy": "clip"})
            keep = torch.tensor(rng.random(SHAPES[0]) < 0.5)
            solver.enter({params[0]: keep}, constraint, scope)
            for _ in range(3):
                for group in solver.param_groups:
                    group["lr"] = 2.0
                for p in params:
                    p.grad = torch.tensor(rng.standard_normal(p.shape))
                solver.step()
            assert not params[0][~keep].any()
            ends[constraint, scope] = params[0].detach()
    active = [ends[constraint, ClipScope.ACTIVE] for constraint in Constraint]
    assert active[0].equal(active[1]) and active[0].equal(active[2])
    assert not ends[Constraint.ZERO_AFTER_STEP, ClipScope.ALL].allclose(active[0])


@pytest.mark.parametrize(("fields", "said"), [
    ({"type": "Adam", "larc": True}, {"larc": "Adam has no local rates; SGD and Nesterov have"}),
    ({"type": "RMSProp", "local_lr_auto": True}, {"local_lr_auto": "RMSProp has no local rates"}),
    ({"larc": True, "larc_policy": "scal"}, {"larc_policy": 'unknown `larc_policy` "scal"; it is scale or clip'}),
    ({"larc": True, "larc_eta": -1}, {"larc_eta": "`larc_eta` is -1; it must be above 0"}),
    ({"local_lr_auto": True, "local_gw_ratio": 0}, {"local_gw_ratio": "is 0"}),
    ({"larc": True, "local_lr_auto": True}, {"larc": "`larc` and `local_lr_auto`"}),
    ({"larc_policy": "other", "larc_eta": -1}, {}),  # nobody reads them
])
def test_complaints(fields, said):
    found = dict(check_solver(SolverParameter(**fields)))
    assert found.keys() == said.keys() and all(part in found[field] for field, part in said.items())


def test_no_local_rates_by_default():
    assert all(make_solver(SolverParameter(type=kind), [torch.nn.Parameter(torch.zeros(2))]).local_rates is None
               for kind in SOLVERS)
