"""Histograms of a layer's weights: panels and bars."""

from __future__ import annotations

from dsd.display.plotting import drawing
from dsd.observers.weight_statistics import Histogram
from dsd.report.histograms import figure_two, histograms
from dsd.report.run_metrics import Moment, PhaseSpan

DENSE, SPARSE, AGAIN = PhaseSpan("D", 0, 4, False), PhaseSpan("S", 4, 6, True), PhaseSpan("R", 6, 8, False)


def moment(phase, which, **groups) -> Moment:
    total = sum(g.total for g in groups.values())
    kept = total if phase.sparse else None
    return Moment(phase, which, 0, total + 3 * phase.sparse, kept, 0.5, groups, None, None, None)


def hist(exponent, first, *counts, zeros=0) -> Histogram:
    return Histogram(exponent, first, counts, zeros, 0, 0.1)


PAPER = [
    moment(DENSE, "begin", all=hist(0, 0, 1)), moment(DENSE, "end", all=hist(-1, -2, 1, 4, 3, 2)),
    moment(SPARSE, "begin", kept=hist(-1, -2, 1, 0, 0, 2)), moment(SPARSE, "end", kept=hist(-1, -2, 1, 1, 0, 1)),
    moment(AGAIN, "begin", old=hist(-1, -2, 1, 1, 0, 1), reborn=hist(0, 0, zeros=3)),
    moment(AGAIN, "end", old=hist(-1, -2, 1, 1, 0, 1), reborn=hist(-2, -1, 2, 1)),
]


def test_the_five_panels_of_the_paper():
    (row,) = figure_two(PAPER)
    assert [m.title for m in row] == ["end of D", "start of S", "end of S", "start of R", "end of R"]


def test_a_second_sparse_phase_begins_a_row():
    first, second = figure_two(PAPER + PAPER[2:])
    assert len(first) == 5 and [m.title for m in second] == ["start of S", "end of S", "start of R", "end of R"]


def test_dense_phases_alone_show_only_their_ends():
    (row,) = figure_two([PAPER[0], PAPER[1], PAPER[0], PAPER[1]])
    assert [m.title for m in row] == ["end of D", "end of D"]


def test_bars_are_the_counts_in_common_bins():
    with drawing():
        panels = [axes for axes in histograms("ip", PAPER).axes if axes.get_visible()]
    assert len(panels) == 5
    assert len({axes.get_xlim() for axes in panels}) == len({axes.get_ylim() for axes in panels}) == 1
    bars = [[(p.get_x(), p.get_width(), p.get_y(), p.get_height()) for p in axes.patches] for axes in panels]
    assert bars[0] == [(-1.0, 0.5, 0, 1), (-0.5, 0.5, 0, 4), (0.0, 0.5, 0, 3), (0.5, 0.5, 0, 2)]
    # The reborn stand upon the old: one old weight in the bin below zero, none above it.
    assert bars[4][4:] == [(-0.5, 0.5, 1, 2), (0.0, 0.5, 0, 1)]
    assert "3 pruned" in [t.get_text() for t in panels[1].texts]
    assert "3 at zero" in [t.get_text() for t in panels[3].texts]
