"""Masks inside the step: the promises of every constraint, for all six solvers."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dsd.masks.mask import kept_count
from dsd.masks.policies.fixed import magnitude_mask
from dsd.solver.choices import ClipScope, Constraint, StateRule
from dsd.solver.histories import SolverError
from dsd.solver.rules import SGD, SOLVERS, Adam

OPTIONS = {
    "SGD": {"lr": 0.05, "momentum": 0.9},
    "Nesterov": {"lr": 0.05, "momentum": 0.9},
    "AdaGrad": {"lr": 0.05},
    "RMSProp": {"lr": 0.01, "rms_decay": 0.9},
    "AdaDelta": {"lr": 1.0, "momentum": 0.9, "delta": 1e-6},
    "Adam": {"lr": 0.01, "momentum": 0.9},
}
SPARSITY = 0.4
every_solver = pytest.mark.parametrize("kind", SOLVERS)
every_constraint = pytest.mark.parametrize("constraint", Constraint, ids=lambda c: c.name)


class Run:
    """A small net, its solver, and iterations on data that depend on the iteration's number only."""

    def __init__(self, kind: str, **options):
        generator = torch.Generator().manual_seed(7)
        self.w1 = nn.Parameter(torch.randn(9, 6, generator=generator) * 0.5)
        self.b1 = nn.Parameter(torch.zeros(9))
        self.w2 = nn.Parameter(torch.randn(4, 9, generator=generator) * 0.5)
        self.params = [self.w1, self.b1, self.w2]
        groups = [{"params": [self.w1, self.w2]}, {"params": [self.b1], "lr_mult": 2.0, "decay_mult": 0.0}]
        self.solver = SOLVERS[kind](groups, **(OPTIONS[kind] | options))
        self.cover = lambda w: w

    def masks(self) -> dict[torch.Tensor, torch.Tensor]:
        return {w: magnitude_mask(w, SPARSITY) for w in (self.w1, self.w2)}

    def step(self) -> list[float]:
        self.solver.zero_grad()
        losses = []
        for number in range(self.solver.iter_size):
            generator = torch.Generator().manual_seed(100 * self.solver.iteration + number)
            x = torch.randn(8, 6, generator=generator)
            label = torch.randint(4, (8,), generator=generator)
            hidden = torch.tanh(F.linear(x, self.cover(self.w1), self.b1))
            loss = F.cross_entropy(F.linear(hidden, self.cover(self.w2)), label)
            loss.backward()
            losses.append(loss.item())
        self.solver.step()
        return losses

    def steps(self, count: int) -> list[list[float]]:
        return [self.step() for _ in range(count)]

    def weights(self) -> list[torch.Tensor]:
        return [p.detach().clone() for p in self.params]


def same(a: list[torch.Tensor], b: list[torch.Tensor]) -> bool:
    return len(a) == len(b) and all(torch.equal(p, q) for p, q in zip(a, b))


def is_plus_zero(tensor: torch.Tensor) -> bool:
    return bool((tensor == 0).all() and not tensor.signbit().any())


@pytest.mark.parametrize("rule", [StateRule.RESET, StateRule.CARRY], ids=lambda r: r.name)
@pytest.mark.parametrize("iter_size", [1, 4])
@pytest.mark.parametrize("regularization", ["L1", "L2"])
@every_solver
def test_the_three_constraints_train_the_same_survivors(kind, regularization, iter_size, rule):
    runs = {}
    for constraint in Constraint:
        run = Run(kind, weight_decay=0.01, regularization=regularization, iter_size=iter_size)
        run.steps(3)
        masks = run.masks()
        assert [int(kept.sum()) for kept in masks.values()] == [kept_count(54, SPARSITY), kept_count(36, SPARSITY)]
        run.solver.begin_phase(masks, constraint, state_rule=rule)
        trace = []
        for _ in range(5):
            trace.append(run.step())
            for w, kept in masks.items():
                assert is_plus_zero(w[~kept])
                assert w[kept].all()
            trace.append(run.weights())
        runs[constraint] = trace
        assert same(list(run.solver.masks.values()), list(masks.values()))
    first, *others = runs.values()
    for other in others:
        for mine, theirs in zip(first, other):
            assert mine == theirs if isinstance(mine[0], float) else same(mine, theirs)


