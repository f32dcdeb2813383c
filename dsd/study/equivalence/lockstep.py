"""Train a solver under the three constraints in lockstep, and compare the weights to the bit after each step.

All trainers take the same step on the same batch, under every combination of the settings that matter: `solver_state`
RESET and CARRY, `clip_gradients` off and on, counting active or all weights. The reference is a mask blob inside a layer:
pruned weights get no gradient, so none counts in the norm.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import partial
from statistics import median

import torch
from torch import Tensor

from dsd.masks.policies.base import prunes
from dsd.plan.nets import need_data
from dsd.plan.prepare import RunOptions, read_run
from dsd.study.arms import Phases, edited, messages_of
from dsd.study.equivalence.findings import CONSTRAINTS, MOMENTUM, ConstraintResult, Equivalence, Setting
from dsd.study.plan import with_phases
from dsd.training.events import Observer
from dsd.training.run import Run
from dsd.training.trainer import Trainer
from netdef.definition.definitions import SolverDefinition


def run_lockstep(
    solver: SolverDefinition,
    iterations: int = 50,
    *,
    sparsity: float | None = None,
    seed: int | None = None,
    device: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Equivalence:
    """Compare the constraints in the phases up to the first sparse one and the one after it, each cut to ``iterations``.

    On the CPU unless ``device`` is given, because bits are compared. ``progress`` is called with the steps done and the
    steps in all. Raises `SpecError` for a solver without a sparse phase or with one that takes only one constraint.
    """
    phases = read_run(solver, RunOptions(sparsity)).phases
    if not any(phase.sparse for phase in phases):
        raise solver.refuse(
            "has no sparse phase in which constraints could differ; give `dsd_phase`s, or --sparsity 0.3")
    texts = messages_of(phases, solver.message.dsd_phase)
    sparse = next(i for i, phase in enumerate(texts) if prunes(phase))
    surgery = [i for i in range(sparse, min(sparse + 2, len(phases))) if phases[i].policy.learns_under_mask]
    if surgery:
        raise solver.refuse(
            "lets pruned weights learn under the mask, which is a constraint of its own: there is nothing to compare it"
            " with", "dsd_phase", surgery[0], "mask_policy")
    texts = tuple(edited(t, max_iter=min(t.max_iter, iterations)) for t in texts[: sparse + 2])
    given = solver.message.clip_gradients
    last = phases[min(sparse + 1, len(phases) - 1)]
    own = Setting(last.solver_state.name, phases[sparse].clip_scope.name if given >= 0 else None)
    fields = list(itertools.product(dict.fromkeys(("RESET", "CARRY", own.state)), ((None,), ("ACTIVE", "ALL"))))
    total = len(fields) * sum(t.max_iter for t in texts)
    clip = given if given > 0 else math.nan
    results: list[ConstraintResult] = []
    for number_done, (state, clips) in enumerate(fields):
        variants = {
            (Setting(state, scope), constraint): _variant(solver, texts, Setting(state, scope), constraint, clip)
            for scope in clips for constraint in CONSTRAINTS
        }
        lockstep = _Lockstep(variants, sparse, seed, device)
        before = number_done * total // len(fields)
        results += lockstep.run(partial(_report, progress, before, total))
        if math.isnan(clip):
            clip = float(f"{lockstep.median_norm():.3g}")
    return Equivalence(solver.message.type, lockstep.phases, own, clip, given > 0, tuple(results))


def _report(progress: Callable[[int, int], None], before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _variant(solver: SolverDefinition, texts: Phases, setting: Setting, constraint: str, clip: float) -> SolverDefinition:
    """The solver with a constraint and a setting, without tests and snapshots."""
    bare = deepcopy(solver.message)
    for field in ("test_iter", "test_net", "test_net_param", "test_state", "test_interval", "snapshot", "display"):
        bare.ClearField(field)
    bare.clip_gradients = clip if setting.clip else -1.0
    sparse = {"constraint": constraint, "clip_scope": setting.clip or "ACTIVE"}
    return with_phases(replace(solver, message=bare), tuple(
        edited(t, solver_state=setting.state, **(sparse if prunes(t) else {})) for t in texts))


class _GradientWatch(Observer):
    """Record the norm of each iteration's gradients, and the gradients themselves once ``gradients`` is set."""

    def __init__(self) -> None:
        self.norms: list[float] = []
        self.gradients: dict[Tensor, Tensor] | None = None

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        gradients = {
            e.tensor: e.tensor.grad for e in run.net.learnable if e.lr_mult != 0 and e.tensor.grad is not None}
        self.norms.append(float(torch.stack([gradient.double().norm() for gradient in gradients.values()]).norm()))
        if self.gradients is not None:
            self.gradients = {tensor: gradient.clone() for tensor, gradient in gradients.items()}


