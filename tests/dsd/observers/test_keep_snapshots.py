"""The last snapshots of a run stay, those at phases' ends, and all of other runs."""

from __future__ import annotations

from toys import toy

from dsd import Trainer
from dsd.observers.keep_snapshots import KeepSnapshots
from dsd.observers.metrics import JsonLines


def iterations(folder):
    states = {int(path.stem.rpartition("_")[2]) for path in folder.glob("*.solverstate")}
    assert states == {int(path.stem.rpartition("_")[2]) for path in folder.glob("*.caffemodel")}
    return sorted(states)


def keeping(folder, count):
    return [JsonLines(folder / "toy.jsonl"), KeepSnapshots(count, folder / "toy.jsonl")]


def test_the_last_and_those_at_the_ends_of_phases_stay(tmp_path):
    solver, folder = toy(tmp_path, more="snapshot: 1"), tmp_path / "run"
    Trainer.from_file(solver, observers=keeping(folder, 2), max_iter=8).run()
    assert iterations(folder) == [5, 7, 8]
    later = Trainer.from_file(solver, observers=keeping(folder, 2))
    later.restore(folder / "toy_iter_7.solverstate")
    later.run()
    assert iterations(folder) == [5, 9, 11, 12]


def test_snapshots_of_other_runs_stay(tmp_path):
    solver, folder = toy(tmp_path, more="snapshot: 1"), tmp_path / "run"
    Trainer.from_file(solver, observers=keeping(folder, 2), max_iter=8).run()
    Trainer.from_file(toy(tmp_path, more="snapshot: 3"), observers=keeping(folder, 1)).run()
    assert iterations(folder) == [5, 7, 8, 9, 12]
