"""The report of one run: what it says about each question, in words, tables and figures."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from dsd.report import markup
from dsd.report.figures import GROUPS, curves, histograms, kept_bars, scores, training_loss
from dsd.report.markup import Bar
from dsd.report.run import Moment, Run
from dsd.report.theme import drawing, png, svg

_UNFOLDED = 8  # layers whose histograms are seen without opening them


@dataclass
class Report:
    """A page and its pictures as files: {name: PNG}."""

    title: str
    page: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict)

    def picture(self, figure, name: str, description: str) -> str:
        """The figure as a part of the page; its PNG goes to ``pictures``."""
        self.pictures[f"{name}.png"] = png(figure)
        return svg(figure, name, description)


def report_run(run: Run, now: float | None = None) -> Report:
    """Draw and write everything. ``now`` is the time of the report, in seconds since 1970."""
    now = time.time() if now is None else now
    made = Report(f"{run.start.get('net') or run.path.stem}: {run.path.stem}")
    with drawing():
        sections = [
            (name, heading, markup.section(name, heading, *parts(run, made))) for name, heading, parts in _SECTIONS]
    sections = [part for part in sections if part[2]]
    state, kind = _state(run, now)
    head = [
        f"<header>\n<h1>{escape(made.title)}</h1>",
        f'<p><span class="state {kind}">{escape(state)}</span></p>',
        markup.paragraph(_lead(run), "lead"),
        markup.notes(missing(run)),
        markup.contents((name, heading) for name, heading, _ in sections), "</header>\n<main>",
    ]
    made.page = markup.document(made.title, "\n".join([*head, *(text for *_, text in sections), "</main>"]))
    return made


def _state(run: Run, now: float) -> tuple[str, str]:
    last, total = run.iteration, run.start["max_iter"]
    failed = [audit for audit in run.of("audit") if audit["violations"]]
    if failed:
        return f"masks did not hold in phase {failed[-1]['phase']}", "bad"
    if run.finished:
        return f"finished: {total:,} iterations", "good"
    if run.end is not None:
        return f"stopped early at iteration {last:,} of {total:,}", "bad"
    ago = max(now - run.last_time, 0)
    return f"not ended: iteration {last:,} of {total:,}, last heard of {_duration(ago)} before this report", "going"


def _lead(run: Run) -> str:
    phases = [f"{p.name} ({p.end - p.start:,})" for p in run.phases]
    many = "Phases and their iterations: " if len(phases) > 1 else "One phase: "
    return f"{many}{', '.join(phases)}. Seed {run.start['seed']}, on {run.start['device']}."


def missing(run: Run) -> list[str]:
    """What the report cannot show, or shows with a reserve, in sentences."""
    said = []
    if run.damaged:
        which = ", ".join(map(str, run.damaged[:5])) + (", ..." if len(run.damaged) > 5 else "")
        said.append(f"Damaged lines of {run.path.name} are left out: {which}.")
    if run.starts[0]["iteration"]:
        said.append(f"The file begins at iteration {run.starts[0]['iteration']:,}: what was before is in another file.")
    moments = [(layer, m) for layer, found in run.layers.items() for m in found]
    if not moments and any(p.sparse and run.iteration > p.start for p in run.phases):
        said.append("Nothing about the weights was recorded: no histograms, regrowth, overlap or drift. Was the run"
                    " made by an earlier version?")
    lost = {m.title for _, m in moments if m.which == "end" and m.drift is None}
    if lost:
        said.append(f"Drift is not known at the {_list(lost)}: the run was resumed on the way, and the snapshot of the"
                    " phase's beginning was not there any more.")
    for moments in run.layers.values():
        sparse = [m for m in moments if m.kept is not None and m.which == "end"]
        if any(m.overlap is None for m in sparse[1:]):
            said.append("The overlap of some masks is not known: the run was resumed, and the snapshot with the earlier"
                        " mask was not there any more.")
            break
    if any(m.regrown is not None and m.regrown.threshold is None for found in run.layers.values() for m in found):
        said.append("Where masks were not made by one magnitude threshold (a `mask_policy` other than FIXED), large and"
                    " small regrown weights are not told apart.")
    return said


def _phases(run: Run, made: Report) -> list[str]:
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


def _curves(run: Run, made: Report) -> list[str]:
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
    last = ", ".join(f"{name} {curve[-1][1]:.4g}" for name, curve in {**accuracies, **others}.items())
    losses = training_loss(run)
    if losses:
        last += f"{', ' if last else ''}training loss {losses[-1][1]:.4g}"
    caption = ("Sparse phases are shaded." if any(p.sparse for p in run.phases) else "") + (
        " At the border of two phases a test shows the net under the masks of each." if len(run.phases) > 1 else "")
    drawn = made.picture(figure, "curves", f"Curves over {run.start['max_iter']} iterations; at the end: {last}")
    return [markup.figure(drawn, f"{caption} Last values: {last}.".strip(), numbers)]


def _kept(run: Run, made: Report) -> list[str]:
    figure = kept_bars(run)
    if figure is None:
        return []
    rows = []
    for layer, moments in run.layers.items():
        for moment in _last_of_each_phase(moments):
            if moment.kept is not None:
                pruned = moment.weights - moment.kept
                rows.append([layer, moment.phase.name, moment.weights, moment.kept, pruned,
                             Bar(pruned / max(moment.weights, 1)), moment.threshold])
    numbers = markup.table(
        ["layer", "phase", "weights", "kept", "pruned", "share pruned", "smallest magnitude kept"], rows, words=2)
    drawn = made.picture(figure, "kept", "Bars of the weights kept in each sparse phase; the table has their numbers")
    return [markup.figure(drawn, "Weights that masks cover, layer by layer, in each sparse phase.", numbers)]


def _histograms(run: Run, made: Report) -> list[str]:
    parts = []
    for number, (layer, moments) in enumerate(run.layers.items()):
        figure = histograms(layer, moments)
        if figure is None:
            continue
        rows = [
            [m.title, GROUPS[name][1], group.total, group.zeros, group.not_finite or None, group.mean_abs]
            for m in moments for name, group in m.groups.items()]
        headings = ["moment", "weights", "count", "exactly zero", "not finite", "mean magnitude"]
        numbers = markup.table(headings, rows, words=2)
        name = f"histograms_{_slug(layer, made.pictures)}"
        drawn = made.picture(figure, name, f"Histograms of the weights of layer {layer} at the borders of phases")
        content = markup.figure(drawn, f"Layer {layer}, {moments[0].weights:,} weights.", numbers)
        parts.append(markup.folded(layer, content, number < _UNFOLDED))
    words = ("The five moments of the DSD paper's Figure 2. All panels of a layer have the same bins and axes; up to"
             " one weight in a thousand lies beyond each side. Dashed: the magnitude at which weights were pruned.")
    return [markup.paragraph(words), *parts] if parts else []


def _regrowth(run: Run, made: Report) -> list[str]:
    rows = []
    for layer, moments in run.layers.items():
        for m in moments:
            if m.regrown is not None:
                share = None if m.regrown.above is None else Bar(m.regrown.above / max(m.regrown.count, 1))
                rows.append([layer, m.phase.name, m.regrown.count, m.regrown.threshold, m.regrown.above, share,
                             m.groups["reborn"].mean_abs, m.groups["old"].mean_abs])
    headings = ["layer", "end of", "were pruned", "threshold then", "above it now", "share", "mean magnitude",
                "of survivors"]
    words = ("Weights that a sparse phase pruned and the next dense phase let go: how many came back at least as large"
             " as the smallest weight that was kept when they were pruned.")
    return [markup.paragraph(words), markup.table(headings, rows, words=2)] if rows else []


def _overlap(run: Run, made: Report) -> list[str]:
    rows = []
    for layer, moments in run.layers.items():
        for m in _last_of_each_phase(moments):
            if m.overlap is not None:
                o = m.overlap
                rows.append([layer, m.phase.name, o.weights - o.kept_before, o.weights - o.kept_now,
                             o.weights - o.kept_before - o.kept_now + o.kept_both,
                             *(None if x is None else f"{x:.3f}" for x in (o.jaccard, o.by_chance, o.at_most))])
    headings = ["layer", "phase", "pruned before", "pruned now", "both times", "Jaccard index", "by chance", "at most"]
    words = ("How far a sparse phase prunes the weights that the one before it pruned. The Jaccard index is the share"
             " of those pruned in both among those pruned in either; by chance is what independent masks of the same"
             " sizes are expected to have, at most what they can have.")
    return [markup.paragraph(words), markup.table(headings, rows, words=2)] if rows else []


def _drift(run: Run, made: Report) -> list[str]:
    rows = []
    for layer, moments in run.layers.items():
        for m in moments:
            if m.which == "end" and m.drift is not None:
                who = next(GROUPS[name][1] for name in ("kept", "old", "all") if name in m.groups)
                cosine = None if m.drift.cosine is None else f"{m.drift.cosine:.4f}"
                rows.append([layer, m.phase.name, who, m.drift.count, m.drift.distance, cosine])
    words = ("How far weights moved between the start and the end of a phase: the L2 norm of the difference over the"
             " norm at the start, and the cosine of the angle between the two. After a sparse phase only"
             " survivors count.")
    headings = ["layer", "phase", "weights", "count", "relative distance", "cosine"]
    return [markup.paragraph(words), markup.table(headings, rows, words=3)] if rows else []


def _audits(run: Run, made: Report) -> list[str]:
    parts = []
    for audit in run.of("audit"):
        facts = ("layer", "weights", "kept", "wanted", "not_zero", "largest_pruned", "largest_history")
        rows = [[layer.get(fact) for fact in facts] for layer in audit["layers"]]
        headings = ["layer", "weights", "kept", "the phase says", "pruned but not zero", "largest pruned weight",
                    "largest history of one"]
        parts.append(markup.table(headings, rows, f"Phase {audit['phase']}, iteration {audit['iteration']:,}"))
        bad = audit["violations"]
        ranks = f", equal on {audit['ranks']} ranks" if audit["ranks"] > 1 and not bad else ""
        verdict = "Every fact holds." if not bad else f"Facts that do not hold: {'; '.join(bad)}."
        parts.append(markup.paragraph(f"{verdict} Hash of the masks: {audit['mask_hash'][:16]}{ranks}."))
    words = "Facts that were checked at the end of each sparse phase: exact counts and zeros, histories, one mask hash."
    return [markup.paragraph(words), *parts] if parts else []


def _about(run: Run, made: Report) -> list[str]:
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


def _solver(run: Run, made: Report) -> list[str]:
    return [markup.text_block(run.start["text"])] if run.start.get("text") else []


_SECTIONS: tuple[tuple[str, str, Callable[[Run, Report], list[str]]], ...] = (
    ("phases", "Phases", _phases),
    ("curves", "Accuracy and loss", _curves),
    ("kept", "Kept and pruned", _kept),
    ("histograms", "Weights before, during and after", _histograms),
    ("regrowth", "Weights that came back", _regrowth),
    ("overlap", "Overlap of masks", _overlap),
    ("drift", "Drift of survivors", _drift),
    ("audit", "Audit", _audits),
    ("run", "This run", _about),
    ("solver", "Solver", _solver),
)


def _last_of_each_phase(moments: list[Moment]) -> list[Moment]:
    return list({moment.phase: moment for moment in moments}.values())


def _slug(layer: str, taken: dict[str, bytes]) -> str:
    """A layer's name as a part of file names and ids, once only."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "_", layer) or "_"
    slug, number = plain, 2
    while f"histograms_{slug}.png" in taken:
        slug, number = f"{plain}_{number}", number + 1
    return slug


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names))


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def _duration(seconds: float) -> str:
    for name, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"
