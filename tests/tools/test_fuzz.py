"""Damaged files of every kind are read or refused with a message, and the tool notices what is neither."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "fuzz.py"
FAULTY = """
import os, signal, sys
sys.path.insert(0, {folder!r})
import fuzz
seen = []
def reader(path):
    seen.append(path.read_bytes())
    if b"{mark}" in seen[-1]:
        {act}
fuzz.READERS["log"] = reader
fuzz.damaged_bytes = lambda data, rng: b"case %d" % rng.randrange(4)
for seed, outcome in fuzz.outcomes("log", 0, 12, jobs=3):
    print(seed, outcome)
"""


def run(*arguments: str) -> list[list[str]]:
    """The rows of the table: kind, cases, read, refused, faults."""
    done = subprocess.run([sys.executable, TOOL, *arguments], capture_output=True, text=True, cwd=TOOL.parents[1])
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.split() for line in done.stdout.splitlines()[1:]]


def test_damaged_texts_are_read_or_refused():
    ((kind, cases, *counts),) = run("prototxt", "--count", "150")
    read, refused, faults = map(int, counts)
    assert (kind, cases, faults) == ("prototxt", "150", 0) and read + refused == 150 and read and refused


def test_damaged_files_are_read_or_refused():
    kinds = ["caffemodel", "h5", "safetensors", "pt", "solverstate", "lmdb", "hdf5", "log"]
    rows = run(*kinds, "--count", "25")
    assert [(row[0], row[1], row[4]) for row in rows] == [(kind, "25", "0") for kind in kinds]


@pytest.mark.slow
def test_ten_thousand_damaged_texts_are_read_or_refused():
    ((_, cases, *counts),) = run("prototxt", "--count", "10000", "--seed", "1000000", "--jobs", "2")
    assert cases == "10,000" and counts[-1] == "0"


def faults(act: str, mark: str) -> dict[int, str]:
    """{seed: outcome} of twelve cases, of which those with a mark are faults."""
    script = FAULTY.format(folder=str(TOOL.parent), mark=mark, act=act)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=TOOL.parents[1], check=True)
    return {int(seed): outcome for seed, outcome in (line.split(" ", 1) for line in done.stdout.splitlines())}


@pytest.mark.parametrize("act, said", [
    ("raise ValueError('odd')", "fault: ValueError at <string>:9: odd"),
    ("os.kill(os.getpid(), signal.SIGKILL)", "fault: the process ended with -9"),
])
def test_a_fault_is_reported_with_its_seed_and_the_rest_goes_on(act: str, said: str):
    found = faults(act, "case 2")
    assert sorted(found) == list(range(12)) and set(found.values()) == {"read", said}
    assert found == faults(act, "case 2")  # a case is a function of its seed
