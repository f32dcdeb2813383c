"""A run goes on by itself, keeps what earlier runs made, and takes nothing of another for its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import output_of
from toys import toy

from dsd.cli.log import main as log
from dsd.cli.report import main as report
from dsd.cli.train import main
from netdef.schema.messages import NetParameter

EVERY = "snapshot: 2 display: 1"  # of twelve iterations; phases end at 5, 9 and 12


train = partial(output_of, main)


def blobs(path: Path) -> list[bytes]:
    layers = NetParameter.FromString(path.read_bytes()).layer
    return [blob.SerializeToString() for layer in layers for blob in layer.blobs]


def starts(path: Path) -> list[int]:
    events = map(json.loads, path.read_text().splitlines())
    return [event["iteration"] for event in events if event["event"] == "start"]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    train(toy(folder, more=EVERY))
    return blobs(folder / "run" / "toy_iter_12.caffemodel")


def test_auto_takes_the_newest_snapshot_or_starts(tmp_path, undisturbed):
    solver, run = toy(tmp_path, more=EVERY), tmp_path / "run"
    train(solver, "--resume", "auto", "--max_iter", 7)
    train(solver, "--resume", "auto")
    assert starts(run / "toy.jsonl") == [0, 7]
    assert blobs(run / "toy_iter_12.caffemodel") == undisturbed
    assert "Resuming from" in (run / "toy.log").read_text()


def test_weights_that_a_resumed_run_does_not_begin_with_are_told_so(tmp_path):
    solver, run = toy(tmp_path, more=EVERY), tmp_path / "run"
    train(solver, "--max_iter", 5)
    (run / "toy_iter_4.caffemodel").rename(tmp_path / "w.caffemodel")
    state = run / "toy_iter_5.solverstate"
    said = train(solver, "--resume", "auto", "--weights", tmp_path / "w.caffemodel", "--max_iter", 7)
    assert f"\ngoing on from {state}; its weights count, not those of {tmp_path}/w.caffemodel\n" in said
    assert "layers used" not in said
    assert f"\ngoing on from {state}\n" in train(solver, "--snapshot", state, "--max_iter", 7)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


@pytest.mark.parametrize("damage, ending, told", [
    (shorten, "solverstate", True), (shorten, "caffemodel", True), (Path.unlink, "caffemodel", True),
    (Path.unlink, "solverstate", False)])
def test_a_damaged_snapshot_is_told_and_the_one_before_taken(tmp_path, undisturbed, damage, ending, told):
    solver, run = toy(tmp_path, more=EVERY), tmp_path / "run"
    train(solver, "--max_iter", 7)
    damage(run / f"toy_iter_7.{ending}")
    said = train(solver, "--resume", "auto")
    assert (f"toy_iter_7.{ending}" in said and "the snapshot before it is taken" in said) == told
    assert starts(run / "toy.jsonl") == [0, 6]
    assert blobs(run / "toy_iter_12.caffemodel") == undisturbed


def test_a_new_run_keeps_the_files_of_the_old_one(tmp_path):
    solver, run = toy(tmp_path, more=EVERY), tmp_path / "run"
    train(solver)
    old = {name: (run / name).read_text() for name in ("toy.log", "toy.jsonl")}
    said = train(solver, "--seed", 8, "--max_iter", 3)
    assert {name: (run / name.replace("toy", "toy.1")).read_text() for name in old} == old
    assert f"{run / 'toy.1.log'}: of an earlier run" in said and "toy_iter_12.solverstate and 7 more snapshots" in said
    train(solver, "--max_iter", 2)
    assert (run / "toy.2.log").exists() and (run / "toy.1.jsonl").read_text() == old["toy.jsonl"]
    for name, wanted in (("toy", 2), ("toy.2", 3), ("toy.1", 12)):
        assert json.loads((run / f"{name}.jsonl").read_text().splitlines()[-1])["iteration"] == wanted
        made = CliRunner().invoke(report, [str(run / name)])
        assert made.exit_code == 0, made.output
        assert (run / f"{name}_report" / "report.html").exists()
        assert CliRunner().invoke(log, ["csv", str(run / f"{name}.log")]).exit_code == 0
    made = CliRunner().invoke(report, [str(run)])
    assert made.exit_code == 0 and str(run / "toy_report" / "report.html") in made.output


def test_snapshots_of_another_run_are_not_gone_on_from(tmp_path):
    solver, run = toy(tmp_path, more=EVERY), tmp_path / "run"
    train(solver)
    train(solver, "--max_iter", 5, "--seed", 8)
    train(solver, "--resume", "auto", "--max_iter", 7)
    assert starts(run / "toy.jsonl") == [0, 5]
    for path in run.glob("*_iter_[2-7].solverstate"):
        path.unlink()  # as if the second run had been killed before its first snapshot
    train(solver, "--resume", "auto", "--max_iter", 1)
    assert starts(run / "toy.jsonl") == [0]


def test_going_back_gives_up_what_came_after(tmp_path):
    solver, run = toy(tmp_path, more=EVERY), tmp_path / "run"
    train(solver)
    train(solver, "--snapshot", run / "toy_iter_4.solverstate", "--max_iter", 7)
    train(solver, "--resume", "auto", "--max_iter", 8)
    assert starts(run / "toy.jsonl") == [0, 4, 7]


def test_a_snapshot_of_another_place_begins_new_files(tmp_path):
    train(toy(tmp_path / "a", more=EVERY), "--max_iter", 6)
    solver, run = toy(tmp_path / "b", more=EVERY), tmp_path / "b" / "run"
    train(solver, "--max_iter", 3)
    train(solver, "--snapshot", tmp_path / "a" / "run" / "toy_iter_6.solverstate", "--max_iter", 7)
    assert starts(run / "toy.jsonl") == [6] and starts(run / "toy.1.jsonl") == [0]
    train(solver, "--resume", "auto")
    assert starts(run / "toy.jsonl") == [6, 7]


def test_snapshot_and_resume_exclude_each_other(tmp_path):
    assert "not both" in train(toy(tmp_path), "--resume", "auto", "--snapshot", "x.solverstate", status=2)


def test_keep_deletes_older_snapshots(tmp_path):
    train(toy(tmp_path, more=EVERY), "--keep", 1)
    assert sorted(path.name for path in (tmp_path / "run").glob("*.solverstate")) == [
        f"toy_iter_{n}.solverstate" for n in (12, 5, 9)]


def test_a_second_run_is_refused_while_the_first_lives(tmp_path):
    solver = toy(tmp_path, more=EVERY, phases="max_iter: 1000000")
    first = subprocess.Popen([sys.executable, "-m", "dsd", "train", str(solver)], stdout=subprocess.DEVNULL)
    lock = tmp_path / "run" / "toy.lock"
    try:
        while not (lock.exists() and lock.read_text()):
            assert first.poll() is None
            time.sleep(0.05)
        said = train(solver, status=2)
        assert f"{lock}: process {first.pid} on host" in said and "give another one" in said
    finally:
        first.kill()
        first.wait()
    train(solver, "--max_iter", 1)


LIMITED = """
import resource, sys
from dsd import Observer, Trainer
from dsd.cli.train import main
import dsd.training.snapshot

