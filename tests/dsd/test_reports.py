"""What a run tells people and programs while it goes on and when it ends."""

from __future__ import annotations

import io
import json
import math
import os
import signal
import time

import pytest
from caffe_cli import put_case
from rich.console import Console

from dsd.observers.metrics import JsonLines
from dsd.observers.progress import ProgressReport, batch_size, duration
from dsd.observers.signals import Signals
from dsd.observers.summary import Summary, kept_text
from dsd.training.events import Observer
from dsd.training.trainer import Trainer


@pytest.fixture
def trainer(tmp_path, monkeypatch):
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Trainer.from_file("solver.prototxt", sparsity=0.3, max_iter=8)


def events(path) -> list[dict]:
    return [json.loads(line, parse_constant=pytest.fail) for line in path.read_text().splitlines()]


def test_json_lines_have_an_object_an_event(trainer, tmp_path):
    trainer.observers.append(JsonLines(tmp_path / "run.jsonl"))
    trainer.run()
    found = events(tmp_path / "run.jsonl")
    assert [e["name"] for e in found if e["event"] == "phase"] == ["dense", "sparse", "re-dense"]
    assert [e["iteration"] for e in found if e["event"] == "train"] == list(range(16))
    assert [e["rate"] for e in found if e["event"] == "train"][:5] == [0.1, 0.1, 0.1, 0.1, 0.05]
    start, end = found[0], found[-1]
    assert (start["event"], start["seed"], start["max_iter"], start["net"]) == ("start", 1701, 16, "cli_mlp")
    assert end == {"event": "end", "time": end["time"], "iteration": 16, "early": False}
    ends = {e["name"]: e["kept"] for e in found if e["event"] == "phase_end"}
    assert ends == {
        "dense": {"ip1": [30, 30], "ip2": [15, 15]},
        "sparse": {"ip1": [21, 30], "ip2": [11, 15]},
        "re-dense": {"ip1": [30, 30], "ip2": [15, 15]},
    }
    assert abs(start["time"] - time.time()) < 600


def test_what_is_not_finite_is_null_in_json(trainer, tmp_path):
    class Spoil(Observer):
        def iterated(self, trainer, outputs, rate):
            trainer.losses[-1].fill_(math.nan)

    trainer.observers += [Spoil(), JsonLines(tmp_path / "run.jsonl")]
    trainer.run()
    assert all(e["loss"] is None for e in events(tmp_path / "run.jsonl") if e["event"] == "train")


def test_a_screen_that_is_no_terminal_gets_plain_lines(trainer):
    text = io.StringIO()
    with ProgressReport(Console(file=text, width=100)) as progress:
        progress._every = 0.0
        trainer.observers.append(progress)
        trainer.run()
    lines = text.getvalue().splitlines()
    assert "\x1b" not in text.getvalue()
    assert "sparse 2/3: iterations 8 to 12, 32 of 45 masked weights kept" in lines
    assert "  iteration 4, test: accuracy 0.3333, loss 1.063" in lines
    mine = [line for line in lines if line.startswith("re-dense 3/3  13/16")]
    assert len(mine) == 1
    for word in ("loss ", "rate 0.001", "images/s", "left"):
        assert word in mine[0]


def test_a_terminal_gets_a_bar_and_is_left_clean(trainer):
    text = io.StringIO()
    with ProgressReport(Console(file=text, width=100, force_terminal=True)) as progress:
        progress._every = 0.0
        trainer.observers.append(progress)
        trainer.run()
    assert "━" in text.getvalue() and "13/16" in text.getvalue()
    assert text.getvalue().count("\x1b[?25l") == text.getvalue().count("\x1b[?25h") == 1  # the cursor comes back


def test_the_loss_is_fetched_a_few_times_a_second_only(trainer, monkeypatch):
    fetched = []
    monkeypatch.setattr(Trainer, "loss", property(lambda self: fetched.append(1) or 0.0))
    trainer.settings.display = 0
    progress = ProgressReport(Console(file=io.StringIO(), width=100, force_terminal=True))
    progress.started(trainer)
    begin = time.monotonic()
    for _ in range(20000):
        progress.iterated(trainer, {}, 0.1)
    seconds = time.monotonic() - begin
    progress.finished(trainer, False)
    assert len(fetched) <= seconds / progress._every + 1


def test_images_count_over_passes_and_processes(trainer):
    assert batch_size(trainer) == 5
    trainer.settings.iter_size = 3
    assert batch_size(trainer) == 15


@pytest.mark.parametrize("seconds, text", [(0.4, "0:00"), (59.6, "1:00"), (83, "1:23"), (3723, "1:02:03")])
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    "kept, total, text", [(700, 1000, "700 of 1,000 (70.0%)"), (1234, 1234, "all 1,234"), (0, 7, "0 of 7 (0.0%)")])
def test_kept(kept, total, text):
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


def test_a_run_stopped_early_says_how_to_go_on(trainer):
    class Stop(Observer):
        def requested(self):
            return "stop"

    text = io.StringIO()
    trainer.observers += [Stop(), Summary(Console(file=text, width=100), {})]
    trainer.run()
    assert "Stopped at iteration 1 of 16, in phase dense." in text.getvalue()
    assert "Go on with --snapshot snap_iter_1.solverstate" in text.getvalue()


@pytest.fixture
def untouched():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGHUP)
    yield
    after = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGHUP)
    signal.signal(signal.SIGINT, before[0])
    signal.signal(signal.SIGHUP, before[1])
    assert after == before


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("interrupt, hangup", [("stop", "snapshot"), ("snapshot", "stop")])
def test_signals_are_wishes_taken_once(untouched, interrupt, hangup, capfd):
    signals = Signals(interrupt, hangup)
    signals.started(None)
    os.kill(os.getpid(), signal.SIGHUP)
    assert signals.requested() == hangup
    assert signals.requested() is None
    os.kill(os.getpid(), signal.SIGINT)
    assert signals.requested() == interrupt
    assert "after this iteration" in capfd.readouterr().err
    signals.finished(None, False)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_second_interrupt_before_the_first_is_heeded_ends_at_once(untouched):
    signals = Signals()
    signals.started(None)
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
    signals.release()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_none_ignores_the_signal(untouched):
    signals = Signals("none", "none")
    signals.started(None)
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGHUP)
    assert signals.requested() is None
    signals.release()
