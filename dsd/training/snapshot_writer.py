"""Write the snapshots of a run, large ones in the background."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from dsd.training.run import Run
from dsd.training.snapshot import contents_of, paths

IN_BACKGROUND = 1 << 25
"""Bytes of weights from which a snapshot is written in the background; smaller ones take milliseconds."""


class SnapshotWriter:
    """Writes one snapshot at a time: a large one from a copy, in a thread, while training goes on.

    ``written`` is called with the paths of each snapshot when both its files are complete, from the thread that calls `begin`,
    `poll` or `finish`. With ``snapshot_diff`` nothing is written in the background.
    """

    def __init__(self, run: Run, written: Callable[[Path, Path], None]):
        self.run, self._written = run, written
        size = sum(entry.tensor.nbytes for entry in run.net.learnable)
        self.in_background = size >= IN_BACKGROUND and not run.settings.snapshot_diff
        self._executor: ThreadPoolExecutor | None = None
        self._writing: Future[None] | None = None
        self._paths: tuple[Path, Path] | None = None  # of the snapshot that is being written

    def begin(self) -> tuple[Path, Path]:
        """Write a snapshot of the run as it is, or begin to, after `finish`. All ranks call it; the first writes."""
        self.finish()
        self._paths = found = paths(self.run)
        contents = contents_of(self.run, *found, copied=self.in_background)
        if contents is not None and self.in_background:
            self._executor = self._executor or ThreadPoolExecutor(1, thread_name_prefix="dsd-snapshot")
            self._writing = self._executor.submit(contents.write)
            return found
        if contents is not None:
            contents.write()
        if not self.in_background:
            self.run.world.wait()
        self.finish()
        return found

    def poll(self) -> None:
        """`finish` a snapshot whose files are complete."""
        if self._writing is not None and self._writing.done():
            self.finish()

    def finish(self) -> None:
        """Wait for the snapshot in the background. Raises the error of its writing."""
        writing, self._writing = self._writing, None
        found, self._paths = self._paths, None
        if writing is not None:
            writing.result()
        if found is not None:
            self._written(*found)

    def close(self) -> None:
        """Wait for the snapshot in the background, and ignore its errors."""
        if self._writing is not None:
            wait([self._writing])
