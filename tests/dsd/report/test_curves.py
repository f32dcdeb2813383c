from __future__ import annotations

import json

import pytest

from dsd.display.plotting import LIGHT, drawing
from dsd.report.curves import curves, scores, training_loss
from dsd.report.run_metrics import RunMetrics


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


def _rgb(name: str) -> tuple[float, ...]:
    return tuple(int(LIGHT[name][i : i + 2], 16) / 255 for i in (1, 3, 5))
