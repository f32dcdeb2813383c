"""Time several ways to do the same in one process, in turns: a noisy machine is then as noisy to each."""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable, Collection, Mapping

import torch

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def parser_of(text: str | None, nets: Collection[str]) -> argparse.ArgumentParser:
    """A parser of the options that benchmarks of nets have in common; ``text`` is the tool's own."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nets", default=",".join(nets), help=f"of {', '.join(nets)}; all by default")
    parser.add_argument("--rounds", type=int, default=15, help="turns of each candidate")
    parser.add_argument("--threads", type=int, help="of torch; its own choice by default")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu, with --threads 1, bears a busy machine")
    return parser


def names_of(given: str, nets: Collection[str], parser: argparse.ArgumentParser) -> list[str]:
    """The nets that ``--nets`` names. Ends the program at an unknown one."""
    names = given.split(",")
    if unknown := [name for name in names if name not in nets]:
        parser.error(f"unknown net `{unknown[0]}`; known are {', '.join(nets)}")
    return names


def milliseconds(
    ways: Mapping[str, Callable[[], object]], first: str, rounds: int, clock: Callable[[], float],
    device: torch.device,
) -> dict[str, float]:
    """The median time of each way. A turn of ``first`` takes 100 ms or more; each begins with a call that is not counted.

    On a GPU the calls of a turn are timed together, until it is done.
    """

    def seconds(way: Callable[[], object], calls: int) -> float:
        start = clock()
        for _ in range(calls):
            way()
        torch.get_device_module(device).synchronize()
        return (clock() - start) / calls

    seconds(ways[first], 1)
    calls = max(1, math.ceil(0.1 / seconds(ways[first], 1)))
    together = 1 if device.type == "cpu" else calls  # a GPU works while Python goes on
    times: dict[str, list[float]] = {what: [] for what in ways}
    for _ in range(rounds):
        for what, way in ways.items():
            seconds(way, 1)  # the one before has filled the caches
            times[what] += [seconds(way, together) for _ in range(calls // together)]
    return {what: statistics.median(taken) * 1e3 for what, taken in times.items()}
