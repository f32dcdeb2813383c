"""Report on a GPU: tests, speed and memory, in one run of about ten minutes.

``python tools/gpu_report.py report.json [--device cuda] [--parts tests,step] [--seconds 600]``

Writes a JSON file (environment, and for each part its command, status, seconds, counts of tests and what it printed) and
prints a table. Parts that would begin after ``--seconds`` are left out and listed as such; one that takes longer than
what is left is ended. TF32 is off in the tests, since recorded values are compared to 1e-5, and on in the benchmarks, as
torch has it. Exit status 1 if a part fails.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import torch
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
TESTED = ("tests/dsd/test_gpu.py", "tests/dsd/pycaffe/test_gpu.py", "tests/netdef/layers/test_golden.py",
          "tests/netdef/graph/test_recorded_nets.py", "tests/dsd/solver/test_golden.py")
ENDED = -1
"""The status of a part that took too long."""


class Part(NamedTuple):
    """A command of the report; ``{device}`` stands for the device's name. ``environment`` is added to its own."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = MappingProxyType({})


PARTS = (
    Part("tests", ("-m", "pytest", "-q", "-m", "", "-n", "4", "-k", "{device} or cuDNN or gpu", *TESTED),
         {"NVIDIA_TF32_OVERRIDE": "0", "OMP_NUM_THREADS": "1"}),
    Part("step", ("tools/bench_step.py", "--device", "{device}", "--nets", "lenet,googlenet,alexnet,resnet50",
                  "--rounds", "7")),
    Part("lstm", ("tools/bench_lstm.py", "--device", "{device}")),
    Part("attach", ("tools/bench_attach.py", "--device", "{device}")),
)


def environment_of(device: str) -> dict[str, Any]:
    """The versions, and name, memory and capability of the device."""
    found: dict[str, Any] = {"python": sys.version.split()[0], "torch": torch.__version__, "device": device,
                             "cpus": os.cpu_count()}
    if device.startswith("cuda"):
        properties = torch.cuda.get_device_properties(device)
        found |= {"name": properties.name, "memory": properties.total_memory, "gpus": torch.cuda.device_count(),
                  "capability": f"{properties.major}.{properties.minor}", "cuda": torch.version.cuda,
                  "cudnn": torch.backends.cudnn.version()}
    return found


def run(part: Part, device: str, seconds: float) -> dict[str, Any]:
    """Run a part for at most so many seconds."""
    command = [word.format(device=device) for word in part.command]
    start = time.monotonic()
    try:
        done = subprocess.run([sys.executable, *command], cwd=ROOT, env={**os.environ, **part.environment}, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds)
        status, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as ended:
        status, output = ENDED, (ended.stdout or b"").decode(errors="replace")
    counts = {what: int(count) for count, what in re.findall(r"(\d+) (passed|failed|skipped|error)", output[-400:])}
    return {"name": part.name, "command": command, "status": status, "seconds": round(time.monotonic() - start, 1),
            "counts": counts, "output": output}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=Path, help="the JSON file to write")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--parts", default=",".join(part.name for part in PARTS), help="all by default")
    parser.add_argument("--seconds", type=float, default=600, help="for all parts together")
    arguments = parser.parse_args()
    names = arguments.parts.split(",")
    if unknown := [name for name in names if name not in [part.name for part in PARTS]]:
        parser.error(f"unknown part `{unknown[0]}`; known are {', '.join(part.name for part in PARTS)}")
    if arguments.device.startswith("cuda") and not torch.cuda.is_available():
        parser.error("torch finds no GPU; --device cpu tries the report on the CPU")
    end = time.monotonic() + arguments.seconds
    report: dict[str, Any] = {"environment": environment_of(arguments.device), "parts": [], "left_out": []}
    for part in PARTS:
        if part.name not in names:
            continue
        if (left := end - time.monotonic()) <= 0:
            report["left_out"].append(part.name)
            continue
        report["parts"].append(run(part, arguments.device, left))
        arguments.report.write_text(json.dumps(report, indent=1))  # what is done is kept if the rest is cut off
    arguments.report.write_text(json.dumps(report, indent=1))
    show(report)
    sys.exit(any(part["status"] for part in report["parts"]))


def show(report: dict[str, Any]) -> None:
    """Print the environment, a row a part, and what benchmarks and failing parts printed."""
    console = Console()
    console.print(", ".join(f"{name} {value}" for name, value in report["environment"].items()))
    table = Table("part", "result", "seconds", "tests")
    for part in report["parts"]:
        result = {0: "done", ENDED: "took too long"}.get(part["status"], f"failed, status {part['status']}")
        table.add_row(part["name"], result, f"{part['seconds']:g}",
                      ", ".join(f"{count} {what}" for what, count in part["counts"].items()))
    for name in report["left_out"]:
        table.add_row(name, "left out: no time", "", "")
    console.print(table)
    for part in report["parts"]:
        if part["name"] != "tests" or part["status"]:
            console.print(f"\n{part['name']}", style="bold")
            console.print(part["output"], markup=False, highlight=False)


if __name__ == "__main__":
    main()
