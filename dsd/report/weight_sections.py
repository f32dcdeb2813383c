"""The sections of a run's report about weights and masks."""

from __future__ import annotations

import re

from dsd.report import markup
from dsd.report.histograms import GROUPS, histograms
from dsd.report.kept_bars import kept_bars
from dsd.report.markup import Bar
from dsd.report.report import Report
from dsd.report.run_metrics import Moment, RunMetrics

_UNFOLDED = 8  # layers whose histograms are shown without opening them


def kept(run: RunMetrics, report: Report) -> list[str]:
    """The weights that each layer keeps in each sparse phase."""
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
    drawn = report.picture(figure, "kept", "Bars of the weights kept in each sparse phase; the table has their numbers")
    return [markup.figure(drawn, "Weights that masks cover, layer by layer, in each sparse phase.", numbers)]


def histogram_figures(run: RunMetrics, report: Report) -> list[str]:
    """The histograms of each layer."""
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
        name = f"histograms_{_slug(layer, report.pictures)}"
        drawn = report.picture(figure, name, f"Histograms of the weights of layer {layer} at the borders of phases")
        content = markup.figure(drawn, f"Layer {layer}, {moments[0].weights:,} weights.", numbers)
        parts.append(markup.folded(layer, content, number < _UNFOLDED))
    words = ("The five moments of the DSD paper's Figure 2. All panels of a layer have the same bins and axes; up to"
             " one weight in a thousand lies beyond each side. Dashed: the magnitude at which weights were pruned.")
    return [markup.paragraph(words), *parts] if parts else []


def regrowth(run: RunMetrics, report: Report) -> list[str]:
    """The number of pruned weights that grew large again."""
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


def overlap(run: RunMetrics, report: Report) -> list[str]:
    """The overlap of each sparse phase's pruned weights with those of the one before."""
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


def drift(run: RunMetrics, report: Report) -> list[str]:
    """The distance that weights moved in each phase."""
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


def audits(run: RunMetrics, report: Report) -> list[str]:
    """The audits at the end of each sparse phase."""
    parts = []
    for audit in run.of("audit"):
        fields = ("layer", "weights", "kept", "wanted", "not_zero", "largest_pruned", "largest_history")
        rows = [[layer.get(field) for field in fields] for layer in audit["layers"]]
        headings = ["layer", "weights", "kept", "the phase says", "pruned but not zero", "largest pruned weight",
                    "largest history of one"]
        parts.append(markup.table(headings, rows, f"Phase {audit['phase']}, iteration {audit['iteration']:,}"))
        bad = audit["violations"]
        ranks = f", equal on {audit['ranks']} ranks" if audit["ranks"] > 1 and not bad else ""
        verdict = "Every check passes." if not bad else f"Checks that fail: {'; '.join(bad)}."
        parts.append(markup.paragraph(f"{verdict} Hash of the masks: {audit['mask_hash'][:16]}{ranks}."))
    words = "Checks at the end of each sparse phase: exact counts and zeros, histories, one mask hash."
    return [markup.paragraph(words), *parts] if parts else []


def _last_of_each_phase(moments: list[Moment]) -> list[Moment]:
    return list({moment.phase: moment for moment in moments}.values())


def _slug(layer: str, taken: dict[str, bytes]) -> str:
    """A layer's name for file names and ids, different from those taken."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "_", layer) or "_"
    slug, number = plain, 2
    while f"histograms_{slug}.png" in taken:
        slug, number = f"{plain}_{number}", number + 1
    return slug
