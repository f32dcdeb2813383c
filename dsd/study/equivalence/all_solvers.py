"""The three constraints under all six solvers, on problems small enough to check by arithmetic.

Survivors: a two-layer net on made-up data, in float64, trained dense and then sparse under each constraint. Pruned
weights: one weight with the same gradient in every iteration, so that everything has a closed form; its first update
after the mask is lifted is given in units of the re-dense rate times the gradient (SGD, Nesterov) or of the re-dense rate
(the others, which divide by the gradient's size).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from dsd.masks.policies.fixed import magnitude_mask
from dsd.solver.choices import ClipScope, Constraint, StateRule
from dsd.solver.rules import SOLVERS
from dsd.study.equivalence.findings import MOMENTUM
from dsd.study.text_table import TextTable

ANSWER = (
    "Is zeroing after each step the same as a mask blob? For surviving weights yes, to the bit and for every "
    "solver, as long as the pruned weights are zero before the first forward pass, zeroing happens inside the "
    "step, and no norm couples them: with `clip_gradients`, a mask blob keeps pruned weights out of the norm and "
    "zeroing does not, unless told to; here `clip_scope` says so for every constraint (ACTIVE, the default, or "
    "ALL). For the hidden history of pruned weights no: zeroing goes on collecting it, a mask blob leaves it "
    "empty. That shows when the mask is lifted, and only if the solver's state is carried on (`solver_state: "
    "CARRY`). With a fresh solver for each phase (`solver_state: RESET`, the default) they are one method."
)

SPARSE_RATE, RE_DENSE_RATE = 1e-2, 1e-3
ITERATIONS = 1000  # of the sparse phase: a mean that forgets 1% an iteration has settled to four digits
GRADIENT = 0.5


@dataclass(frozen=True)
class Case:
    """A solver with its options, the length of its sparse phase and the number of re-dense updates to record."""

    kind: str
    options: dict[str, Any]
    iterations: int = ITERATIONS
    updates: int = 1

    def __str__(self) -> str:
        options = ", ".join(f"{name} {value:g}" for name, value in self.options.items())
        return f"{self.kind} ({options})" if options else self.kind


CASES = (
    Case("SGD", {"momentum": 0.9}),
    Case("Nesterov", {"momentum": 0.9}),
    Case("AdaGrad", {}, 3000),
    Case("RMSProp", {"rms_decay": 0.99}),
    Case("RMSProp", {"rms_decay": 0.98}),
    Case("AdaDelta", {"momentum": 0.95, "delta": 1e-6}),
    Case("Adam", {"momentum": 0.9, "momentum2": 0.999}, 7000, 50),
)


def first_updates(case: Case, constraint: Constraint, rule: StateRule) -> tuple[float, list[float]]:
    """The largest history of the pruned weight at the end of the sparse phase, and its re-dense updates in their unit."""
    p = nn.Parameter(torch.tensor([0.25, 2.0], dtype=torch.float64))
    solver = SOLVERS[case.kind]([p], lr=SPARSE_RATE, **case.options)

    def step() -> None:
        p.grad = torch.full_like(p, GRADIENT)
        solver.step()

    solver.begin_phase({p: torch.tensor([False, True])}, constraint, state_rule=rule)
    for _ in range(case.iterations if rule is not StateRule.RESET else 20):  # RESET discards them
        step()
    history = max(abs(h[0].item()) for h in solver.history([p]))
    solver.begin_phase({}, state_rule=rule)
    solver.param_groups[0]["lr"] = RE_DENSE_RATE
    unit = RE_DENSE_RATE * (GRADIENT if case.kind in MOMENTUM else 1.0)
    updates = []
    for _ in range(case.updates):
        before = p[0].item()
        step()
        updates.append((before - p[0].item()) / unit)
    return history, updates


def survivors(
    case: Case, constraint: Constraint, clip: float = -1.0, scope: ClipScope = ClipScope.ACTIVE
) -> list[Tensor]:
    """The weights of a small net after 50 dense and 200 sparse iterations at 50% sparsity, momentum carried over."""
    random = torch.Generator().manual_seed(7)
    x = torch.randn(64, 11, dtype=torch.float64, generator=random)
    y = torch.tanh(x @ torch.randn(11, 3, dtype=torch.float64, generator=random))
    w1 = nn.Parameter(0.3 * torch.randn(11, 13, dtype=torch.float64, generator=random))
    w2 = nn.Parameter(0.3 * torch.randn(13, 3, dtype=torch.float64, generator=random))
    rate = 1.0 if case.kind == "AdaDelta" else SPARSE_RATE
    solver = SOLVERS[case.kind]([w1, w2], lr=rate, weight_decay=1e-3, clip_gradients=clip, **case.options)
    for iteration in range(250):
        if iteration == 50:
            masks: dict[Tensor, Tensor] = {w: magnitude_mask(w.detach(), 0.5) for w in (w1, w2)}
            solver.begin_phase(masks, constraint, scope, StateRule.CARRY)
        rows = slice(iteration % 4 * 16, iteration % 4 * 16 + 16)
        solver.zero_grad()
        gradient_of = (torch.tanh(x[rows] @ w1) @ w2 - y[rows]).square().mean()
        gradient_of.backward()
        if iteration >= 50 and constraint is Constraint.MASK_BLOB:  # the layer computes with the masked weight
            for w, kept in masks.items():
                if w.grad is not None:
                    w.grad[~kept] = 0.0
        solver.step()
    return [w1.detach(), w2.detach()]


def furthest(case: Case, clip: float = -1.0, scope: ClipScope = ClipScope.ACTIVE) -> float:
    """The largest difference of any weight between MASK_BLOB with clip_scope ACTIVE and the other two constraints."""
    reference, *others = (survivors(case, constraint, clip, scope) for constraint in Constraint)
    return max(float((a - b).abs().max()) for other in others for a, b in zip(reference, other, strict=True))


def table(clip: float = 0.05) -> TextTable:
    """A row for each solver. ``clip`` is the `clip_gradients` of the columns that clip."""
    table = TextTable(
        "Mask blob against zero after step (masking the update is the same as the latter), all six solvers",
        ["solver", "survivors, no clipping", "survivors, clip ACTIVE", "survivors, clip ALL",
         "history of pruned, zero after step", "history, mask blob", "first re-dense update, CARRY, zero after step",
         "first update, CARRY, mask blob", "first update, RESET, either", "unit"])
    for case in CASES:
        apart = [furthest(case), furthest(case, clip), furthest(case, clip, ClipScope.ALL)]
        zeroed, masked = (
            first_updates(case, c, StateRule.CARRY) for c in (Constraint.ZERO_AFTER_STEP, Constraint.MASK_BLOB))
        fresh = [first_updates(case, c, StateRule.RESET)[1] for c in Constraint]
        table.rows.append([
            str(case), *(f"{x:.1g}" if x else "0" for x in apart), short(zeroed[0]), short(masked[0]),
            course(zeroed[1]), course(masked[1]), course(fresh[0]) if fresh[0] == fresh[1] == fresh[2] else "differ",
            "rate x gradient" if case.kind in MOMENTUM else "rate"])
    return table


def course(updates: list[float]) -> str:
    """The first update, and the highest if a later one is well above it: ``3.16, up to 6.5``."""
    highest = max(updates)
    return short(updates[0]) if highest < 1.1 * updates[0] else f"{short(updates[0])}, up to {short(highest)}"


def short(value: float) -> str:
    """Three digits, without an exponent from 0.001 to 1000."""
    if value == 0:
        return "0"
    return f"{value:.3g}" if 1e-3 <= abs(value) < 1000 else f"{value:.1e}"
