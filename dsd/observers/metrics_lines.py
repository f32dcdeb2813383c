"""Read the JSON lines of a run, which `dsd.observers.metrics` writes. Imports no torch."""

from __future__ import annotations

import json
from pathlib import Path

from netdef.errors import FileError


def read_lines(path: str | Path) -> tuple[list[dict], list[int]]:
    """Read the events of a file, and the numbers (from 1) of damaged lines.

    A last line without a line end, of a run that is going on or was killed, is ignored. Raises `FileError` for a file that
    cannot be read or has no event.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from None
    *lines, last = data.split(b"\n")
    events, damaged = [], []
    for number, line in enumerate([*lines, last], 1):
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):  # RecursionError: unbalanced brackets
            event = None
        if isinstance(event, dict) and isinstance(event.get("event"), str):
            events.append(event)
        elif line.strip() and number <= len(lines):
            damaged.append(number)
    if not events:
        raise FileError(f"{path}: holds no line of a run" + (
            ", or is damaged; the .jsonl of a run is wanted" if damaged else " yet"))
    return events, damaged
