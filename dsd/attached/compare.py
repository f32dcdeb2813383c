"""The study of a user's own training function: seeds, arms and controls, with statistics and a page."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dsd.attached.phases import AttachedPhase, AttachError, Dense, read_phases
from dsd.report.study_page import report_study
from dsd.study.describe import missing, sentence, table
from dsd.study.metric import Metric
from dsd.study.recorded_study import RecordedStudy
from dsd.study.run_folder import read_json
from dsd.study.statistics import PairedComparison, holm
from dsd.study.study import need_extra
from dsd.study.study_file import arm_facts, compare_seeds, write_content
from netdef.errors import FileError

Phases = Sequence[Dense]
Train = Callable[[int, Phases], float]
"""Trains with a seed through phases; returns the score on data that it was not trained on."""


@dataclass(frozen=True)
class Comparison:
    """The result of `compare`. As text it is a sentence for each arm, and a table.

    ``scores`` is {arm: {seed: score}}, NaN where a score was not finite; ``files`` are those that were written.
    """

    scores: dict[str, dict[int, float]]
    comparisons: list[PairedComparison]
    metric: Metric
    files: list[Path]

    def __str__(self) -> str:
        sentences = [sentence(c, self.metric, self.comparisons) for c in self.comparisons]
        sentences += missing(max(map(len, self.scores.values())), self.comparisons)
        return "\n\n".join([*sentences, table(self.comparisons, self.metric).markdown()])


def compare(
    train: Train, phases: Phases | Mapping[str, Phases], seeds: int | Sequence[int] = 5, *, metric: str = "accuracy",
    steps_per_epoch: int | None = None, out: str | Path | None = None,
) -> Comparison:
    """Train with each seed through the phases, and as a control through phases of the same lengths and rates without masks.

    Args:
        train: called with a seed and phases, which it gives to `attach`. All that is random in it must follow from the seed,
            so that an arm and its control have the same first weights and batches.
        phases: of one arm, "dsd", or {arm: phases}.
        seeds: how many, from 1, or which.
        metric: what ``train`` returns. ``accuracy``, and what begins so, is a share of 1, and counts as an error in
            percent. Anything else is an error itself, the smaller the better.
        steps_per_epoch: as for `attach`.
        out: a folder for ``study.json``, written after each run, and ``report/report.html``. Runs that it has already are not
            done again; take it away when the function changes.

    Needs the extra `study`. Raises `FileError` if ``out`` has a study of other phases.
    """
    need_extra()
    study = _study(phases, seeds, Metric(metric, metric.startswith("accuracy")), steps_per_epoch)
    file = None if out is None else Path(out) / "study.json"
    if file is not None:
        study.read(file)
    for seed in study.seeds:
        for arm, its_phases in study.arms.items():
            if (arm, seed) not in study.runs:
                began = time.monotonic()
                score = _number(train(seed, its_phases), seed, metric)
                study.add(arm, seed, score, time.monotonic() - began)
                if file is not None:
                    study.write(file)
    files = []
    if file is not None:
        files = [file, *report_study(RecordedStudy(file)).write(file.parent / "report")]
    return Comparison(study.scores(), study.comparisons(), study.metric, files)


def _number(score: object, seed: int, metric: str) -> float:
    """The result of a training function as a number.

    Raises TypeError if it is none, and ValueError for an accuracy above 1, which is a percentage and not a share.
    """
    try:
        number = float(score)  # type: ignore[arg-type]  # a tensor or an array of one element, too
    except (TypeError, ValueError):
        raise TypeError(f"the training function returned a {type(score).__name__} for seed {seed}; it must return the {metric} "
                        "as a number") from None
    if metric.startswith("accuracy") and not math.isnan(number) and not 0 <= number <= 1:
        raise ValueError(f"the training function returned {number:g} for seed {seed}; an accuracy lies between 0 and 1, and "
                         'another score has another name: metric="loss"')
    return number


@dataclass
class _Study:
    """Arms, controls first, and the finished runs: {(arm, seed): entry of ``study.json``}."""

    seeds: list[int]
    metric: Metric
    arms: dict[str, Phases]
    controls: dict[str, str]
    planned: dict[str, tuple[AttachedPhase, ...]]
    runs: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr((self.planned, self.metric)).encode()).hexdigest()

    def add(self, arm: str, seed: int, score: float, seconds: float) -> None:
        last = self.planned[arm][-1]
        outputs = {self.metric.name: score if math.isfinite(score) else None}
        self.runs[arm, seed] = {
            "arm": arm, "seed": seed, "digest": self.digest, "iterations": last.end, "seconds": round(seconds, 2), "kept": {},
            "final": self.metric.error(outputs), "tests": [{"iteration": last.end, "phase": last.name, "outputs": outputs}]}

    def scores(self) -> dict[str, dict[int, float]]:
        found: dict[str, dict[int, float]] = {arm: {} for arm in self.arms}
        for (arm, seed), run in self.runs.items():
            score = run["tests"][0]["outputs"][self.metric.name]
            found[arm][seed] = math.nan if score is None else score
        return found

    def comparisons(self) -> list[PairedComparison]:
        return holm([
            compare_seeds(arm, control, self.planned[arm][-1].end,
                          [(self._error(arm, seed), self._error(control, seed)) for seed in self.seeds], self.metric)
            for arm, control in self.controls.items()])

    def _error(self, arm: str, seed: int) -> float | None:
        """The error of a run; None for one that is not finished, or diverged."""
        return self.runs[arm, seed]["final"] if (arm, seed) in self.runs else None

    def read(self, path: Path) -> None:
        """Take over the runs of a file, if it exists. Raises `FileError` if it is of other phases."""
        if path.is_file():
            found = read_json(path)
            if found.get("digest") != self.digest:
                raise FileError(f"{path}: is a study of other phases or of another metric; give another folder as `out`")
            self.runs = {(run["arm"], run["seed"]): run for run in found["runs"] if run["seed"] in self.seeds}

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        arms = {
            name: arm_facts(self.controls.get(name), name, phases, [None] * len(phases))
            for name, phases in self.planned.items()}
        text = "".join(f"{name}: {list(phases)}\n" for name, phases in self.arms.items())
        write_content(path, self.digest, {"path": "a training function", "text": text}, self.metric, self.seeds, arms,
                      [self.runs[key] for key in sorted(self.runs)], self.comparisons())


def _study(
    phases: Phases | Mapping[str, Phases], seeds: int | Sequence[int], metric: Metric, steps_per_epoch: int | None
) -> _Study:
    given = dict(phases) if isinstance(phases, Mapping) else {"dsd": phases}
    if not seeds or (isinstance(seeds, int) and seeds < 1):
        raise AttachError("there are no seeds; give at least 1")
    controls: dict[str, Phases] = {}
    control_of: dict[str, str] = {}
    for arm, its_phases in given.items():
        if arm.startswith("control"):
            raise AttachError(f"an arm is called `{arm}`; the controls, which are added, are called so")
        if isinstance(its_phases, str):
            raise AttachError(f"arm `{arm}`: phases are given as text; dsd.Dense and dsd.Sparse objects are wanted here")
        bare = [Dense(p.length, name=p.name, lr=p.lr, solver_state=p.solver_state) for p in its_phases]
        same = next((name for name, control in controls.items() if control == bare), None)
        control_of[arm] = same or (f"control-{arm}" if controls else "control")
        controls[control_of[arm]] = bare
    arms = {**controls, **given}
    return _Study(
        list(range(1, seeds + 1)) if isinstance(seeds, int) else list(seeds), metric, arms, control_of,
        {name: read_phases(its_phases, steps_per_epoch) for name, its_phases in arms.items()})
