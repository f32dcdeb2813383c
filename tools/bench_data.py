"""Measure the speed of data layers, and the time that nets wait for batches.

``python tools/bench_data.py [--rounds 7] [--threads 2] [--device cuda --workers 8]``

The data are made in a temporary folder: JPEGs of 256x256 and digits of 28x28, as LMDBs. Three tables:

- images a second of a Data layer that cuts 227x227 out of the JPEGs and mirrors them, and of PyTorch's own idiom for
  the same database: a Dataset with Pillow under a DataLoader with 2 workers. An epoch each, worker processes running.
- the same layer with a net that trains on it: a small one, where data take longer than computing; AlexNet, where computing
  takes longer; and a pause of 0.9 of the time a batch takes to make, as if a device computed. No pair can be faster than the
  slower of the two alone (the data without a net, the net with a batch at hand), nor take less than the CPU time of both on
  the cores that either keeps busy alone. "Of possible" is the ratio to that bound.
- the share of its time that LeNet spends waiting for digits, at 64 a batch.

All stand in one process and take turns, so that a noisy machine is as noisy to each; numbers are medians of turns.
Peak memory is that of a fresh process, less what it used before; worker processes count with what each has beyond that.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from dsd.compute.waiting import limit_busy_waiting

limit_busy_waiting()  # as in every command

import torch
from data_candidates import (
    ALEXNET,
    AT_HAND,
    BATCH,
    CANDIDATES,
    CROP,
    FEED,
    JPEGS,
    LENET,
    LOADER,
    PAUSE,
    SIDE,
    SMALL_NET,
    STEPS,
    WORKERS,
    DataCandidate,
    Place,
    make_data,
)
from memory import resident_peak
from rich.console import Console
from rich.table import Table


class Measured(NamedTuple):
    """Medians: seconds a batch, the share of them spent waiting for data, seconds of CPU a batch."""

    seconds: float
    waited: float
    cpu: float


def measure(
    made: Mapping[str, DataCandidate], rounds: int, counts: Mapping[str, int], warm: int = 1
) -> dict[str, Measured]:
    """Measure candidates in turns of ``counts`` batches, after ``warm`` uncounted ones that fill caches."""
    turns: dict[str, list[Measured]] = {what: [] for what in made}
    for _ in range(rounds):
        for what, candidate in made.items():
            if warm:
                candidate.take(warm)
            start, busy = time.perf_counter(), time.process_time()
            waited = candidate.take(counts[what])
            seconds, cpu = time.perf_counter() - start, time.process_time() - busy
            candidate.rest()
            turns[what].append(Measured(seconds / counts[what], waited / seconds, cpu / counts[what]))
    return {what: Measured(*map(statistics.median, zip(*taken))) for what, taken in turns.items()}


def megabytes(what: str, place: Place, threads: int) -> float:
    """Peak memory of a candidate in a fresh process."""
    return float(run("--peak", what, str(place.folder), "--threads", str(threads), "--device", place.device,
                     "--workers", str(place.workers)))


def run(*arguments: str) -> str:
    """The output of this script in a fresh process."""
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def print_peak(what: str, place: Place) -> None:
    before = resident_peak()
    if what in (LOADER, FEED):  # slowly, so that as many batches are ready as may be
        candidate = place.make(what, pause=0.2)
        candidate.take(JPEGS // BATCH)
    else:
        candidate = place.make(what)
        candidate.take(3)
    own = resident_peak() - before
    candidate.rest()
    del candidate  # ends the workers; the system knows the largest peak of those that have ended
    worker = resident_peak(resource.RUSAGE_CHILDREN) - before
    workers = WORKERS if what == LOADER else place.workers
    print((own + workers * max(worker, 0)) / 2**20)


# The tables


def table(title: str, *headings: str) -> Table:
    made = Table(title=title, title_justify="left")
    made.add_column("")
    for heading in headings:
        made.add_column(heading, justify="right")
    return made


def alone(place: Place, rounds: int, peaks: Mapping[str, float]) -> Table:
    epoch = JPEGS // BATCH
    made = {what: place.make(what) for what in (LOADER, FEED)}
    found = measure(made, rounds, dict.fromkeys(made, epoch), warm=0)
    shown = table(f"{CROP}x{CROP} of {SIDE}x{SIDE} JPEGs, {BATCH} a batch, epochs of {JPEGS}",
                  "images/s", "of the DataLoader", "peak, MiB")
    for what, (seconds, *_) in found.items():
        of = found[LOADER].seconds / seconds
        shown.add_row(what, f"{BATCH / seconds:.0f}", f"{of:.2f}", f"{peaks[what]:.0f}")
    return shown


def under_nets(place: Place, rounds: int, peaks: Mapping[str, float]) -> Table:
    made = {FEED: place.make(FEED)}
    pause = 0.9 * measure(made, 3, {FEED: 10})[FEED].seconds
    made[PAUSE] = place.make(PAUSE, pause)
    for net in (SMALL_NET, ALEXNET):
        made |= {what: place.make(what) for what in (net + AT_HAND, net)}
    found = measure(made, rounds, {what: STEPS.get(what.removesuffix(AT_HAND), 10) for what in made})
    alone = {PAUSE: Measured(pause, 0, 0)} | {net: found[net + AT_HAND] for net in (SMALL_NET, ALEXNET)}
    shown = table("the same with a net that trains on it",
                  "images/s", "CPU, ms a batch", "of possible", "waits", "peak, MiB")
    for what, (seconds, waited, cpu) in found.items():
        of = f"{possible(found[FEED], alone[what]) / seconds:.2f}" if what in alone else ""
        waits = f"{waited:.1%}" if what in alone else ""
        peak = f"{peaks[what]:.0f}" if what in peaks else ""
        shown.add_row(what, f"{BATCH / seconds:.1f}", f"{cpu * 1e3:.0f}", of, waits, peak)
    return shown


def possible(data: Measured, net: Measured) -> float:
    """The fewest seconds a batch that the two can take together."""
    cores = max(data.cpu / data.seconds, net.cpu / net.seconds)
    return max(data.seconds, net.seconds, (data.cpu + net.cpu) / cores)


def lenet(place: Place, rounds: int, peaks: Mapping[str, float]) -> Table:
    made = {what: place.make(what) for what in (LENET + AT_HAND, LENET)}
    found = measure(made, rounds, dict.fromkeys(made, STEPS[LENET]), warm=20)
    shown = table("LeNet on digits, 64 a batch", "step, ms", "of a batch at hand", "waits", "peak, MiB")
    for what, (seconds, waited, _) in found.items():
        of = seconds / found[LENET + AT_HAND].seconds
        waits = f"{waited:.1%}" if what == LENET else ""
        shown.add_row(what, f"{seconds * 1e3:.2f}", f"{of:.2f}", waits, f"{peaks[what]:.0f}")
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each candidate")
    parser.add_argument("--threads", type=int, help="of torch; its own choice by default")
    parser.add_argument("--device", default="cpu", help="where nets compute; peaks are the CPU's")
    parser.add_argument("--workers", type=int, default=0, help="processes of the data layer; 0, by default: threads")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if arguments.make:
        make_data(arguments.make)
        return
    if arguments.peak:
        print_peak(arguments.peak[0], Place(Path(arguments.peak[1]), arguments.device, arguments.workers))
        return
    console, threads = Console(), torch.get_num_threads()
    console.print(f"torch {torch.__version__}, threads: {threads}, {arguments.rounds} rounds, nets on {arguments.device}")
    with tempfile.TemporaryDirectory(prefix="bench-data-") as name:
        place = Place(Path(name), arguments.device, arguments.workers)
        # These first, and in processes of their own: a process begins with its parent's peak, and ours is to be low.
        run("--make", name)
        peaks = {what: megabytes(what, place, threads) for what in CANDIDATES}
        for part in (alone, under_nets, lenet):
            console.print(part(place, arguments.rounds, peaks))


if __name__ == "__main__":
    main()
