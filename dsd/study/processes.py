"""Several runs at a time, in worker processes that each have their share of the cores."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dsd.study.run_folder import Job, RunFolder
from dsd.study.worker_process import WorkerProcess

_CHECK_EVERY = 0.2  # seconds, for a branch


@dataclass(frozen=True)
class Task:
    """A job and its folder; ``source`` is the folder of the run that it branches from, if any."""

    job: Job
    folder: RunFolder
    source: Path | None = None


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(
    tasks: Sequence[Task],
    side_by_side: int,
    at: Callable[[Task, int], None] = lambda task, iteration: None,
    ended: Callable[[Task, str | None], None] = lambda task, complaint: None,
) -> dict[str, str]:
    """Do all tasks, ``side_by_side`` at a time; {``arm, seed n``: complaint} of those that failed.

    A task that branches from another's run begins when that has come to the branch, or has ended. ``at`` is called with a
    task and its iteration every few seconds, from several threads; ``ended`` when a task ends, with a complaint or None,
    from the caller's thread. One failure does not stop the others. After an exception in this function, Ctrl-C included,
    every run stops with a snapshot, and the exception is raised again.
    """
    waiting = _Waiting(tasks)
    workers = _Workers(_threads(min(side_by_side, len(tasks))))
    failures = {}

    def do_next() -> tuple[Task, str | None]:
        task = waiting.take()
        try:
            return task, workers.do(task, lambda iteration: at(task, iteration))
        finally:
            waiting.ended(task)

    with closing(workers), ThreadPoolExecutor(max(side_by_side, 1)) as pool:
        futures = [pool.submit(do_next) for _ in tasks]
        try:
            for future in as_completed(futures):
                task, complaint = future.result()
                if complaint is not None:
                    failures[f"{task.job.arm}, seed {task.job.seed}"] = complaint
                ended(task, complaint)
        except BaseException:
            waiting.stop()
            workers.stop()
            raise
    return failures


class _Waiting:
    """The tasks that have not begun, in order."""

    def __init__(self, tasks: Sequence[Task]):
        self._tasks = list(tasks)
        self._open = {task.folder.path for task in tasks}  # of runs that have not ended
        self._changed = threading.Condition()
        self._stopping = False

    def take(self) -> Task:
        """Remove and return the first task that can begin; wait until there is one."""
        with self._changed:
            while True:
                for task in self._tasks:
                    if self._stopping or task.source not in self._open or task.folder.states():
                        self._tasks.remove(task)
                        return task
                self._changed.wait(_CHECK_EVERY)

    def ended(self, task: Task) -> None:
        """Let the tasks begin that wait for this one."""
        with self._changed:
            self._open.discard(task.folder.path)
            self._changed.notify_all()

    def stop(self) -> None:
        """Let all tasks be taken at once, though none will be done."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()


class _Workers:
    """Worker processes, started when all others are busy and kept for the next run."""

    def __init__(self, threads: int):
        self._threads = threads
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._stopping = False

    def do(self, task: Task, at: Callable[[int], None]) -> str | None:
        """Do a task and return its complaint, None if it finished."""
        if self._stopping:
            return None
        try:
            worker = self._idle.pop()
        except IndexError:
            worker = WorkerProcess(self._threads)
        self._busy.add(worker)
        if self._stopping:
            worker.stop()
        complaint = worker.do(task.folder, at)
        self._busy.discard(worker)
        # The modules of Python layers may keep a state of their own, which another run must not see.
        if worker.alive and not task.job.allow_python:
            self._idle.append(worker)
        else:
            worker.close()
        return complaint

    def stop(self) -> None:
        """Stop all runs, with snapshots."""
        self._stopping = True
        for worker in list(self._busy):
            worker.stop()

    def close(self) -> None:
        """End the processes; none has a run any more."""
        while self._idle:
            self._idle.pop().close()


def _threads(side_by_side: int) -> int:
    """Threads per run: its share of the cores, at most OMP_NUM_THREADS."""
    share = max(cores() // max(side_by_side, 1), 1)
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return min(share, int(limit)) if limit.isdecimal() and int(limit) else share