@every_solver
def test_mask_blob_is_the_layer_that_computes_with_a_mask(kind):
    fast, reference = Run(kind, weight_decay=0.01), Run(kind, weight_decay=0.01)
    for run in (fast, reference):
        run.steps(3)
    masks = fast.masks()
    fast.solver.begin_phase(masks, Constraint.MASK_BLOB, state_rule=StateRule.CARRY)
    shapes = {kept.shape: kept for kept in masks.values()}
    reference.cover = lambda w: torch.where(shapes[w.shape], w, 0.0)
    with torch.no_grad():
        for w in (reference.w1, reference.w2):
            for tensor in (w, *reference.solver.state[w].values()):
                tensor.masked_fill_(~shapes[w.shape], 0.0)
    assert fast.steps(5) == reference.steps(5)
    assert same(fast.weights(), reference.weights())
    assert same(fast.solver.history(fast.params), reference.solver.history(reference.params))


@pytest.mark.parametrize("rule", StateRule, ids=lambda r: r.name)
@every_constraint
@every_solver
def test_entering_twice_changes_nothing(kind, constraint, rule):
    once, twice = Run(kind), Run(kind)
    for run, times in ((once, 1), (twice, 2)):
        run.steps(3)
        masks = run.masks()
        for _ in range(times):
            run.solver.begin_phase(masks, constraint, state_rule=rule)
    assert same(once.weights(), twice.weights())
    assert same(once.solver.history(once.params), twice.solver.history(twice.params))
    once.steps(2)
    twice.steps(2)
    twice.solver.enter(masks, constraint)  # as a resumed run does
    assert same(once.weights(), twice.weights())
    assert same(once.solver.history(once.params), twice.solver.history(twice.params))


@every_constraint
@every_solver
def test_re_dense_starts_from_zeros_and_frees_every_weight(kind, constraint):
    run = Run(kind)
    run.steps(2)
    masks = run.masks()
    run.solver.begin_phase(masks, constraint)
    run.steps(2)
    run.solver.begin_phase({})
    assert run.solver.masks == {}
    assert all(is_plus_zero(w[~kept]) for w, kept in masks.items())
    run.steps(2)  # a unit that lost all its outputs gets a gradient once they have moved
    assert all(w.all() for w in masks), "every weight has moved"


@every_constraint
def test_a_mask_that_keeps_everything_is_dropped(constraint):
    plain, masked = Run("SGD"), Run("SGD")
    ones = {w: torch.ones_like(w, dtype=torch.bool) for w in (masked.w1, masked.w2)}
    masked.solver.begin_phase(ones, constraint)
    assert masked.solver.masks == {}
    assert plain.steps(3) == masked.steps(3)
    assert same(plain.weights(), masked.weights())


@every_constraint
def test_layouts_do_not_matter(constraint):
    weights = torch.randn(4, 3, 2, 5, generator=torch.Generator().manual_seed(8))
    grads = torch.randn(3, 4, 3, 2, 5, generator=torch.Generator().manual_seed(9))
    results = []
    for layout in (torch.contiguous_format, torch.channels_last):
        p = nn.Parameter(weights.clone(memory_format=layout))
        solver = SGD([p], lr=0.1, momentum=0.9, weight_decay=0.01)
        solver.begin_phase({p: magnitude_mask(p, 0.5)}, constraint)
        for grad in grads:
            p.grad = grad.clone(memory_format=layout)
            solver.step()
        assert p.is_contiguous(memory_format=layout)
        assert solver.history([p])[0].is_contiguous(memory_format=layout)
        results.append(p.detach())
    assert torch.equal(*results)
    assert (results[0] == 0).sum() == 60


# Clipping