class Limit(Observer):
    def iterated(self, run, outputs, rate):
        if run.iteration == 5:
            which, size = (int(word) for word in sys.argv[1:3])
            resource.setrlimit(which, (size, resource.getrlimit(which)[1]))

init = Trainer.__init__
def limited(self, *args, **flags):
    init(self, *args, **flags)
    self.observers.append(Limit())
Trainer.__init__ = limited
main(sys.argv[3:])
"""


@pytest.mark.parametrize("which, size, complaint", [
    (resource.RLIMIT_FSIZE, 100, "File too large"), (resource.RLIMIT_NOFILE, 3, "Too many open files")])
def test_a_full_disk_or_no_file_handles_is_one_sentence_and_the_last_snapshot_is_whole(
    tmp_path, undisturbed, which, size, complaint
):
    solver, run = toy(tmp_path, more="snapshot: 2"), tmp_path / "run"
    done = subprocess.run([sys.executable, "-c", LIMITED, str(which), str(size), str(solver)], capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    lines = [line for line in done.stderr.splitlines() if complaint in line]
    assert len(lines) == 1 and str(run) in lines[0] and "Traceback" not in done.stderr
    train(solver, "--resume", "auto")
    assert starts(run / "toy.jsonl")[-1] in (4, 5)
    assert blobs(run / "toy_iter_12.caffemodel") == undisturbed
