"""Earlier files are kept beside new ones; a snapshot belongs to the runs that the metrics tell of, or to others."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dsd.observers.run_history import RunHistory, set_aside, set_aside_files
from netdef.errors import FileError


def starts(path: Path, *runs: tuple[str, int, str | None]) -> RunHistory:
    path.write_text("".join(
        json.dumps({"event": "start", "run": run, "iteration": iteration, "resumed": resumed}) + "\n"
        for run, iteration, resumed in runs))
    return RunHistory(path)


def test_a_run_owns_what_it_wrote(tmp_path):
    history = starts(tmp_path / "x.jsonl", ("a", 0, None))
    assert history.owns("a", 700) and not history.owns("b", 700) and not history.owns("", 700)


def test_a_resumed_run_gives_up_what_came_after(tmp_path):
    history = starts(tmp_path / "x.jsonl", ("a", 0, None), ("b", 500, "a"), ("c", 600, "b"))
    owned = {run: [i for i in (400, 500, 550, 600, 700) if history.owns(run, i)] for run in "abc"}
    assert owned == {"a": [400, 500], "b": [400, 500, 550, 600], "c": [400, 500, 550, 600, 700]}


def test_a_run_owns_the_snapshot_of_another_place_that_it_went_on_from(tmp_path):
    history = starts(tmp_path / "x.jsonl", ("b", 500, "a"))
    assert history.owns("a", 500) and not history.owns("a", 501)


def test_files_without_ids_are_taken(tmp_path):
    assert RunHistory(tmp_path / "none.jsonl").owns("a", 3)
    (tmp_path / "old.jsonl").write_text('{"event": "start", "iteration": 0}\n')
    assert RunHistory(tmp_path / "old.jsonl").owns("", 3)


def test_files_are_set_aside_with_one_number(tmp_path):
    for name in ("x.log", "x.jsonl", "x.1.log", "x.12.log", "x.log.13", "xx.14.log", "x.y.15.log"):
        (tmp_path / name).write_text(name)
    log, metrics, absent = (tmp_path / name for name in ("x.log", "x.jsonl", "x.txt"))
    assert set_aside([log, metrics, absent]) == [tmp_path / "x.13.log", tmp_path / "x.13.jsonl"]
    assert (tmp_path / "x.13.jsonl").read_text() == "x.jsonl"
    assert set_aside_files(log) == [tmp_path / f"x.{n}.log" for n in (13, 12, 1)]
    assert set_aside([log, metrics]) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "x.log").touch()
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="x.log: cannot be renamed to x.1.log: Permission denied"):
        set_aside([tmp_path / "x.log"])
