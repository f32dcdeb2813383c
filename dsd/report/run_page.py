"""The report of one run: each section a function from its metrics to parts of the page."""

from __future__ import annotations

import time
from collections.abc import Callable

from dsd.display.number_text import number_text
from dsd.display.plotting import drawing
from dsd.report import markup
from dsd.report.curves import curves, scores, training_loss
from dsd.report.missing import missing
from dsd.report.report import Report
from dsd.report.run_metrics import RunMetrics
from dsd.report.weight_sections import audits, drift, histogram_figures, kept, overlap, regrowth


def report_run(run: RunMetrics, now: float | None = None) -> Report:
    """Draw and write everything. ``now`` is the time of the report, in seconds since 1970."""
    report = Report(f"{run.start.get('net') or run.path.stem}: {run.path.stem}")
    with drawing():
        sections = [(name, heading, parts(run, report)) for name, heading, parts in _SECTIONS]
    state, kind = _state(run, time.time() if now is None else now)
    return report.finish(state, kind, _lead(run), missing(run), sections)


def _state(run: RunMetrics, now: float) -> tuple[str, str]:
    last, total = run.iteration, run.max_iter
    failed = [audit for audit in run.of("audit") if audit["violations"]]
    if failed:
        return f"masks did not hold in phase {failed[-1]['phase']}", "bad"
    if run.finished:
        return f"finished: {total:,} iterations", "good"
    if run.failure is not None:
        return f"ended with an error at iteration {last:,} of {total:,}", "bad"
    if run.end is not None:
        return f"stopped early at iteration {last:,} of {total:,}", "bad"
    ago = max(now - run.last_time, 0)
    return f"not ended: iteration {last:,} of {total:,}, last heard of {_duration(ago)} before this report", "going"


def _lead(run: RunMetrics) -> str:
    phases = [f"{p.name} ({p.end - p.start:,})" for p in run.phases]
    many = "Phases and their iterations: " if len(phases) > 1 else "One phase: "
    early = "".join(f" At {event['iteration']:,} a phase ended early: {event['reason']}." for event in run.of("phases"))
    return f"{many}{', '.join(phases)}.{early} Seed {run.start['seed']}, on {run.start['device']}."


def _phases(run: RunMetrics, report: Report) -> list[str]:
    ends = {(e["iteration"], e["name"]): e for e in run.of("phase_end")}
    rates: dict[str, list[float]] = {}
    for event in run.of("train"):
        rates.setdefault(event["phase"], []).append(event["rate"])
    outputs = list(dict.fromkeys(
        (i, name) for e in ends.values() for i, means in enumerate(e["tests"]) for name, value in means.items()
        if not isinstance(value, list)))
    several = len({i for i, _ in outputs}) > 1
    rows = []
    for phase in run.phases:
        end = ends.get((phase.end, phase.name))
        if end is None:
            far = "running or cut short" if run.iteration > phase.start else "not begun"
            tests, kept = [None] * len(outputs), None
        else:
            far = f"{phase.end - phase.start:,}"
            tests = [end["tests"][i].get(name) if i < len(end["tests"]) else None for i, name in outputs]
            counts = [sum(c) for c in zip(*end["kept"].values())]
            kept = None if not counts else "all" if counts[0] == counts[1] else f"{counts[0]:,} of {counts[1]:,}"
        seen = rates.get(phase.name)
        rate = None if not seen else f"{seen[0]:.3g}" if seen[0] == seen[-1] else f"{seen[0]:.3g} to {seen[-1]:.3g}"
        rows.append([phase.name, far, rate, end and end["loss"], *tests, kept])
    headings = ["phase", "iterations", "rate shown", "training loss"]
    headings += [f"test {i}: {name}" if several else f"test {name}" for i, name in outputs]
    return [markup.table([*headings, "masked weights kept"], rows)]


def _curves(run: RunMetrics, report: Report) -> list[str]:
    figure = curves(run)
    if figure is None:
        return [markup.paragraph("No loss was displayed and nothing was tested (`display`, `test_interval`).")]
    accuracies, others = scores(run)
    points: dict[tuple[int, int], dict[str, float]] = {}
    columns = [*accuracies, *others]
    for name, curve in {**accuracies, **others}.items():
        border: dict[int, int] = {}
        for iteration, value in curve:  # at the border of two phases there are two tests
            number = border[iteration] = border.get(iteration, -1) + 1
            points.setdefault((iteration, number), {})[name] = value
    rows = [[iteration, *(values.get(name) for name in columns)] for (iteration, _), values in sorted(points.items())]
    numbers = markup.table(["iteration", *columns], rows, words=0)
    last = ", ".join(f"{name} {number_text(curve[-1][1])}" for name, curve in {**accuracies, **others}.items())
    losses = training_loss(run)
    if losses:
        last += f"{', ' if last else ''}training loss {number_text(losses[-1][1])}"
    caption = ("Sparse phases are shaded." if any(p.sparse for p in run.phases) else "") + (
        " At the border of two phases a test shows the net under the masks of each." if len(run.phases) > 1 else "")
    drawn = report.picture(figure, "curves", f"Curves over {run.max_iter} iterations; at the end: {last}")
    return [markup.figure(drawn, f"{caption} Last values: {last}.".strip(), numbers)]


def _about(run: RunMetrics, report: Report) -> list[str]:
    start = run.start
    resumed = [f"{s['iteration']:,}" for s in run.starts if s["iteration"]]
    snapshots = run.of("snapshot")
    versions = start.get("versions") or {}
    pairs = [
        ("solver", start.get("solver")), ("net", start.get("net")), ("seed", str(start["seed"])),
        ("device", start["device"]), ("processes", start.get("ranks")),
        *((name, version) for name, version in versions.items()),
        ("begun", _when(run.starts[0]["time"])), ("last line", _when(run.last_time)),
        ("resumed at", ", ".join(resumed) or None),
        ("last weights", snapshots[-1]["weights"] if snapshots else None),
        ("last solver state", snapshots[-1]["state"] if snapshots else None), ("this report is of", str(run.path)),
    ]
    return [markup.facts(pairs)]


def _solver(run: RunMetrics, report: Report) -> list[str]:
    return [markup.text_block(run.start["text"])] if run.start.get("text") else []


_SECTIONS: tuple[tuple[str, str, Callable[[RunMetrics, Report], list[str]]], ...] = (
    ("phases", "Phases", _phases),
    ("curves", "Accuracy and loss", _curves),
    ("kept", "Kept and pruned", kept),
    ("histograms", "Weights before, during and after", histogram_figures),
    ("regrowth", "Weights that came back", regrowth),
    ("overlap", "Overlap of masks", overlap),
    ("drift", "Drift of survivors", drift),
    ("audit", "Audit", audits),
    ("run", "This run", _about),
    ("solver", "Solver", _solver),
)


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def _duration(seconds: float) -> str:
    for name, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"
