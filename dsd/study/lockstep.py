"""The three constraints on a user's own solver, side by side: where they are one method, and where they part.

Trainers take the same step on the same batch and are compared to the bit after each. This is done for every combination
of what decides the answer: `solver_state` RESET and CARRY, `clip_gradients` off and on, counting active or all weights.
All are compared with what a mask blob inside a layer does: pruned weights get no gradient, so none counts in the norm.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

import torch
from torch import Tensor

from dsd.plan.nets import need_data
from dsd.plan.phases import DsdPhase, plan_phases
from dsd.study.arms import Phases, edited, is_sparse, messages_of
from dsd.study.layout import Sheet
from dsd.study.plan import with_phases
from dsd.training.events import Observer
from dsd.training.trainer import Trainer
from netdef.definition.definitions import SolverDefinition
from netdef.schema.messages import SolverParameter

CONSTRAINTS = ("MASK_BLOB", "ZERO_AFTER_STEP", "MASK_UPDATE")
SHORT = {"MASK_BLOB": "mask-blob", "ZERO_AFTER_STEP": "zero-after-step", "MASK_UPDATE": "mask-update"}
MOMENTUM = ("SGD", "Nesterov")  # the rules whose update is proportional to the gradient


@dataclass(frozen=True)
class Setting:
    """``state`` is a `solver_state`; ``clip`` is None for no clipping, or the `clip_scope`."""

    state: str
    clip: str | None

    def __str__(self) -> str:
        return f"solver_state {self.state}, " + (f"clip_scope {self.clip}" if self.clip else "no clip_gradients")


@dataclass(frozen=True)
class Outcome:
    """One constraint under one setting. Differences are to MASK_BLOB with clip_scope ACTIVE, largest absolute values
    over a phase.

    ``survivors`` and ``loss`` are of the sparse phase, ``history`` is what is stored of pruned weights at its end.
    ``first_update`` is the root mean square of the first re-dense updates of reborn weights, in units of the rate times
    that of their gradients (SGD, Nesterov) or of the rate (others). ``after`` is the largest difference of any weight in
    the re-dense phase. None where there is no re-dense phase, or no gradient in it. ``parts`` is the first iteration,
    counted from 1, after which any weight differs; ``parts_from_blob`` the same against MASK_BLOB under this setting.
    ``clipped`` counts the iterations of the sparse phase whose gradients, all counted, exceed the limit.
    """

    setting: Setting
    constraint: str
    survivors: float
    loss: float
    history: float
    first_update: float | None
    after: float | None
    parts: int | None
    parts_from_blob: int | None
    clipped: int


@dataclass(frozen=True)
class Equivalence:
    """All outcomes. ``own`` is the solver's setting as it stands, ``clip`` the threshold used where clipping is on."""

    solver_type: str
    phases: tuple[DsdPhase, ...]
    own: Setting
    clip: float
    clip_is_own: bool
    outcomes: tuple[Outcome, ...]

    def table(self) -> Sheet:
        """A row a setting and constraint; constraints that are one to the bit share a row."""
        unit = "the rate x the gradient" if self.solver_type in MOMENTUM else "the rate"
        sheet = Sheet(
            f"{self.solver_type}: largest differences to mask-blob (ACTIVE), 0 is the same bits; first update of reborn"
            f" weights in units of {unit}",
            ["state", "clip", "constraint", "survivors", "loss", "history of pruned", "first update", "re-dense weights",
             "parts at"], 3)
        for setting, group in itertools.groupby(self.outcomes, key=lambda o: o.setting):
            sheet.breaks.add(len(sheet.rows))
            clip = f"{self.clip:.3g}, {setting.clip}" if setting.clip else "off"
            shared: dict[Outcome, list[str]] = {}
            for outcome in group:
                shared.setdefault(replace(outcome, constraint=""), []).append(SHORT[outcome.constraint])
            for o, names in shared.items():
                sheet.rows.append([
                    setting.state, clip, ", ".join(names), number(o.survivors), number(o.loss), number(o.history),
                    number(o.first_update), number(o.after), "never" if o.parts is None else str(o.parts)])
        return sheet

    def sentences(self) -> list[str]:
        """The verdict on the solver as it stands, then what would change it."""
        said = [f"Verdict: as this solver stands ({self.own}), {self._verdict(self.own)}"]
        others = [setting for setting in dict.fromkeys(o.setting for o in self.outcomes) if setting != self.own]
        same = [str(setting) for setting in others if not self._apart(setting)]
        if same:
            said.append(f"One method, too, with {'; '.join(same)}.")
        said += [f"With {setting}: {self._verdict(setting)}" for setting in others if self._apart(setting)]
        ran = ", ".join(f"{p.length} {p.name}" for p in self.phases)
        said.append(f"Iterations compared, bit by bit: {ran}.")
        if not self.clip_is_own:
            said.append(
                f"The solver clips no gradients; {self.clip:.3g}, the median norm in the sparse phase, stands for"
                " `clip_gradients` where clipping is on.")
        elif not any(o.clipped for o in self.outcomes):
            said.append(
                f"No gradient here came to `clip_gradients` {self.clip:.3g}, so that clipping was not put to the test.")
        return said

    def _of(self, setting: Setting) -> list[Outcome]:
        return [o for o in self.outcomes if o.setting == setting]

    def _apart(self, setting: Setting) -> bool:
        return any(o.parts is not None or o.parts_from_blob is not None for o in self._of(setting))

    def _verdict(self, setting: Setting) -> str:
        blob, *others = self._of(setting)
        if not self._apart(setting):
            return "the three constraints are one method, the same bits in every weight and loss."
        said = []
        if blob.parts is not None:
            said.append(
                "the gradients of pruned weights count in the norm, which a mask inside the layer does not let them;"
                f" from iteration {blob.parts} on survivors are clipped differently, by up to {number(blob.survivors)} in"
                f" a weight and {number(blob.loss)} in the loss of the sparse phase, under every constraint")
        apart = [o for o in others if o.parts_from_blob is not None]
        if apart:
            names = " and ".join(SHORT[o.constraint] for o in apart)
            unit = "the rate times the gradient" if self.solver_type in MOMENTUM else "the rate"
            said.append(
                f"{names} part{'s' if len(apart) == 1 else ''} from mask-blob at iteration {apart[0].parts_from_blob}, when"
                f" the mask is lifted: they have a history of pruned weights (up to {number(apart[0].history)} against"
                f" {number(blob.history)}), so that the first update of a reborn weight is"
                f" {number(apart[0].first_update)} against {number(blob.first_update)} times {unit}")
        elif said:
            said.append("with one another the three are one method")
        return "; ".join(said) + "."


