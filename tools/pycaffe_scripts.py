"""Run scripts written against pycaffe, and report how far each gets.

    python tools/pycaffe_scripts.py FOLDER [--list scripts.txt] [--only WORD]

FOLDER holds checkouts, a repository a folder named OWNER+NAME. A line of the list is

    OWNER+NAME/sub/folder | --py2 --allow-python --weights net.prototxt=file.caffemodel | script.py arguments...

The script runs in that folder through `python -m dsd.pycaffe` with the options between; a notebook's code is run as a
script, without its magic lines. ``--weights`` makes a file of weights of the net's fillers, if the file is missing;
``--path`` adds a folder to Python's path.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

# Runs `python -m dsd.pycaffe` where no windows can be opened.
DRIVER = """
import sys
sys.path.pop(0)
try:
    import cv2
    cv2.imshow = cv2.namedWindow = cv2.destroyAllWindows = cv2.moveWindow = lambda *arguments: None
    cv2.waitKey = lambda *arguments: ord("q")
except ImportError:
    pass
from dsd.pycaffe.__main__ import main
main()
"""


MAKE_WEIGHTS = """
import sys
import caffe
caffe.Net(sys.argv[1], caffe.TEST).save(sys.argv[2])
"""


class ScriptEntry(NamedTuple):
    """A line of the list: the words after ``--weights`` and ``--path`` apart from the other options."""

    folder: str
    options: list[str]
    weights: list[str]
    path: list[str]
    command: list[str]


class Result(NamedTuple):
    """The result of a script: it ``ran`` to its end, was ``running`` at the time limit, or ``stopped`` for a reason."""

    entry: ScriptEntry
    status: str
    seconds: float
    reason: str


def entries(path: Path) -> Iterator[ScriptEntry]:
    """The lines of a list, without empty ones and comments (#)."""
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            folder, options, command = (part.strip() for part in line.split("|", 2))
            words = shlex.split(options)
            weights, folders = _after(words, "--weights"), _after(words, "--path")
            yield ScriptEntry(folder, words, weights, folders, shlex.split(command))


def _after(words: list[str], option: str) -> list[str]:
    """Remove an option from a list of words wherever it occurs; returns the words after it."""
    found = []
    while option in words:
        place = words.index(option)
        found.append(words[place + 1])
        del words[place : place + 2]
    return found


def run(entry: ScriptEntry, root: Path, python: str, limit: float) -> Result:
    """Run one script in a process of its own."""
    folder = root / entry.folder
    script, *arguments = entry.command
    if not (folder / script).exists():
        return Result(entry, "missing", 0.0, "")
    begun = time.monotonic()
    try:
        for net, _, file in (pair.partition("=") for pair in entry.weights):
            if not (folder / file).exists():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                made = run_code(MAKE_WEIGHTS, entry, folder, python, limit, net, file)
                if made.returncode:
                    return Result(entry, "no weights", time.monotonic() - begun, reason(made.stderr))
        if script.endswith(".ipynb"):
            done = run_code(notebook_code(folder / script), entry, folder, python, limit)
        else:
            done = start(entry, folder, python, limit, script, *arguments)
    except subprocess.TimeoutExpired:
        return Result(entry, "running", limit, "")
    status, why = ("ran", "") if done.returncode == 0 else ("stopped", reason(done.stderr))
    return Result(entry, status, time.monotonic() - begun, why)


def run_code(
    code: str, entry: ScriptEntry, folder: Path, python: str, limit: float, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run code as a script of a folder."""
    with tempfile.NamedTemporaryFile("w", suffix=".py", dir=folder) as file:
        file.write(code)
        file.flush()
        return start(entry, folder, python, limit, Path(file.name).name, *arguments)


def start(entry: ScriptEntry, folder: Path, python: str, limit: float, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a script of a folder, and wait. Raises `subprocess.TimeoutExpired`."""
    path = os.pathsep.join([str(ROOT), *(str(folder / more) for more in entry.path)])
    quiet = {"MPLBACKEND": "Agg", "GLOG_minloglevel": "2", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        [python, "-c", DRIVER, *entry.options, *command], cwd=folder, timeout=limit,
        env={**os.environ, **quiet, "PYTHONPATH": path}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        errors="replace")


def reason(stderr: str) -> str:
    """The exception, and the last place in the script's own code."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    places = re.findall(r'File "([^"]+)", line (\d+)', stderr)
    own = [f"{Path(file).name}:{line}" for file, line in places if "/netdef/" not in file and "/dsd/" not in file
           and "/lib/python" not in file and not file.startswith("<")]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Interrupt|Exit)\b", line)]
    return f"{(errors or lines or ['failed'])[-1][:150]}{f' ({own[-1]})' if own else ''}"


def notebook_code(path: Path) -> str:
    """The code cells of a notebook, of any format, without IPython's magic lines."""
    book = json.loads(path.read_text())
    cells = book["cells"] if "cells" in book else [cell for sheet in book["worksheets"] for cell in sheet["cells"]]
    code = [cell_code("".join(cell.get("source", cell.get("input", [])))) for cell in cells if cell["cell_type"] == "code"]
    return re.sub(r"^([ \t]*)[%!](?:.*\\\n)*.*", r"\1pass", "\n".join(code), flags=re.MULTILINE) + "\n"


def cell_code(cell: str) -> str:
    """A cell's code; one that is timed is a function, whose names stay its own."""
    first, _, body = cell.partition("\n")
    return f"def _timed():\n{textwrap.indent(body, '    ')}\n_timed()" if first.startswith("%%timeit") else cell


def main() -> None:
    parser = argparse.ArgumentParser(description="Run scripts written against pycaffe, and report how far each gets.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", type=Path, default=Path(__file__).with_suffix(".txt"))
    parser.add_argument("--only", default="", help="Run the lines that have this in them.")
    parser.add_argument("--python", default=sys.executable, help="The Python that has what the scripts import besides caffe.")
    parser.add_argument("--limit", type=float, default=600, help="Seconds a script.")
    given = parser.parse_args()
    results = []
    for entry in entries(given.list):
        if given.only in f"{entry.folder}/{' '.join(entry.command)}":
            results.append(run(entry, given.folder.resolve(), given.python, given.limit))
            result = results[-1]
            print(f"{result.status:8} {result.seconds:6.1f} s  {entry.folder}/{entry.command[0]}"
                  f"{f': {result.reason}' if result.reason else ''}", flush=True)
    print(", ".join(f"{count} {status}" for status, count in Counter(result.status for result in results).items()))


if __name__ == "__main__":
    main()
