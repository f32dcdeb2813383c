"""The report of a GPU: its parts, their limits, and what it writes; tried on the CPU."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "gpu_report.py"
sys.path.insert(0, str(TOOL.parent))
gpu_report = pytest.importorskip("gpu_report")
sys.path.pop(0)


def part(code: str) -> gpu_report.Part:
    return gpu_report.Part("part", ("-c", code, "{device}"), {"ADDED": "5"})


def test_a_part_runs_its_command_on_the_device_and_counts_tests():
    found = gpu_report.run(part("import os, sys; print(sys.argv[1], os.environ['ADDED'], '7 passed, 2 skipped')"), "cpu", 600)
    assert found["status"] == 0 and found["output"] == "cpu 5 7 passed, 2 skipped\n"
    assert found["counts"] == {"passed": 7, "skipped": 2}


def test_a_failing_part_keeps_its_status_and_what_it_printed():
    found = gpu_report.run(part("print('1 failed'); raise SystemExit(3)"), "cpu", 600)
    assert (found["status"], found["counts"]) == (3, {"failed": 1})


def test_a_part_that_takes_too_long_is_ended():
    assert gpu_report.run(part("while True: pass"), "cpu", 0.5)["status"] == gpu_report.ENDED


def test_parts_without_time_are_listed_in_the_report(tmp_path):
    out = tmp_path / "report.json"
    done = subprocess.run([sys.executable, TOOL, out, "--device", "cpu", "--seconds", "0", "--parts", "tests,lstm"],
                          capture_output=True, text=True)
    assert done.returncode == 0 and "left out: no time" in done.stdout, done.stderr
    report = json.loads(out.read_text())
    assert report["left_out"] == ["tests", "lstm"] and report["parts"] == [] and report["environment"]["device"] == "cpu"


def test_an_unknown_part_is_refused(tmp_path):
    done = subprocess.run([sys.executable, TOOL, tmp_path / "r.json", "--parts", "speed"], capture_output=True, text=True)
    assert done.returncode == 2 and "unknown part `speed`; known are tests, step, lstm, attach" in done.stderr


@pytest.mark.parametrize("part", gpu_report.PARTS, ids=lambda part: part.name)
def test_the_files_of_each_part_are_there(part):
    assert all((TOOL.parents[1] / word).is_file() for word in part.command if word.endswith(".py"))