def run_lockstep(
    solver: SolverDefinition,
    iterations: int = 50,
    *,
    sparsity: float | None = None,
    seed: int | None = None,
    device: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Equivalence:
    """Compare on the phases up to the first sparse one and the one after it, each cut to ``iterations``.

    On the CPU unless ``device`` is given, because bits are compared. ``progress`` is told the steps done and the steps
    in all. Raises `SpecError` for a solver without a sparse phase or with one that takes only one constraint.
    """
    phases = plan_phases(solver, sparsity=sparsity)
    if not any(phase.sparse for phase in phases):
        raise solver.refuse(
            "has no sparse phase in which constraints could differ; give `dsd_phase`s, or --sparsity 0.3")
    texts = messages_of(phases, solver.message.dsd_phase)
    sparse = next(i for i, phase in enumerate(texts) if is_sparse(phase))
    surgery = [i for i in range(sparse, min(sparse + 2, len(phases))) if phases[i].policy.learns_under_mask]
    if surgery:
        raise solver.refuse(
            "lets pruned weights learn under the mask, which is a constraint of its own: there is nothing to compare it"
            " with", "dsd_phase", surgery[0], "mask_policy")
    texts = tuple(edited(t, max_iter=min(t.max_iter, iterations)) for t in texts[: sparse + 2])
    given = solver.message.clip_gradients
    last = phases[min(sparse + 1, len(phases) - 1)]
    own = Setting(last.solver_state, phases[sparse].clip_scope if given >= 0 else None)
    fields = list(itertools.product(dict.fromkeys(("RESET", "CARRY", own.state)), ((None,), ("ACTIVE", "ALL"))))
    total = len(fields) * sum(t.max_iter for t in texts)
    clip = given if given > 0 else math.nan
    outcomes: list[Outcome] = []
    for number_done, (state, clips) in enumerate(fields):
        racers = {
            (Setting(state, scope), constraint): _variant(solver, texts, Setting(state, scope), constraint, clip)
            for scope in clips for constraint in CONSTRAINTS
        }
        race = _Race(racers, sparse, seed, device)
        before = number_done * total // len(fields)
        outcomes += race.run(lambda done, before=before: progress(before + done, total))
        if math.isnan(clip):
            clip = float(f"{race.median_norm():.3g}")
    return Equivalence(solver.message.type, race.phases, own, clip, given > 0, tuple(outcomes))


def _variant(solver: SolverDefinition, texts: Phases, setting: Setting, constraint: str, clip: float) -> SolverDefinition:
    """The solver with a constraint and a setting, without tests and snapshots."""
    bare = SolverParameter()
    bare.CopyFrom(solver.message)
    for field in ("test_iter", "test_net", "test_net_param", "test_state", "test_interval", "snapshot", "display"):
        bare.ClearField(field)
    bare.clip_gradients = clip if setting.clip else -1.0
    sparse = {"constraint": constraint, "clip_scope": setting.clip or "ACTIVE"}
    return with_phases(replace(solver, message=bare), tuple(
        edited(t, solver_state=setting.state, **(sparse if is_sparse(t) else {})) for t in texts))


class _Watch(Observer):
    """Notes the norm of each iteration's gradients, and keeps the gradients when asked."""

    def __init__(self) -> None:
        self.norms: list[float] = []
        self.gradients: dict[Tensor, Tensor] | None = None

    def iterated(self, trainer: Trainer, outputs: dict[str, Tensor], rate: float) -> None:
        tensors = [e.tensor for e in trainer.net.learnable if e.lr_mult != 0 and e.tensor.grad is not None]
        self.norms.append(float(torch.stack([t.grad.double().norm() for t in tensors]).norm()))
        if self.gradients is not None:
            self.gradients = {t: t.grad.clone() for t in tensors}


class _Race:
    """Trainers side by side. The first is what the others are compared with."""

    def __init__(
        self, racers: dict[tuple[Setting, str], SolverDefinition], sparse: int, seed: int | None, device: str | None
    ):
        specs = list(racers.values())
        first = Trainer(specs[0], device or "cpu", seed=seed)
        need_data(first.net)
        self.names = list(racers)
        self.trainers = [first, *(Trainer(spec, device or "cpu", seed=first.seed) for spec in specs[1:])]
        self.phases, self.sparse = first.phases, first.phases[sparse]
        self.watch = _Watch()
        first.observers.append(self.watch)

    def median_norm(self) -> float:
        """Of the gradients of the sparse phase, pruned weights included."""
        return median(self._norms())

    def run(self, progress: Callable[[int], None]) -> list[Outcome]:
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
            Outcome(*self.names[i], survivors[i], loss[i], history[i], updates[i],
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
    """Take the first re-dense step and measure what it does to reborn weights; see `Outcome.first_update`."""
    pruned = {trainer.mask_weight(key): ~kept for key, kept in trainer.masks.items()}
    mults = {e.tensor: 1.0 if e.lr_mult is None else e.lr_mult for e in trainer.net.learnable}
    rate, watch = trainer.rate, _Watch()
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


def number(value: float | None) -> str:
    """Three digits; 0 is exactly 0, nothing is an empty cell."""
    return "" if value is None else "0" if value == 0 else f"{value:.3g}"
