"""The report of a study: arms against their controls, in words, numbers and curves."""

from __future__ import annotations

import math
from collections.abc import Collection
from pathlib import Path

from dsd.display.number_text import number_text
from dsd.display.plotting import drawing
from dsd.report import markup
from dsd.report.report import Report
from dsd.study.describe import comparison_name, missing, sentence, table
from dsd.study.end_table import TRAIN_LOSS, end_table
from dsd.study.plot import curves_figure, differences_figure
from dsd.study.recorded_study import RecordedStudy


def report_study(study: RecordedStudy) -> Report:
    """Draw and write everything."""
    report = Report(f"Study of {Path(study.solver['path'] or study.path).name}")
    with drawing():
        sections = [
            ("answer", "The answer", _answer(study)),
            ("curves", "Error over iterations", _curves(study, report)),
            ("seeds", "Seed by seed", _seeds(study, report)),
            ("measures", "Test and training at the end", _measures(study)),
            ("arms", "Arms", _arms(study)),
            ("solver", "Solver", _solvers(study)),
        ]
    done, whole = len(study.runs), study.expected
    state, kind = (f"{done} of {whole} runs finished", "going") if done < whole else (f"finished: {whole} runs", "good")
    seeds = f"{len(study.seeds)} seed{'s' if len(study.seeds) != 1 else ''}"
    lead = (f"{seeds}; {study.metric.label}, lower is better. Each arm is compared with a control of the same iterations,"
            " rates and batches that has no masks.")
    if own := [name for name, arm in study.arms.items() if arm.get("solver")]:
        lead += f" A further control trains as many iterations by a solver of its own: {', '.join(own)}."
    return report.finish(state, kind, lead, [], sections)


def _answer(study: RecordedStudy) -> list[str]:
    comparisons = study.comparisons
    sentences = [sentence(c, study.metric, comparisons) for c in comparisons] + missing(len(study.seeds), comparisons)
    answer = table(comparisons, study.metric)
    return [*(markup.paragraph(text) for text in sentences), markup.table(answer.headings, answer.rows, answer.title)]


def _curves(study: RecordedStudy, report: Report) -> list[str]:
    figure = curves_figure(study)
    if figure is None:
        return [markup.paragraph("No run is finished yet.")]
    means = study.means()
    every = sorted({when for curve in means.values() for when in curve})
    rows = [[when[0], *(curve.get(when) for curve in means.values())] for when in every]
    ends = "; ".join(f"{name} {number_text(_mean(study.final(name).values()), '.3g')}" for name in means)
    drawn = report.picture(figure, "study", f"{study.metric.label} over iterations, means at the end: {ends}")
    caption = ("Mean of the finished seeds, bands from the best to the worst. Sparse phases are shaded; where two"
               " phases meet a test shows the net under the masks of each. The axis fits what comes after half of the"
               " first dense phase.")
    return [markup.figure(drawn, caption, markup.table(["iteration", *means], rows, words=0))]


def _seeds(study: RecordedStudy, report: Report) -> list[str]:
    finals = {name: study.final(name) | dict.fromkeys(study.diverged(name), math.nan) for name in study.arms}
    for c in study.comparisons:  # an arm that ends before its control is compared with what that was then
        if c.iteration != study.phases[c.control][-1].end:
            finals[f"{c.control} at {c.iteration:,}"] = study.at(c.control, c.iteration)
    if not any(finals.values()):
        return []
    numbers = markup.table(
        ["seed", *finals], [[str(seed), *(found.get(seed) for found in finals.values())] for seed in study.seeds])
    figure = differences_figure(study)
    if figure is None:
        return [numbers]
    means = "; ".join(
        f"{comparison_name(c, study.comparisons)} {c.difference:+.3g}" for c in study.comparisons if c.difference is not None)
    drawn = report.picture(figure, "differences", f"Differences of arms to their controls, seed by seed; means: {means}")
    caption = ("Each dot is a seed: the arm's error at its end minus its control's there, below zero is better. The"
               " line is the mean, the bar its 95% interval.")
    return [markup.figure(drawn, caption), numbers]


def _measures(study: RecordedStudy) -> list[str]:
    measured = end_table(study)
    if not measured.rows:
        return []
    explained = (f"Means of the finished seeds, deviations in brackets. `{TRAIN_LOSS}` is the mean over the last"
                 " `average_loss` iterations, as the net trains; ECE the expected calibration error on the test data, the"
                 " distance of confidence and accuracy.")
    return [markup.table(measured.headings, measured.rows, measured.title), markup.paragraph(explained)]


def _mean(errors: Collection[float]) -> float:
    """The mean; NaN without any."""
    return sum(errors) / len(errors) if errors else math.nan


def _arms(study: RecordedStudy) -> list[str]:
    rows = []
    for name, arm in study.arms.items():
        for index, p in enumerate(arm["phases"]):
            masked = [p["constraint"], p.get("mask_policy")] if study.phases[name][index].sparse else [None, None]
            rows.append([name if not index else "", p["name"], p["end"] - p["start"], p["sparsity"], p["base_lr"],
                         *masked, p["solver_state"]])
    seconds = sum(run["seconds"] for run in study.runs.values())
    headings = ["arm", "phase", "iterations", "sparsity", "base_lr", "constraint", "mask_policy", "solver_state"]
    return [markup.table(headings, rows, words=2), *map(markup.paragraph, _branches(study)), markup.paragraph(
        f"{len(study.runs)} finished runs, {seconds:,.0f} seconds of training in all. A report of a single run:"
        f" dsd-report {study.path.parent}/runs/NAME.")]


def _solvers(study: RecordedStudy) -> list[str]:
    """The study's solver, and those of further controls."""
    blocks = [markup.text_block(study.solver["text"])]
    for name, arm in study.arms.items():
        if solver := arm.get("solver"):
            blocks += [markup.paragraph(f"{name}, {solver['path']}:"), markup.text_block(solver["text"])]
    return blocks


def _branches(study: RecordedStudy) -> list[str]:
    """Sentences about the runs that did not train their first iterations themselves."""
    return [
        f"Up to iteration {iteration:,}, {arm} is the same training as {other}, which did it once for both:"
        f" {len(seeds)} run{'s' if len(seeds) != 1 else ''} of {arm} went on from the snapshot of {other} with the same seed."
        for (arm, other, iteration), seeds in study.branches().items()]