def clipped_update(constraint: Constraint, scope: ClipScope, kept: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    p = nn.Parameter(torch.zeros_like(grad))
    other = nn.Parameter(torch.zeros(3))  # never masked, always counted
    solver = SGD([p, other], lr=1.0, clip_gradients=0.5)
    solver.begin_phase({p: kept}, constraint, scope)
    p.grad, other.grad = grad.clone(), torch.full((3,), 1e-3)
    solver.step()
    return torch.cat([-p.detach(), -other.detach()])


@pytest.mark.parametrize(("sparsity", "ratio"), [(0.3, 0.84), (0.5, 0.71), (0.8, 0.45)])
def test_clipping_by_all_weights_shrinks_the_survivors_steps(sparsity, ratio):
    kept = torch.arange(1000) % 10 >= 10 * sparsity
    grad = torch.ones(1000)
    updates = {
        (constraint, scope): clipped_update(constraint, scope, kept, grad)
        for constraint, scope in itertools.product(Constraint, ClipScope)
    }
    for scope in ClipScope:
        one, *others = (updates[constraint, scope] for constraint in Constraint)
        assert all(torch.equal(one, other) for other in others), "the scope decides, not the constraint"
    active, every = (updates[Constraint.MASK_BLOB, scope] for scope in (ClipScope.ACTIVE, ClipScope.ALL))
    assert active.norm().item() == pytest.approx(0.5, rel=1e-5)
    shrunk = (every[:1000][kept] / active[:1000][kept]).unique()
    assert shrunk.mean().item() == pytest.approx(math.sqrt(1 - sparsity), rel=1e-4)
    assert round(shrunk.mean().item(), 2) == ratio


@every_constraint
def test_clipping_an_all_pruned_tensor(constraint):
    update = clipped_update(constraint, ClipScope.ACTIVE, torch.zeros(4, dtype=torch.bool), torch.ones(4))
    assert update[:4].tolist() == [0] * 4
    assert update[4:].tolist() == pytest.approx([1e-3] * 3), "norm 0.0017 is below 0.5: not clipped"


# What must not leak


@every_constraint
@every_solver
def test_nan_in_pruned_weights_does_not_leak(kind, constraint):
    clean, dirty = Run(kind, weight_decay=0.01), Run(kind, weight_decay=0.01)
    masks = {run: run.masks() for run in (clean, dirty)}
    row = masks[dirty][dirty.w1].logical_not().nonzero()
    with torch.no_grad():
        for value, (i, j) in zip(itertools.cycle([math.nan, math.inf, -1.0]), row.tolist()):
            dirty.w1[i, j] = value
    for run in (clean, dirty):
        run.solver.begin_phase(masks[run], constraint)
    assert clean.steps(3) == dirty.steps(3)
    assert same(clean.weights(), dirty.weights())


@pytest.mark.parametrize("value", [math.nan, math.inf, -1e30])
@every_constraint
@every_solver
def test_infinite_gradients_of_pruned_weights_do_not_spread(kind, constraint, value):
    p = nn.Parameter(torch.tensor([1.0, 2.0, 3.0]))
    solver = SOLVERS[kind]([p], weight_decay=0.01, **OPTIONS[kind])
    solver.begin_phase({p: torch.tensor([True, False, True])}, constraint)
    for _ in range(3):
        p.grad = torch.tensor([0.5, value, -0.25])
        solver.step()
        assert is_plus_zero(p[1]) and p.isfinite().all()


@every_constraint
@pytest.mark.parametrize("kind", ["AdaGrad", "RMSProp", "AdaDelta", "Adam"])
def test_delta_0_gives_no_nan(kind, constraint):
    p = nn.Parameter(torch.tensor([1.0, 2.0, 3.0]))
    solver = SOLVERS[kind]([p], **(OPTIONS[kind] | {"delta": 0.0}))
    solver.begin_phase({p: torch.tensor([True, False, True])}, constraint)
    for _ in range(2):
        p.grad = torch.tensor([0.5, 0.25, -0.25])
        solver.step()
        assert is_plus_zero(p[1]) and p.isfinite().all()


@every_constraint
@every_solver
def test_carried_momentum_does_not_revive_weights(kind, constraint):
    run = Run(kind, weight_decay=0.01)
    run.steps(10)
    masks = run.masks()
    run.solver.begin_phase(masks, constraint, state_rule=StateRule.CARRY)
    for _ in range(4):
        run.solver.zero_grad()  # nothing but histories could move them now
        run.solver.step()
        assert all(is_plus_zero(w[~kept]) for w, kept in masks.items())


@every_solver
def test_a_state_of_another_constraint_does_not_revive_weights(kind):
    wrote = Run(kind)
    wrote.solver.begin_phase(wrote.masks(), Constraint.ZERO_AFTER_STEP)
    wrote.steps(3)
    history = wrote.solver.history(wrote.params)
    state = wrote.solver.state_dict()
    for how in ("history", "state_dict"):
        read = Run(kind)
        masks = read.masks()
        read.solver.enter(masks, Constraint.MASK_BLOB)
        if how == "history":
            read.solver.load_history(read.params, history)
        else:
            read.solver.load_state_dict(state)
        assert read.solver.state[read.w1][read.solver.slots[0]].any()
        read.steps(2)
        assert all(is_plus_zero(w[~kept]) for w, kept in masks.items())


# Histories


@every_constraint
@every_solver
def test_state_rules(kind, constraint):
    def entered(rule: StateRule) -> tuple[list[torch.Tensor], list[torch.Tensor], Run]:
        run = Run(kind)
        run.steps(3)
        before = [h.clone() for h in run.solver.history(run.params)]
        run.solver.begin_phase(run.masks(), constraint, state_rule=rule)
        return before, run.solver.history(run.params), run

    before, after, run = entered(StateRule.RESET)
    assert all(h.any() for h in before) and not any(h.any() for h in after)
    assert run.solver.fresh_since == 3

    pruned = [~run.solver.masks[p] if p in run.solver.masks else torch.zeros_like(p).bool() for p in run.params]
    pruned *= len(run.solver.slots)
    emptied = [h.masked_fill(gone, 0) for h, gone in zip(before, pruned)]
    before, after, run = entered(StateRule.CARRY_ACTIVE)
    assert same(after, emptied) and run.solver.fresh_since == 0

    before, after, run = entered(StateRule.CARRY)
    assert same(after, emptied if constraint is Constraint.MASK_BLOB else before) and run.solver.fresh_since == 0


def test_carry_active_keeps_what_survived_both_phases():
    p = nn.Parameter(torch.ones(4))
    solver = SGD([p], lr=1.0, momentum=0.5)

    def step():
        p.grad = torch.ones(4)
        solver.step()

    solver.begin_phase({p: torch.tensor([True, True, False, False])}, Constraint.ZERO_AFTER_STEP)
    step()
    assert solver.history([p])[0].tolist() == [1, 1, 1, 1]
    solver.begin_phase(
        {p: torch.tensor([True, False, True, False])}, Constraint.ZERO_AFTER_STEP, state_rule=StateRule.CARRY_ACTIVE
    )
    assert solver.history([p])[0].tolist() == [1, 0, 0, 0]
    step()
    solver.begin_phase({}, state_rule=StateRule.CARRY_ACTIVE)
    assert solver.history([p])[0].tolist() == [1.5, 0, 1, 0]


def test_reset_restarts_adams_correction():
    p = nn.Parameter(torch.zeros(2))
    solver = Adam([p], lr=1.0, momentum=0.9)
    for _ in range(5):
        p.grad = torch.ones(2)
        solver.step()
    solver.reset_state(StateRule.RESET)
    before = p.detach().clone()
    p.grad = torch.tensor([0.25, -4.0])
    solver.step()
    assert (before - p.detach()).tolist() == pytest.approx([1, -1], rel=1e-5), "a fresh Adam's first step is its rate"
    assert solver.iteration == 6


# Wrong use


def test_masks_that_do_not_fit_are_refused():
    run = Run("SGD")
    with pytest.raises(SolverError, match=r"\(6, 9\) for a parameter of shape \(9, 6\)"):
        run.solver.enter({run.w1: torch.zeros(6, 9, dtype=torch.bool)})
    with pytest.raises(SolverError, match="does not train"):
        run.solver.enter({nn.Parameter(torch.zeros(2)): torch.tensor([True, False])})
    assert run.solver.masks == {}
