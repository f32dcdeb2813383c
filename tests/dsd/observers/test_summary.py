"""The tables at the end of a run."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from dsd.observers.summary import Summary, kept_text
from dsd.training.events import Observer


@pytest.mark.parametrize(
    "kept, total, text", [(700, 1000, "700 of 1,000 (70.0%)"), (1234, 1234, "all 1,234"), (0, 7, "0 of 7 (0.0%)")])
def test_kept_weights_are_formatted(kept, total, text):
    assert kept_text(kept, total) == text


def test_the_summary_has_a_row_a_phase_and_names_the_files(trainer, tmp_path):
    text = io.StringIO()
    trainer.observers.append(Summary(Console(file=text, width=100), {"log": tmp_path / "x.log"}))
    trainer.run()
    lines = [line for line in text.getvalue().splitlines() if line.startswith("│")]
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines]
    assert [row[:2] for row in rows[:3]] == [["dense", "8"], ["sparse", "4"], ["re-dense", "4"]]
    assert [row[-1] for row in rows[:3]] == ["all 45", "32 of 45 (71.1%)", "all 45"]
    assert rows[3] == ["ip1", "all 30", "21 of 30 (70.0%)", "all 30"]
    for name in ("snap_iter_16.caffemodel", "snap_iter_16.solverstate", str(tmp_path / "x.log")):
        assert name in text.getvalue()


def test_a_run_stopped_early_prints_how_to_resume(trainer):
    class Stop(Observer):
        def requested(self):
            return "stop"

    text = io.StringIO()
    trainer.observers += [Stop(), Summary(Console(file=text, width=100), {})]
    trainer.run()
    assert "Stopped at iteration 1 of 16, in phase dense." in text.getvalue()
    assert "Go on with --snapshot snap_iter_1.solverstate" in text.getvalue()


def test_only_a_run_that_went_on_says_so(trainer):
    said = []
    for iteration in (0, 8):
        text = io.StringIO()
        summary = Summary(Console(file=text, width=100), {})
        trainer.iteration = iteration
        trainer.phases = tuple(replace(phase, length=0) if not i else phase for i, phase in enumerate(trainer.phases))
        summary.started(trainer)
        summary.finished(trainer, early=False)
        said.append("This run went on from iteration" in text.getvalue())
    assert said == [False, True]
