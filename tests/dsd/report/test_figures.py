from __future__ import annotations

import json

import pytest

from dsd.observers.weight_statistics import Histogram
from dsd.plotting import LIGHT, drawing
from dsd.report.curves import curves, scores, training_loss
from dsd.report.histograms import figure_two, histograms
from dsd.report.kept_bars import kept_bars
from dsd.report.run_metrics import Moment, PhaseSpan, RunMetrics

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


def test_curves_hold_every_test_and_shade_the_sparse_phase(lines):
    run = RunMetrics(lines)
    tests = run.of("test")
    accuracies, losses = scores(run)
    assert accuracies == {"test accuracy": [(e["iteration"], 100 * e["outputs"][0]["accuracy"]) for e in tests]}
    assert list(losses) == ["test loss"]
    with drawing():
        figure = curves(run)
    shaded = [p for p in figure.axes[0].patches if p.get_facecolor()[:3] == pytest.approx(_rgb("tint"), abs=1e-6)]
    assert [(p.get_x(), p.get_width()) for p in shaded] == [(5, 4)]
    assert {line.get_label() for axes in figure.axes for line in axes.lines} >= {
        "test accuracy", "test loss", "training loss"}


def test_the_training_loss_ends_where_the_run_ends(lines):
    run = RunMetrics(lines)
    ends = {e["iteration"]: e["loss"] for e in run.of("phase_end")}
    loss = training_loss(run)
    assert loss[-1] == (12, ends[12]) and (5, ends[5]) in loss
    assert [iteration for iteration, _ in loss] == sorted(iteration for iteration, _ in loss)


def test_losses_far_apart_have_a_logarithmic_axis_with_plain_numbers(tmp_path):
    start = {"event": "start", "iteration": 0, "time": 1.0, "max_iter": 9,
             "phases": [{"name": "dense", "start": 0, "end": 9, "sparsity": None}]}
    train = {"event": "train", "phase": "dense", "rate": 0.1, "time": 1.0}
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, [start, *(
        train | {"iteration": i, "loss": loss} for i, loss in enumerate((40.0, 3.0, 0.3)))])) + "\n")
    with drawing():
        (axes,) = curves(RunMetrics(path)).axes
        labels = [label.get_text() for label in axes.get_yticklabels()]
    assert axes.get_yscale() == "log" and {"0.5", "1", "2", "10", "20"} <= set(labels)


def test_kept_bars_add_up_to_the_whole(lines):
    with drawing():
        (axes,) = kept_bars(RunMetrics(lines)).axes
    widths = [p.get_width() for p in axes.patches]
    assert widths[::2] == pytest.approx([100 * 56 / 80, 100 * 504 / 720, 100 * 14 / 27])
    assert [a + b for a, b in zip(widths[::2], widths[1::2])] == pytest.approx([100] * 3)
    assert [t.get_text() for t in axes.texts] == ["56 of 80", "504 of 720", "14 of 27"]


def _rgb(name: str) -> tuple[float, ...]:
    return tuple(int(LIGHT[name][i : i + 2], 16) / 255 for i in (1, 3, 5))
