"""The progress of a run on a terminal and elsewhere."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from dsd.observers.progress import ProgressReport, batch_size, duration, outputs_text
from dsd.training.trainer import Trainer
from netdef.errors import NetdefError


def test_plain_lines_without_a_terminal(trainer):
    text = io.StringIO()
    trainer.settings.display = 5
    with ProgressReport(Console(file=text, width=100), {"log": Path("snap.log")}) as progress:
        trainer.observers.append(progress)
        trainer.run()
    lines = text.getvalue().splitlines()
    assert lines[:2] == ["cli_mlp: iterations 0 to 16 on cpu, seed 1701", "log snap.log"]
    assert lines[-1].startswith("16 iterations in 0:")
    assert "\x1b" not in text.getvalue()
    assert "sparse 2/3: iterations 8 to 12, 32 of 45 masked weights kept" in lines
    assert "  iteration 4, test: accuracy 0.3333, loss 1.063" in lines
    shown = [line for line in lines if "/16 " in line]
    assert [line.split("/16 ")[0] for line in shown] == [
        "dense 1/3  0", "dense 1/3  5", "sparse 2/3  10", "re-dense 3/3  15"]
    assert shown[0].split()[-1] == "0.1"  # no speed yet
    for word in ("loss ", "rate 0.001", "images/s", "left"):
        assert word in shown[-1]


def test_a_solver_without_display_is_shown_now_and_then(trainer):
    text = io.StringIO()
    trainer.settings.display = 0
    progress = ProgressReport(Console(file=text, width=100))
    progress._every = 0.0
    trainer.observers.append(progress)
    trainer.run()
    assert text.getvalue().count("/16 ") == 16


def test_a_run_that_was_finished_has_nothing_left_to_do(trainer):
    trainer.run()
    text = io.StringIO()
    again = Trainer.from_file("solver.prototxt", sparsity=0.3, max_iter=8)
    again.restore("snap_iter_16.solverstate")
    again.observers.append(ProgressReport(Console(file=text, width=200)))
    again.run()
    assert text.getvalue().splitlines()[:2] == [
        "cli_mlp: iterations 16 to 16 on cpu, seed 1701",
        "nothing is left to do: iteration 16 is the last; a larger max_iter, or a further dsd_phase, makes the run longer"]


def test_numbers_that_are_not_finite_are_shown_as_that():
    import torch

    assert outputs_text({"a": torch.tensor([float("nan"), 0.5, float("-inf")])}) == "a not finite 0.5 not finite"


def test_a_bar_on_a_terminal_is_removed_at_the_end(trainer):
    text = io.StringIO()
    with ProgressReport(Console(file=text, width=100, force_terminal=True)) as progress:
        progress._every = 0.0
        trainer.observers.append(progress)
        trainer.run()
    assert "━" in text.getvalue() and "13/16" in text.getvalue()
    assert text.getvalue().count("\x1b[?25l") == text.getvalue().count("\x1b[?25h") == 1  # the cursor comes back


def test_the_loss_is_fetched_a_few_times_a_second_only(trainer, monkeypatch):
    fetched, ticks = [], itertools.count()
    monkeypatch.setattr(Trainer, "loss", property(lambda self: fetched.append(1) or 0.0))
    monkeypatch.setattr("dsd.observers.progress.time", SimpleNamespace(monotonic=lambda: next(ticks) / 256))
    trainer.settings.display = 0
    progress = ProgressReport(Console(file=io.StringIO(), width=100, force_terminal=True))
    progress.started(trainer)
    for _ in range(3 * 256 + 7):  # three seconds and a little
        progress.iterated(trainer, {}, 0.1)
    progress.finished(trainer, False)
    assert len(fetched) == 6  # every half a second


def test_the_bar_is_removed_when_a_run_fails(trainer):
    text = io.StringIO()
    progress = ProgressReport(Console(file=text, width=100, force_terminal=True))
    progress.started(trainer)
    progress.failed(trainer, NetdefError("no"))
    assert text.getvalue().count("\x1b[?25l") == text.getvalue().count("\x1b[?25h") == 1


def test_standard_output_is_the_default(trainer, capsys):
    trainer.settings.display = 5
    trainer.observers.append(ProgressReport())
    trainer.run()
    assert capsys.readouterr().out.startswith("cli_mlp: iterations 0 to 16 on cpu, seed 1701")


def test_images_count_over_passes_and_processes(trainer):
    assert batch_size(trainer) == 5
    trainer.settings.iter_size = 3
    assert batch_size(trainer) == 15


@pytest.mark.parametrize("seconds, text", [(0.4, "0:00"), (59.6, "1:00"), (83, "1:23"), (3723, "1:02:03")])
def test_durations_are_formatted(seconds, text):
    assert duration(seconds) == text
