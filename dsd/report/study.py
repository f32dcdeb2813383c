"""The report of a study: arms against their controls, in words, numbers and curves."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dsd.report import markup
from dsd.report.figures import shade
from dsd.report.page import Report
from dsd.report.run import Span
from dsd.report.theme import LIGHT, drawing, new_figure, series
from dsd.study.metric import Metric
from dsd.study.plan import VERSION
from dsd.study.runs import read_json
from dsd.study.statistics import Comparison
from dsd.study.words import missing, p_value, sentence
from netdef.errors import FileError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


When = tuple[int, int]
"""An iteration, and 0 or 1: where two phases meet there are two tests, under the masks of each."""


class Study:
    """A ``study.json``, as `dsd.study.record` lays it out. Raises `FileError` for anything else."""

    def __init__(self, path: Path):
        self.path = path
        self.facts = read_json(path)
        if self.facts.get("format") != "dsd-study":
            raise FileError(f"{path}: is not a study file")
        if self.facts.get("version") != VERSION:
            raise FileError(f"{path}: is a study of version {self.facts.get('version')}, this dsd-report reads version"
                            f" {VERSION}")
        try:
            metric = self.facts["metric"]
            self.metric = Metric(metric["name"], metric["accuracy"])
            self.comparisons = [Comparison(**facts) for facts in self.facts["comparisons"]]
            self.seeds: list[int] = self.facts["seeds"]
            self.arms: dict[str, dict] = self.facts["arms"]
            self.phases = {
                name: [Span(p["name"], p["start"], p["end"], p.get("sparse", p["sparsity"] is not None), p["sparsity"])
                       for p in arm["phases"]]
                for name, arm in self.arms.items()}
            self.runs: dict[tuple[str, int], dict] = {(run["arm"], run["seed"]): run for run in self.facts["runs"]}
            for arm in self.arms:  # reads all tests
                self.final(arm)
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise FileError(f"{path}: is damaged: {type(error).__name__} {error}") from None

    @property
    def longest(self) -> list[Span]:
        """The phases of the longest arm, sparse where any arm is."""
        phases = max(self.phases.values(), key=lambda phases: phases[-1].end)
        every = [p for phases in self.phases.values() for p in phases if p.sparse]
        return [
            Span(p.name, p.start, p.end, any(q.start < p.end and p.start < q.end for q in every)) for p in phases]

    @property
    def expected(self) -> int:
        """Runs in all: arms that are read from their own run, with every seed."""
        return len(self.seeds) * sum(arm["run"] == name for name, arm in self.arms.items())

    def tests(self, arm: str) -> Iterator[tuple[int, dict[When, float]]]:
        """Of each finished seed the errors of an arm: its run's tests up to the arm's end."""
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

    def at(self, arm: str, iteration: int) -> dict[int, float]:
        """{seed: error of the arm at an iteration}, where it is finite."""
        return {seed: points[iteration, 0] for seed, points in self.tests(arm) if (iteration, 0) in points}

    def final(self, arm: str) -> dict[int, float]:
        return self.at(arm, self.phases[arm][-1].end)


def report_study(study: Study) -> Report:
    """Draw and write everything."""
    solver = study.facts["solver"]
    made = Report(f"Study of {Path(solver['path'] or study.path).name}")
    with drawing():
        parts = [
            ("answer", "The answer", _answer(study)),
            ("curves", "Error over iterations", _curves(study, made)),
            ("seeds", "Seed by seed", _seeds(study, made)),
            ("arms", "Arms", _arms(study)),
            ("solver", "Solver", markup.text_block(solver["text"])),
        ]
    done, whole = len(study.runs), study.expected
    state, kind = (f"{done} of {whole} runs finished", "going") if done < whole else (f"finished: {whole} runs", "good")
    seeds = f"{len(study.seeds)} seed{'s' if len(study.seeds) != 1 else ''}"
    lead = (f"{seeds}; {study.metric.label}, lower is better. Each arm is compared with a control of the same iterations,"
            " rates and batches that has no masks.")
    body = [
        f"<header>\n<h1>{escape(made.title)}</h1>", f'<p><span class="state {kind}">{escape(state)}</span></p>',
        markup.paragraph(lead, "lead"), markup.contents((name, heading) for name, heading, part in parts if part),
        "</header>\n<main>", *(markup.section(*part) for part in parts), "</main>"]
    made.page = markup.document(made.title, "\n".join(body))
    return made


def _answer(study: Study) -> str:
    count = len(study.comparisons)
    said = [sentence(c, study.metric, count) for c in study.comparisons] + missing(len(study.seeds), study.comparisons)
    rows = [
        [c.arm, c.control, c.pairs, c.mean, c.sd, c.control_mean, c.control_sd, c.difference,
         None if c.low is None else f"{c.low:+.3g} to {c.high:+.3g}",
         *(p_value(p) or None for p in (c.t_p, c.holm_p, c.wilcoxon_p))]
        for c in study.comparisons]
    headings = ["arm", "control", "seeds", "mean", "sd", "control's mean", "its sd", "difference", "95% interval",
                "paired t, p", "p, Holm", "Wilcoxon, p"]
    text = "".join(markup.paragraph(one) for one in said)
    label = study.metric.label
    return text + markup.table(headings, rows, f"{label[0].upper()}{label[1:]} at the end", words=2)


def _ordered(study: Study) -> list[tuple[str, str, object]]:
    """Arms with colour and line style, controls first and grey."""
    found, number = [], 0
    for name, arm in study.arms.items():
        if arm["control"] is None:
            found.append((name, LIGHT["grey"], (0, (3, 1.5))))
        else:
            found.append((name, *series(number)))
            number += 1
    return found


def _curves(study: Study, made: Report) -> str:
    figure = new_figure(10, 4)
    axes = figure.subplots()
    longest = study.longest
    shade(axes, longest, named=True)
    columns: dict[str, dict[When, float]] = {}
    late: list[float] = []
    since = next((p.start for p in longest if p.sparse), 0) / 2
    for name, colour, style in _ordered(study):
        found: dict[When, list[float]] = {}
        for _, points in study.tests(name):
            for when, error in points.items():
                found.setdefault(when, []).append(error)
        if not found:
            continue
        means = {when: float(np.mean(found[when])) for when in sorted(found)}
        # Arms are one curve until they part, so each is drawn from there.
        same = max((_together(means, other) for other in columns.values()), default=0)
        columns[name], where = means, list(means)[same:]
        # A net pruned just now would press all else into a line.
        late += [error for at, again in where if at >= since and not again for error in found[at, again]]
        iterations = [at for at, _ in where]
        axes.plot(iterations, [means[when] for when in where], color=colour, ls=style, lw=1.8, label=name, marker="o",
                  markersize=3, zorder=3)
        if max(map(len, found.values())) > 1:
            axes.fill_between(iterations, [min(found[when]) for when in where], [max(found[when]) for when in where],
                              color=colour, alpha=0.15, lw=0, zorder=2)
    if not columns:
        return markup.paragraph("No run is finished yet.")
    if late:
        room = (max(late) - min(late)) * 0.08 or 0.5
        axes.set_ylim(max(min(late) - room, 0) if min(late) >= 0 else min(late) - room, max(late) + room)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlim(0, longest[-1].end)
    axes.set_xlabel("iteration")
    axes.set_ylabel(study.metric.label)
    axes.grid(axis="y")
    figure.legend(loc="outside lower center", ncols=5)
    every = sorted({when for curve in columns.values() for when in curve})
    rows = [[when[0], *(curve.get(when) for curve in columns.values())] for when in every]
    numbers = markup.table(["iteration", *columns], rows, words=0)
    ends = "; ".join(f"{name} {curve[max(curve)]:.3g}" for name, curve in columns.items())
    drawn = made.picture(figure, "study", f"{study.metric.label} over iterations, means at the end: {ends}")
    caption = ("Mean of the finished seeds, bands from the best to the worst. Sparse phases are shaded; where two"
               " phases meet a test shows the net under the masks of each. The axis fits what comes after half of the"
               " first dense phase.")
    return markup.figure(drawn, caption, numbers)


def _together(curve: dict[When, float], other: dict[When, float]) -> int:
    """Index of the last point up to which two curves are one; all but the last when they never part."""
    parted = next((n for n, (i, mean) in enumerate(curve.items()) if other.get(i) != mean), len(curve))
    return max(parted - 1, 0)


def _seeds(study: Study, made: Report) -> str:
    finals = {name: study.final(name) for name in study.arms}
    for c in study.comparisons:  # an arm that ends before its control is compared with what that was then
        if c.iteration != study.phases[c.control][-1].end:
            finals[f"{c.control} at {c.iteration:,}"] = study.at(c.control, c.iteration)
    if not any(finals.values()):
        return ""
    numbers = markup.table(
        ["seed", *finals], [[str(seed), *(found.get(seed) for found in finals.values())] for seed in study.seeds])
    figure = _differences(study)
    if figure is None:
        return numbers
    said = "; ".join(f"{c.arm} {c.difference:+.3g}" for c in study.comparisons if c.difference is not None)
    drawn = made.picture(figure, "differences", f"Differences of arms to their controls, seed by seed; means: {said}")
    caption = ("Each dot is a seed: the arm's error at its end minus its control's there, below zero is better. The"
               " line is the mean, the bar its 95% interval.")
    return markup.figure(drawn, caption) + numbers


def _differences(study: Study) -> Figure | None:
    """A row an arm, a dot a seed."""
    found: list[tuple[Comparison, list[float]]] = []
    for c in study.comparisons:
        own, control = study.final(c.arm), study.at(c.control, c.iteration)
        differences = [own[seed] - control[seed] for seed in own if seed in control]
        if differences and c.difference is not None:
            found.append((c, differences))
    if not found:
        return None
    colours = {name: colour for name, colour, _ in _ordered(study)}
    figure = new_figure(10, 0.55 * len(found) + 0.9)
    axes = figure.subplots()
    axes.axvline(0, color=LIGHT["grey"], lw=1)
    for row, (c, differences) in enumerate(found):
        if c.low is not None:
            axes.barh(row, c.high - c.low, left=c.low, height=0.5, color=colours[c.arm], alpha=0.18)
        axes.plot([c.difference] * 2, [row - 0.25, row + 0.25], color=colours[c.arm], lw=2)
        axes.plot(differences, [row] * len(differences), "o", markersize=5, color=colours[c.arm], alpha=0.75)
    axes.set_yticks(range(len(found)), [c.arm for c, _ in found])
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0, labelcolor=LIGHT["ink"])
    axes.set_xlabel(f"difference to the control{', points' if study.metric.accuracy else ''}")
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    return figure


def _arms(study: Study) -> str:
    rows = []
    for name, arm in study.arms.items():
        for index, p in enumerate(arm["phases"]):
            masked = [p["constraint"], p.get("mask_policy")] if study.phases[name][index].sparse else [None, None]
            rows.append([name if not index else "", p["name"], p["end"] - p["start"], p["sparsity"], p["base_lr"],
                         *masked, p["solver_state"]])
    seconds = sum(run["seconds"] for run in study.runs.values())
    headings = ["arm", "phase", "iterations", "sparsity", "base_lr", "constraint", "mask_policy", "solver_state"]
    return markup.table(headings, rows, words=2) + markup.paragraph(
        f"{len(study.runs)} finished runs, {seconds:,.0f} seconds of training in all. A report of a single run:"
        f" dsd-report {study.path.parent}/runs/NAME.")
