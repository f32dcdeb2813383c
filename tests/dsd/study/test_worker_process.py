"""A worker as its parent sees it. A script of the shell plays the worker: it reads orders, and answers as the real one does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dsd.study.run_folder import RunFolder
from dsd.study.worker import FINISHED, REFUSED, STOPPED
from dsd.study.worker_process import WorkerProcess


@pytest.fixture
def worker(tmp_path, monkeypatch):
    """``worker(script)``: a process that runs it instead of Python."""
    made = []

    def make(script: str, threads: int = 3) -> WorkerProcess:
        file = tmp_path / "worker.sh"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(file))
        made.append(WorkerProcess(threads))
        return made[-1]

    yield make
    for process in made:
        if process.alive:
            process.stop()
            process.close()


def do(process: WorkerProcess, folder: str = "/runs/dsd 1") -> tuple[str | None, list[int]]:
    """The complaint about a run, and the iterations that were told."""
    told: list[int] = []
    return process.do(RunFolder(Path(folder)), told.append), told


def end(status: int, complaint: str | None = None) -> str:
    """The line of a worker at the end of a run, as an argument of ``echo``."""
    return f"'{json.dumps([status, complaint])}'"


def test_runs_one_after_another(worker):
    process = worker(f"""read order; echo 5; echo 12; echo {end(FINISHED)}
                         read order; echo {end(REFUSED, "no `net`")}
                         read order; echo 7; echo {end(STOPPED)}; read order""")
    assert do(process) == (None, [5, 12])
    assert do(process) == ("no `net`", [])
    assert process.alive and do(process) == ("stopped on the way", [7])


def test_what_a_worker_is_started_with_and_told(worker, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", ["", "/some/where", *sys.path])
    monkeypatch.chdir(tmp_path)
    process = worker(
        f'read -r order; printf "%s|" "$order" "$*" "$OMP_NUM_THREADS" "$PYTHONPATH" > seen; echo {end(FINISHED)}; read order')
    assert do(process, '/runs/a "b" 1') == (None, [])
    order, arguments, threads, path = (tmp_path / "seen").read_text().split("|")[:4]
    assert json.loads(order) == '/runs/a "b" 1' and (arguments, threads) == ("-m dsd.study.worker", "3")
    assert path.startswith(f"{tmp_path}:/some/where:")


@pytest.mark.parametrize(("script", "complaint"), [
    ("read order; echo 4; kill -9 $$", "killed by signal 9 (out of memory?)"),
    ("read order; echo 4; kill -6 $$", "killed by signal 6"),
    ("read order; echo 4; echo Traceback >&2; echo 'TypeError: no dict' >&2; exit 1", "TypeError: no dict"),
    ("read order; echo 4; exit 3", "ended with status 3"),
])
def test_how_a_worker_ended(worker, script, complaint):
    process = worker(script)
    assert do(process) == (complaint, [4]) and not process.alive


def test_a_worker_that_ended_between_runs(worker):
    process = worker("echo 'Killed by its owner' >&2; exit 2")
    process._process.wait()
    assert not process.alive and do(process) == ("Killed by its owner", [])


def test_stopping_reaches_the_run(worker):
    process = worker(f"""answer() {{ echo {end(STOPPED)}; exit 0; }}
                         trap answer TERM; read order; echo 1; while true; do sleep 0.01; done""")
    stopped = process.do(RunFolder(Path("/runs/dsd 1")), lambda iteration: process.stop())
    assert stopped == "stopped on the way"


def test_closing_ends_the_worker(worker):
    process = worker("while read order; do :; done")
    assert process.alive
    process.close()
    assert not process.alive
