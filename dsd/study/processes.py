"""Several runs at a time, each in a process of its own with its share of the cores."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from dsd.study.run_folder import Job, RunFolder
from dsd.study.worker import STOPPED


@dataclass(frozen=True)
class Task:
    """A job and its folder."""

    job: Job
    folder: RunFolder


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(
    tasks: Sequence[Task],
    side_by_side: int,
    at: Callable[[Task, int], None] = lambda task, iteration: None,
    ended: Callable[[Task, str | None], None] = lambda task, complaint: None,
) -> dict[str, str]:
    """Do all tasks, ``side_by_side`` at a time; {``arm, seed n``: complaint} of those that failed.

    ``at`` is called with a task and its iteration every few seconds, from several threads; ``ended`` when a task ends, with a
    complaint or None, from the caller's thread. One failure does not stop the others. After an exception in this function, Ctrl-C
    included, every run stops with a snapshot, and the exception is raised again.
    """
    stopping = threading.Event()
    running: set[subprocess.Popen[str]] = set()
    threads = _threads(min(side_by_side, len(tasks)))
    failures = {}

    def do(task: Task) -> str | None:
        if stopping.is_set():
            return None
        with tempfile.TemporaryFile("w+") as complaints:
            process = subprocess.Popen(
                [sys.executable, "-m", "dsd.study.worker", str(task.folder.path)],
                stdout=subprocess.PIPE, stderr=complaints, text=True,
                env={**os.environ, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": _path()},
                start_new_session=True)  # Ctrl-C reaches only this process, which tells them
            running.add(process)
            if stopping.is_set():
                process.terminate()
            with process:
                for line in process.stdout or ():
                    at(task, int(line))
            running.discard(process)
            complaints.seek(0)
            return _complaint(process.returncode, complaints.read())

    with ThreadPoolExecutor(max(side_by_side, 1)) as pool:
        futures = {pool.submit(do, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                task, complaint = futures[future], future.result()
                if complaint is not None:
                    failures[f"{task.job.arm}, seed {task.job.seed}"] = complaint
                ended(task, complaint)
        except BaseException:
            stopping.set()
            for process in list(running):
                process.terminate()
            raise
    return failures


def _threads(side_by_side: int) -> int:
    """Threads per run: its share of the cores, at most OMP_NUM_THREADS."""
    share = max(cores() // max(side_by_side, 1), 1)
    said = os.environ.get("OMP_NUM_THREADS", "")
    return min(share, int(said)) if said.isdecimal() and int(said) else share


def _complaint(status: int, said: str) -> str | None:
    """Describe the failure of a worker by its exit status and output; None if it succeeded."""
    if status == 0:
        return None
    if status == STOPPED:
        return "stopped on the way"
    if status < 0:
        return f"killed by signal {-status}{' (out of memory?)' if status == -9 else ''}"
    # A user error is printed in full, of a traceback the last line.
    return said.strip() if status == 2 else (said.strip().splitlines() or [f"ended with status {status}"])[-1]


def _path() -> str:
    """PYTHONPATH with which workers import the same files as this process."""
    return os.pathsep.join(path or os.getcwd() for path in sys.path)