class _Lockstep:
    """Trainers that step together; the others are compared with the first."""

    def __init__(
        self, variants: dict[tuple[Setting, str], SolverDefinition], sparse: int, seed: int | None, device: str | None
    ):
        specs = list(variants.values())
        first = Trainer(specs[0], device or "cpu", seed=seed)
        need_data(first.net)
        self.names = list(variants)
        self.trainers = [first, *(Trainer(spec, device or "cpu", seed=first.seed) for spec in specs[1:])]
        self.phases, self.sparse = first.phases, first.phases[sparse]
        self.watch = _GradientWatch()
        first.observers.append(self.watch)

    def median_norm(self) -> float:
        """Median norm of the gradients of the sparse phase, pruned weights included."""
        return median(self._norms())

    def run(self, progress: Callable[[int], None]) -> list[ConstraintResult]:
        first, every = self.trainers[0], range(len(self.trainers))
        survivors, loss, after = ([0.0] * len(every) for _ in range(3))
        parts: list[int | None] = [None] * len(every)
        parts_from_blob = list(parts)
        history: list[float] = []
        updates: list[float | None] = [None] * len(every)
        end = self.sparse.end
        for iteration in range(first.max_iter):
            if iteration == end:
                updates = [_first_update(t) for t in self.trainers]
            else:
                for trainer in self.trainers:
                    trainer.step()
            for i, trainer in enumerate(self.trainers):
                apart = _distance(first, trainer)
                if apart and parts[i] is None:
                    parts[i] = iteration + 1
                blob = self.trainers[i - i % len(CONSTRAINTS)]
                if parts_from_blob[i] is None and _distance(blob, trainer):
                    parts_from_blob[i] = iteration + 1
                if iteration >= end:
                    after[i] = max(after[i], apart)
                else:
                    survivors[i] = max(survivors[i], apart)
                    loss[i] = max(loss[i], abs(trainer.recent_losses[-1] - first.recent_losses[-1]))
            if iteration + 1 == end:
                history = [_largest_history(t) for t in self.trainers]
            progress(iteration + 1)
        limit = first.solver.clip_gradients
        clipped = sum(0 <= limit < norm for norm in self._norms())
        return [
            ConstraintResult(*self.names[i], survivors[i], loss[i], history[i], updates[i],
                    after[i] if first.max_iter > end else None, parts[i], parts_from_blob[i], clipped)
            for i in every
        ]

    def _norms(self) -> list[float]:
        return self.watch.norms[self.sparse.start : self.sparse.end]


def _distance(one: Trainer, other: Trainer) -> float:
    """The largest absolute difference of any learnable weight; NaN in one and not the other is infinite."""
    worst = 0.0
    for a, b in zip(one.net.learnable, other.net.learnable, strict=True):
        x, y = a.tensor.detach(), b.tensor.detach()
        if not torch.equal(x, y):
            difference = (x.double() - y.double()).abs().masked_fill(x.isnan() & y.isnan(), 0.0)
            worst = max(worst, float(difference.nan_to_num(nan=math.inf).max()))
    return worst


def _largest_history(trainer: Trainer) -> float:
    """The largest absolute number that the solver stores of a pruned weight."""
    worst = 0.0
    for key, kept in trainer.masks.items():
        for name in trainer.solver.slots:
            stored = trainer.solver.slot([trainer.mask_weight(key)], name)[0][~kept]
            worst = max(worst, float(stored.abs().max()) if len(stored) else 0.0)
    return worst


def _first_update(trainer: Trainer) -> float | None:
    """Take the first re-dense step and measure the update of reborn weights; see `ConstraintResult.first_update`."""
    pruned = {trainer.mask_weight(key): ~kept for key, kept in trainer.masks.items()}
    mults = {e.tensor: 1.0 if e.lr_mult is None else e.lr_mult for e in trainer.net.learnable}
    rate, watch = trainer.rate, _GradientWatch()
    watch.gradients = {}
    trainer.observers.append(watch)
    before = {weight: weight.detach().clone() for weight in pruned}
    trainer.step()
    trainer.observers.remove(watch)
    # As the rule saw it: clipped by the norm of all gradients (nothing is masked now), divided by the passes.
    limit = trainer.solver.clip_gradients
    scale = (limit / watch.norms[-1] if 0 <= limit < watch.norms[-1] else 1.0) / trainer.settings.iter_size
    moved, gradients = [], []
    for weight, which in pruned.items():
        if mults[weight]:
            moved.append(((before[weight] - weight.detach()) / mults[weight])[which].double())
            gradients.append(watch.gradients[weight][which].double() * scale)
    size = float(torch.cat(moved).square().mean().sqrt()) if moved else math.nan
    unit = rate
    if moved and trainer.settings.type in MOMENTUM:
        unit *= float(torch.cat(gradients).square().mean().sqrt())
    return size / unit if unit and math.isfinite(size) else None
