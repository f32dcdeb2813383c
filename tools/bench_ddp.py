"""Measure the speed of several processes that train together beside that of one, by DistributedDataParallel over gloo on the CPU.

``python tools/bench_ddp.py [--nets alexnet,digits] [--iter-size 1] [--ranks 2] [--threads 1] [--rounds 7]``

Starts the ranks by torchrun, with ``--threads`` each. In turns, the first rank trains alone while the others wait; all ranks
train at the same time, each its own net; and all train one net together, each on a batch of the net's size. Efficiency is the
time of a step alone over that of a step together. The second way tells its two losses apart: what the ranks take from each
other (memory, cache), and the exchange of gradients. A step is ``--iter-size`` passes and one exchange. A core for each
thread of each rank is wanted; times are of the clock on the wall. The time of one ``all_reduce`` of 4 KB is printed, too: no
step can exchange gradients in less.
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
import torch.distributed as dist
from bench_step import solver_of
from rich.console import Console
from rich.table import Table
from subjects import SUBJECTS

from dsd.distributed import ALONE, World
from dsd.training.trainer import Trainer

NETS = ("alexnet", "digits")
LEAST = 0.5  # seconds of a turn


class Times(NamedTuple):
    """Seconds of a step in each turn: of one rank alone, of all side by side without exchange, of all together."""

    alone: list[float]
    side_by_side: list[float]
    together: list[float]

    @property
    def efficiency(self) -> float:
        """The median over turns of alone over together."""
        return ratio(self.alone, self.together)


def ratio(a: list[float], b: list[float]) -> float:
    """The median over turns of ``a`` over ``b``."""
    return statistics.median(x / y for x, y in zip(a, b))


def steps_of(name: str, world: World, iter_size: int) -> Callable[[int], None]:
    """A function that trains a net for a number of iterations; it has done one."""
    if name == "digits":
        solver = ROOT / "models" / "digits" / "solver.prototxt"
        settings = ["test_interval=1000000", f"iter_size={iter_size}"]
        trainer = Trainer.from_file(solver, "cpu", world=world, settings=settings)
        trainer.step(1)
        return trainer.step
    definition = solver_of(name, None)
    definition.message.iter_size = iter_size
    trainer = Trainer(definition, "cpu", world=world)
    inputs = SUBJECTS[name].inputs(torch.device("cpu"))
    trainer.step(1, inputs)
    return lambda n: trainer.step(n, inputs)


def measure(name: str, world: World, rounds: int, iter_size: int = 1) -> Times:
    """Time the three ways in turns. All ranks call it; the times are the first's."""
    together, alone = steps_of(name, world, iter_size), steps_of(name, ALONE, iter_size)
    steps = world.agree(max(1, math.ceil(LEAST / seconds(alone, 1))) if world.rank == 0 else 0)
    times = Times([], [], [])
    for _ in range(rounds):
        for way, taken in zip((alone if world.rank == 0 else wait, alone, together), times):
            world.wait()
            took = seconds(way, steps)
            world.wait()
            taken.append(took)
    return times


def wait(steps: int) -> None:
    """Do nothing, while the first rank trains alone."""


def shortest_exchange(world: World) -> float:
    """Seconds of one ``all_reduce`` of 4 KB."""
    tensor = torch.zeros(1024)
    if world.size == 1:
        return 0.0
    dist.all_reduce(tensor)
    return seconds(lambda n: [dist.all_reduce(tensor) for _ in range(n)], 100)


def seconds(way: Callable[[int], object], steps: int) -> float:
    """Seconds of a step."""
    start = time.perf_counter()
    way(steps)
    return (time.perf_counter() - start) / steps


def table_of(found: dict[str, Times], ranks: int, threads: int) -> Table:
    """A row for each net."""
    table = Table(title=f"{ranks} ranks over gloo, {threads} thread{'s' * (threads > 1)} each", title_justify="left")
    for heading in ("net", "alone", "side by side", "together", "efficiency", "without exchange"):
        table.add_column(heading, justify="left" if heading == "net" else "right")
    for name, times in found.items():
        medians = (f"{statistics.median(taken) * 1e3:,.1f} ms" for taken in times)
        table.add_row(name, *medians, f"{times.efficiency:.2f}", f"{ratio(times.alone, times.side_by_side):.2f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nets", default=",".join(NETS), help=f"of digits, {', '.join(SUBJECTS)}")
    parser.add_argument("--iter-size", type=int, default=1, help="passes of a step")
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
    found = {name: measure(name, world, options.rounds, options.iter_size) for name in names}
    shortest = shortest_exchange(world)
    if world.rank == 0:
        Console().print(f"{options.iter_size} passes a step; all_reduce of 4 KB: {shortest * 1e3:.2f} ms")
        Console().print(table_of(found, world.size, options.threads))
    world.leave()


if __name__ == "__main__":
    main()
