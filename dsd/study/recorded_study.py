"""Read ``study.json``, for the study's pictures and report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dsd.display.plotting import PhaseSpan
from dsd.study.metric import Metric
from dsd.study.plan import VERSION
from dsd.study.run_folder import read_json
from dsd.study.statistics import PairedComparison
from netdef.errors import FileError

When = tuple[int, int]
"""An iteration, and 0 or 1: at the border of two phases there are two tests, under the masks of each."""


class RecordedStudy:
    """The content of a ``study.json``, which `dsd.study.study_file` writes. Raises `FileError` for anything else."""

    def __init__(self, path: Path):
        self.path = path
        facts: dict[str, Any] = read_json(path)
        if facts.get("format") != "dsd-study":
            raise FileError(f"{path}: is not a study file")
        if facts.get("version") != VERSION:
            raise FileError(f"{path}: is a study of version {facts.get('version')}, this dsd reads version {VERSION}")
        try:
            self.solver: dict[str, Any] = facts["solver"]
            self.metric = Metric(facts["metric"]["name"], facts["metric"]["accuracy"])
            self.comparisons = [PairedComparison(**comparison) for comparison in facts["comparisons"]]
            self.seeds: list[int] = facts["seeds"]
            self.arms: dict[str, dict[str, Any]] = facts["arms"]
            self.phases = {name: [PhaseSpan.of(p) for p in arm["phases"]] for name, arm in self.arms.items()}
            self.runs: dict[tuple[str, int], dict[str, Any]] = {(run["arm"], run["seed"]): run for run in facts["runs"]}
            for name in self.arms:  # reads all tests
                self.final(name)
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise FileError(f"{path}: is damaged: {type(error).__name__} {error}") from None

    @property
    def longest(self) -> list[PhaseSpan]:
        """The phases of the longest arm, sparse where any arm is."""
        phases = max(self.phases.values(), key=lambda phases: phases[-1].end)
        every = [p for phases in self.phases.values() for p in phases if p.sparse]
        return [
            PhaseSpan(p.name, p.start, p.end, any(q.start < p.end and p.start < q.end for q in every)) for p in phases]

    @property
    def expected(self) -> int:
        """The number of runs in all: every seed of each arm that has runs of its own."""
        return len(self.seeds) * sum(arm["run"] == name for name, arm in self.arms.items())

    def branches(self) -> dict[tuple[str, str, int], list[int]]:
        """{(arm, another arm, iteration): seeds} of the runs that went on from the other's snapshot at that iteration."""
        found: dict[tuple[str, str, int], list[int]] = {}
        for (arm, seed), run in self.runs.items():
            if branch := run.get("branch"):
                found.setdefault((arm, branch["arm"], branch["iteration"]), []).append(seed)
        return found

    def is_control(self, arm: str) -> bool:
        return self.arms[arm]["control"] is None

    def tests(self, arm: str) -> Iterator[tuple[int, dict[When, float]]]:
        """Each finished seed with the arm's errors: the tests of its run up to the arm's end."""
        end = self.phases[arm][-1].end
        for seed in self.seeds:
            run = self.runs.get((self.arms[arm]["run"], seed))
            if run is not None:
                points: dict[When, float | None] = {}
                for test in run["tests"]:
                    when = (test["iteration"], int((test["iteration"], 0) in points))
                    if when <= (end, 0):  # what comes later is under the masks of a phase after it
                        points[when] = self.metric.error(test["outputs"])
                yield seed, {when: error for when, error in points.items() if error is not None}

    def spread(self, arm: str) -> dict[When, list[float]]:
        """{when: the errors of all finished seeds} in order; empty while no seed has a finite error."""
        found: dict[When, list[float]] = {}
        for _, points in self.tests(arm):
            for when, error in points.items():
                found.setdefault(when, []).append(error)
        return dict(sorted(found.items()))

    def means(self) -> dict[str, dict[When, float]]:
        """{arm: {when: mean error over the finished seeds}} of the arms that have any."""
        spreads = {name: self.spread(name) for name in self.arms}
        return {
            name: {when: sum(errors) / len(errors) for when, errors in spread.items()}
            for name, spread in spreads.items() if spread}

    def at(self, arm: str, iteration: int) -> dict[int, float]:
        """{seed: error of the arm at an iteration}, where it is finite."""
        return {seed: points[iteration, 0] for seed, points in self.tests(arm) if (iteration, 0) in points}

    def final(self, arm: str) -> dict[int, float]:
        """{seed: error at the arm's end}, where it is finite."""
        return self.at(arm, self.phases[arm][-1].end)

    def ends(self, arm: str) -> list[dict[str, Any]]:
        """The tests at the arm's end, of the finished seeds, as ``runs`` in the file has them."""
        end, run = self.phases[arm][-1].end, self.arms[arm]["run"]
        tests = [self.runs[run, seed]["tests"] for seed in self.seeds if (run, seed) in self.runs]
        return [at_end[0] for found in tests if (at_end := [t for t in found if t["iteration"] == end])]

    def diverged(self, arm: str) -> list[int]:
        """The seeds whose run of the arm is finished without a finite error at the arm's end."""
        final, run = self.final(arm), self.arms[arm]["run"]
        return [seed for seed in self.seeds if (run, seed) in self.runs and seed not in final]
