"""Measure the speed of several processes that train together beside that of one, by DistributedDataParallel over gloo on the CPU.

``python tools/bench_ddp.py [--nets alexnet,digits] [--ranks 2] [--threads 1] [--rounds 7]``

Starts the ranks by torchrun, with ``--threads`` each. In turns, the first rank trains alone while the others wait, and all
train together, each on a batch of the net's size. Efficiency is the time of a step alone over that of a step together: 1
if the exchange of gradients, and what the ranks take from each other (memory, cache), cost nothing. A core for each thread
of each rank is wanted; times are of the clock on the wall.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import torch
from bench_step import solver_of
from rich.console import Console
from rich.table import Table
from subjects import SUBJECTS

from dsd.distributed import ALONE, World
from dsd.training.trainer import Trainer

NETS = ("alexnet", "digits")
LEAST = 0.5  # seconds of a turn


class Times(NamedTuple):
    """Seconds of a step of one rank alone, and of all together, in each turn."""

    alone: list[float]
    together: list[float]

    @property
    def efficiency(self) -> float:
        """The median over turns of alone over together."""
        return statistics.median(a / b for a, b in zip(self.alone, self.together))


def steps_of(name: str, world: World) -> Callable[[int], None]:
    """A function that trains a net for a number of iterations; it has done one."""
    if name == "digits":
        solver = ROOT / "models" / "digits" / "solver.prototxt"
        trainer = Trainer.from_file(solver, "cpu", world=world, settings=["test_interval=1000000"])
        trainer.step(1)
        return trainer.step
    trainer = Trainer(solver_of(name, None), "cpu", world=world)
    inputs = SUBJECTS[name].inputs(torch.device("cpu"))
    trainer.step(1, inputs)
    return lambda n: trainer.step(n, inputs)


def measure(name: str, world: World, rounds: int) -> Times:
    """Time both in turns. All ranks call it; the times are the first's."""
    together = steps_of(name, world)
    alone = steps_of(name, ALONE) if world.rank == 0 else lambda n: None
    steps = world.agree(max(1, math.ceil(LEAST / seconds(alone, 1)))) if world.rank == 0 else world.agree(0)
    times = Times([], [])
    for _ in range(rounds):
        for way, taken in zip((alone, together), times):
            world.wait()
            took = seconds(way, steps)
            world.wait()
            taken.append(took)
    return times


def seconds(way: Callable[[int], None], steps: int) -> float:
    """Seconds of a step."""
    start = time.perf_counter()
    way(steps)
    return (time.perf_counter() - start) / steps


def table_of(found: dict[str, Times], ranks: int, threads: int) -> Table:
    """A row for each net."""
    table = Table(title=f"{ranks} ranks over gloo, {threads} thread{'s' * (threads > 1)} each", title_justify="left")
    for heading in ("net", "step alone", "step together", "efficiency"):
        table.add_column(heading, justify="left" if heading == "net" else "right")
    for name, times in found.items():
        alone, together = (f"{statistics.median(taken) * 1e3:,.1f} ms" for taken in times)
        table.add_row(name, alone, together, f"{times.efficiency:.2f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nets", default=",".join(NETS), help=f"of digits, {', '.join(SUBJECTS)}")
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1, help="of each rank")
    parser.add_argument("--rounds", type=int, default=7, help="turns")
    options = parser.parse_args()
    names = options.nets.split(",")
    if unknown := [name for name in names if name not in (*SUBJECTS, "digits")]:
        parser.error(f"unknown net `{unknown[0]}`")
    if "LOCAL_RANK" not in os.environ:
        run = ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={options.ranks}", __file__, *sys.argv[1:]]
        sys.exit(subprocess.run([sys.executable, *run], env={**os.environ, "OMP_NUM_THREADS": str(options.threads)}).returncode)
    world = World.join()
    found = {name: measure(name, world, options.rounds) for name in names}
    if world.rank == 0:
        Console().print(table_of(found, world.size, options.threads))
    world.leave()


if __name__ == "__main__":
    main()
