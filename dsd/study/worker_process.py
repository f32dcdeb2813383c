"""A worker of a study as its parent process sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from typing import IO, cast

from dsd.study.run_folder import RunFolder
from dsd.study.worker import FINISHED, STOPPED


class WorkerProcess:
    """A process of `dsd.study.worker`. It imports torch once for all its runs."""

    def __init__(self, threads: int):
        self._stderr = tempfile.TemporaryFile("w+")
        self._process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-m", "dsd.study.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, text=True,
            env={**os.environ, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": _path()},
            start_new_session=True)  # Ctrl-C reaches only this process, which stops the workers
        self._orders, self._answers = cast(IO[str], self._process.stdin), cast(IO[str], self._process.stdout)

    @property
    def alive(self) -> bool:
        """Whether it can do another run."""
        return self._process.poll() is None

    def do(self, folder: RunFolder, at: Callable[[int], None]) -> str | None:
        """Do a run and return a complaint, None if it finished. ``at`` is called with its iteration now and then."""
        try:
            print(json.dumps(str(folder.path)), file=self._orders, flush=True)
        except BrokenPipeError:
            return self._end()
        for line in self._answers:
            answer = json.loads(line)
            if isinstance(answer, int):
                at(answer)
            else:
                status, complaint = answer
                return None if status == FINISHED else "stopped on the way" if status == STOPPED else complaint
        return self._end()

    def stop(self) -> None:
        """Make the run in progress stop with a snapshot; the process does no other."""
        self._process.terminate()

    def close(self) -> None:
        """End the process, which has no run."""
        with self._stderr, suppress(BrokenPipeError), self._process:
            self._orders.close()

    def _end(self) -> str:
        """The reason why the process ended: a signal, the last line of a traceback, or its exit status."""
        status = self._process.wait()
        if status < 0:
            return f"killed by signal {-status}{' (out of memory?)' if status == -9 else ''}"
        self._stderr.seek(0)
        return (self._stderr.read().strip().splitlines() or [f"ended with status {status}"])[-1]


def _path() -> str:
    """PYTHONPATH with which workers import the same files as this process."""
    return os.pathsep.join(path or os.getcwd() for path in sys.path)
