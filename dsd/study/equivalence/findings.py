"""The result of comparing the three constraints on a solver: numbers, a table, sentences."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from dsd.plan.phases import DsdPhase
from dsd.study.text_table import TextTable

CONSTRAINTS = ("MASK_BLOB", "ZERO_AFTER_STEP", "MASK_UPDATE")
SHORT = {"MASK_BLOB": "mask-blob", "ZERO_AFTER_STEP": "zero-after-step", "MASK_UPDATE": "mask-update"}
MOMENTUM = ("SGD", "Nesterov")  # the rules whose update is proportional to the gradient


@dataclass(frozen=True)
class Setting:
    """The settings that decide whether the constraints differ: ``state`` is a `solver_state`, ``clip`` a `clip_scope` or None."""

    state: str
    clip: str | None

    def __str__(self) -> str:
        return f"solver_state {self.state}, " + (f"clip_scope {self.clip}" if self.clip else "no clip_gradients")


@dataclass(frozen=True)
class ConstraintResult:
    """One constraint under one setting, compared with MASK_BLOB and clip_scope ACTIVE.

    Differences are the largest absolute ones of a phase.

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
    """The results of every constraint under every setting.

    ``own`` is the solver's setting as it stands, ``clip`` the threshold used where clipping is on.
    """

    solver_type: str
    phases: tuple[DsdPhase, ...]
    own: Setting
    clip: float
    clip_is_own: bool
    results: tuple[ConstraintResult, ...]

    def table(self) -> TextTable:
        """A row for each setting and constraint; constraints that agree to the bit share a row."""
        unit = "the rate x the gradient" if self.solver_type in MOMENTUM else "the rate"
        table = TextTable(
            f"{self.solver_type}: largest differences to mask-blob (ACTIVE), 0 is the same bits; first update of reborn"
            f" weights in units of {unit}",
            ["state", "clip", "constraint", "survivors", "loss", "history of pruned", "first update", "re-dense weights",
             "parts at"], 3)
        for setting, group in itertools.groupby(self.results, key=lambda result: result.setting):
            table.breaks.add(len(table.rows))
            clip = f"{self.clip:.3g}, {setting.clip}" if setting.clip else "off"
            shared: dict[ConstraintResult, list[str]] = {}
            for result in group:
                shared.setdefault(replace(result, constraint=""), []).append(SHORT[result.constraint])
            for o, names in shared.items():
                table.rows.append([
                    setting.state, clip, ", ".join(names), number(o.survivors), number(o.loss), number(o.history),
                    number(o.first_update), number(o.after), "never" if o.parts is None else str(o.parts)])
        return table

    def sentences(self) -> list[str]:
        """The verdict on the solver as it stands, then what would change it."""
        sentences = [f"Verdict: as this solver stands ({self.own}), {self._verdict(self.own)}"]
        others = [setting for setting in dict.fromkeys(o.setting for o in self.results) if setting != self.own]
        same = [str(setting) for setting in others if not self._apart(setting)]
        if same:
            sentences.append(f"Also one method with {'; '.join(same)}.")
        sentences += [f"With {setting}: {self._verdict(setting)}" for setting in others if self._apart(setting)]
        ran = ", ".join(f"{p.length} {p.name}" for p in self.phases)
        sentences.append(f"Iterations compared, bit by bit: {ran}.")
        if not self.clip_is_own:
            sentences.append(
                f"The solver clips no gradients; {self.clip:.3g}, the median norm in the sparse phase, stands for"
                " `clip_gradients` where clipping is on.")
        elif not any(o.clipped for o in self.results):
            sentences.append(
                f"No gradient here came to `clip_gradients` {self.clip:.3g}, so that clipping was not put to the test.")
        return sentences

    def _of(self, setting: Setting) -> list[ConstraintResult]:
        return [o for o in self.results if o.setting == setting]

    def _apart(self, setting: Setting) -> bool:
        return any(o.parts is not None or o.parts_from_blob is not None for o in self._of(setting))

    def _verdict(self, setting: Setting) -> str:
        blob, *others = self._of(setting)
        if not self._apart(setting):
            return "the three constraints are one method, the same bits in every weight and loss."
        parts = []
        if blob.parts is not None:
            parts.append(
                "the gradients of pruned weights count in the norm, which a mask inside the layer does not let them;"
                f" from iteration {blob.parts} on survivors are clipped differently, by up to {number(blob.survivors)} in"
                f" a weight and {number(blob.loss)} in the loss of the sparse phase, under every constraint")
        apart = [o for o in others if o.parts_from_blob is not None]
        if apart:
            names = " and ".join(SHORT[o.constraint] for o in apart)
            unit = "the rate times the gradient" if self.solver_type in MOMENTUM else "the rate"
            parts.append(
                f"{names} part{'s' if len(apart) == 1 else ''} from mask-blob at iteration {apart[0].parts_from_blob}, when"
                f" the mask is lifted: they have a history of pruned weights (up to {number(apart[0].history)} against"
                f" {number(blob.history)}), so that the first update of a reborn weight is"
                f" {number(apart[0].first_update)} against {number(blob.first_update)} times {unit}")
        elif parts:
            parts.append("with one another the three are one method")
        return "; ".join(parts) + "."


def number(value: float | None) -> str:
    """Three digits; ``0`` only for exactly 0; nothing for None."""
    return "" if value is None else "0" if value == 0 else f"{value:.3g}"
