"""The runs in a file of metrics: one that began anew, and those that resumed from its snapshots."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from dsd.observers.metrics_lines import read_lines
from netdef.errors import FileError


class RunHistory:
    """The runs of a file, in order: [(id, iteration at which it began)]. Empty if there is no such file.

    A run that resumed from the snapshot of another begins at its iteration: later snapshots of the other were given up.
    """

    def __init__(self, metrics: Path):
        try:
            events = read_lines(metrics)[0]
        except FileError:
            events = []
        self.runs: list[tuple[str, int]] = []
        for event in events:
            if event["event"] == "start" and isinstance(event.get("run"), str) and isinstance(event.get("iteration"), int):
                if isinstance(event.get("resumed"), str) and event["resumed"] not in {run for run, _ in self.runs}:
                    self.runs.append((event["resumed"], 0))  # its metrics are elsewhere
                self.runs.append((event["run"], event["iteration"]))

    def owns(self, run: str, iteration: int) -> bool:
        """Whether a snapshot is of these runs, by the id of the run that wrote it and its iteration.

        True if the file or the snapshot has no ids, as those of earlier versions.
        """
        if not self.runs:
            return True
        ids = [id for id, _ in self.runs]
        return run in ids and all(iteration <= began for _, began in self.runs[ids.index(run) + 1 :])


def set_aside(files: Sequence[Path]) -> list[Path]:
    """Rename the files that exist, ``digits.log`` to ``digits.1.log``, all with the same new number. Returns the new names.

    Raises `FileError` for what the operating system refuses.
    """
    number = 1 + max((n for file in files for n in _numbers(file)), default=0)
    moved = []
    for file in files:
        if file.is_file():
            target = file.with_name(f"{file.stem}.{number}{file.suffix}")
            try:
                os.rename(file, target)
            except OSError as error:
                raise FileError(f"{file}: cannot be renamed to {target.name}: {error.strerror}") from None
            moved.append(target)
    return moved


def set_aside_files(file: Path) -> list[Path]:
    """The files that `set_aside` made of a file, the latest first."""
    return [file.with_name(f"{file.stem}.{number}{file.suffix}") for number in sorted(_numbers(file), reverse=True)]


def _numbers(file: Path) -> list[int]:
    pattern = re.compile(rf"{re.escape(file.stem)}\.(\d+){re.escape(file.suffix)}")
    there = os.listdir(file.parent) if file.parent.is_dir() else []
    return [int(found[1]) for name in there if (found := pattern.fullmatch(name))]
