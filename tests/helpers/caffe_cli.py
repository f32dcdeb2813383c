"""The recorded runs of the original's commands, to be run again by ours."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from oracle import golden_cases

CASE = next(case for case in golden_cases("cli") if case.name == "train")
PARSED = next(case for case in golden_cases("cli") if case.name == "parse_log")
IMAGES = next(case for case in golden_cases("cli") if case.name == "images")
_PREFIX = re.compile(r"[IWEF]\d+ \d\d:\d\d:\d\d\.\d{6} +\d+ (\w+\.\w+:\d+\] .*)")
_SPEED = re.compile(r"\(\S+ iter/s, \S+s/")
_NUMBER = re.compile(r"(?<![\w#./])-?\d+\.?\d*(?:e[+-]\d+)?(?![\w./])")


def put_case(folder: Path, case: Path = CASE) -> None:
    """Copy net, solver, data and files of weights of a recorded run into a folder."""
    for path in case.iterdir():
        if ".stderr" not in path.name:
            shutil.copy(path, folder)
            (folder / path.name).chmod(0o644)


def said(text: str, begin: str) -> list[tuple[str, list[float]]]:
    """Log lines from the one with ``begin`` in it: place and words, and apart from them the numbers. Speeds are left out."""
    lines = [match.group(1) for line in text.splitlines() if (match := _PREFIX.fullmatch(line))]
    first = next(i for i, line in enumerate(lines) if begin in line)
    lines = [_SPEED.sub("(", line) for line in lines[first:]]
    return [(_NUMBER.sub("#", line), [float(n) for n in _NUMBER.findall(line)]) for line in lines]
