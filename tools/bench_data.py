"""Measure the speed of data layers, and the time that nets wait for batches.

Longer than other files: its three tables share the databases and the processes that they measure.

``python tools/bench_data.py [--rounds 7] [--threads 2] [--device cuda --workers 8]``

The data are made in a temporary folder: JPEGs of 256x256 and digits of 28x28, as LMDBs. Three tables:

- images a second of a Data layer that cuts 227x227 out of the JPEGs and mirrors them, and of PyTorch's own idiom for
  the same database: a Dataset with Pillow under a DataLoader with 2 workers. An epoch each, worker processes running.
- the same layer with a net that trains on it: a small one, where data are the larger part; AlexNet, where computing
  is; and a pause of 0.9 of the time a batch takes to make, as if a device computed. No pair can be faster than the
  slower of the two alone (the data without a net, the net with a batch at hand), nor take less than the CPU time of
  both on the cores that either keeps busy alone: "of possible" is against that.
- the share of its time that LeNet spends waiting for digits, at 64 a batch.

All stand in one process and take turns, so that a noisy machine is as noisy to each; numbers are medians of turns.
Peak memory is that of a fresh process, less what it used before; worker processes count with what each has beyond that.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import lmdb
import numpy as np
import torch
from PIL import Image
from rich.console import Console
from rich.table import Table
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from dsd.training.trainer import Trainer
from netdef.api import compile_net
from netdef.data.databases.datum_writer import DatumWriter
from netdef.data.feeding.feed import Feeds
from netdef.data.images.datum import array_datum
from netdef.definition.definitions import NetDefinition, SolverDefinition
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net, read_net_text, read_solver_text
from netdef.schema.messages import Datum, SolverParameter

JPEGS, SIDE, CROP, BATCH, CLASSES = 1024, 256, 227, 32, 10
MEAN = 104.0, 117.0, 123.0  # blue, green, red
WORKERS = 2
DATA = f"""
layer {{
  name: "data" type: "Data" top: "data" top: "label"
  transform_param {{ mirror: true crop_size: {CROP} {" ".join(f"mean_value: {value}" for value in MEAN)} }}
  data_param {{ source: "jpegs" backend: LMDB batch_size: {BATCH} }}
}}
"""
SMALL = """
layer {
  name: "conv" type: "Convolution" bottom: "data" top: "conv"
  convolution_param { num_output: 8 kernel_size: 11 stride: 16 weight_filler { type: "xavier" } }
}
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip" inner_product_param { num_output: 10 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
"""


class DataCandidate(NamedTuple):
    """Something that takes batches. ``take(n)`` takes n of them and returns the seconds that it waited."""

    take: Callable[[int], float]
    rest: Callable[[], object]  # ends its work in the background


# The data


def make_data(folder: Path) -> None:
    make_jpegs(folder)
    make_digits(folder)


def make_jpegs(folder: Path) -> None:
    """Write smooth random pictures with a little noise: about 20 KB each, as photographs of this size are."""
    draw = np.random.default_rng(1)
    with DatumWriter(folder / "jpegs") as writer:
        for _ in range(JPEGS):
            coarse = Image.fromarray(draw.integers(0, 256, (17, 17, 3), dtype=np.uint8))
            smooth = np.asarray(coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC)).astype(np.int16)
            noisy = smooth + draw.integers(-12, 13, smooth.shape, dtype=np.int16)
            file = io.BytesIO()
            Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
            writer.add(Datum(data=file.getvalue(), encoded=True, label=int(draw.integers(CLASSES))))


def make_digits(folder: Path) -> None:
    """Write pictures of the size of MNIST's."""
    draw = np.random.default_rng(1)
    with DatumWriter(folder / "digits") as writer:
        for _ in range(6400):
            coarse = Image.fromarray(draw.integers(0, 256, (7, 7), dtype=np.uint8))
            writer.add(array_datum(np.asarray(coarse.resize((28, 28)))[None], draw.integers(10)))


# PyTorch's own idiom


class Jpegs(Dataset):
    """The pictures of the LMDB by index."""

    def __init__(self, path: Path):
        self.path = str(path)
        self.transaction: lmdb.Transaction | None = None  # each worker opens its own
        with lmdb.open(self.path, readonly=True, lock=False) as environment, environment.begin() as transaction:
            self.keys = list(transaction.cursor().iternext(values=False))
        self.mean = torch.tensor(MEAN)[:, None, None]

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        if self.transaction is None:
            self.transaction = lmdb.open(self.path, readonly=True, lock=False).begin()
        datum = Datum.FromString(self.transaction.get(self.keys[index]))
        left, top = random.randint(0, SIDE - CROP), random.randint(0, SIDE - CROP)
        image = Image.open(io.BytesIO(datum.data)).convert("RGB").crop((left, top, left + CROP, top + CROP))
        if random.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        pixels = torch.from_numpy(np.array(image)).flip(2).permute(2, 0, 1)
        return pixels.float() - self.mean, datum.label


def loader(folder: Path, pause: float = 0) -> DataCandidate:
    """PyTorch's DataLoader, by epochs; the workers stay. They start at once: forked later, they would find the database open."""
    batches = DataLoader(Jpegs(folder / "jpegs"), BATCH, num_workers=WORKERS, persistent_workers=True)

    def take(count: int) -> float:
        start = time.perf_counter()
        for taken, _ in enumerate(batches, 1):
            time.sleep(pause)
        assert taken == count
        return time.perf_counter() - start

    take(len(batches))
    return DataCandidate(take, lambda: None)


# Ours


class Stopwatch:
    """The batches of feeds, and the seconds spent waiting for them."""

    waited = 0.0

    def __init__(self, feeds: Feeds):
        self._feeds = feeds

    def __next__(self) -> dict[str, Tensor]:
        start = time.perf_counter()
        batch = next(self._feeds)
        self.waited += time.perf_counter() - start
        return batch


def feed(folder: Path, workers: int, pause: float = 0) -> DataCandidate:
    """The data layer alone; ``pause`` are the seconds that a device computes after each batch."""
    feeds = compile_net(read_net_text(DATA, folder), "TRAIN").feeds
    feeds.use_workers(workers)
    watch = Stopwatch(feeds)

    def take(count: int) -> float:
        watch.waited = 0.0
        for _ in range(count):
            next(watch)
            time.sleep(pause)
        return watch.waited

    return DataCandidate(take, feeds[0].forget)


def trained(net: NetDefinition, fed: bool, device: str, workers: int) -> DataCandidate:
    """A net in training, fed by its data layer or given its first batch over and over."""
    solver = read_solver_text("base_lr: 1e-4 lr_policy: 'fixed' momentum: 0.9 random_seed: 1 max_iter: 1000000")
    message = SolverParameter()
    message.CopyFrom(solver.message)
    message.train_net_param.CopyFrom(net.message)
    trainer = Trainer(SolverDefinition(message, solver.where, net.base_dir), device, workers=workers)
    watch = trainer.net.feeds = Stopwatch(feeds := trainer.net.feeds)
    batch = None if fed else next(feeds)

    def take(count: int) -> float:
        watch.waited = 0.0
        trainer.step(count, batch)
        torch.get_device_module(trainer.device).synchronize()
        return watch.waited

    feeds[0].forget()
    return DataCandidate(take, feeds[0].forget)


def small(folder: Path) -> NetDefinition:
    return read_net_text(DATA + SMALL, folder)


def published(name: str, folder: Path) -> NetDefinition:
    """The net of ``models/<name>`` for training."""
    net = filter_net(read_net(ROOT / "models" / name / "train_val.prototxt"), "TRAIN")
    return NetDefinition(net.message, net.where, folder, net.phase)


def alexnet(folder: Path) -> NetDefinition:
    """AlexNet on the JPEGs, with the data layer that all here have."""
    net = published("alexnet", folder)
    net.message.layer[0].CopyFrom(read_net_text(DATA).message.layer[0])
    return net


def lenet_on_digits(folder: Path) -> NetDefinition:
    net = published("lenet", folder)
    net.message.layer[0].data_param.source = "digits"
    return net


# The measuring

SMALL_NET, ALEXNET, LENET, AT_HAND = "small net", "AlexNet", "LeNet", ", batch at hand"
LOADER, FEED, PAUSE = f"DataLoader, {WORKERS} workers", "Data layer", "a pause"
NETS = {SMALL_NET: small, ALEXNET: alexnet, LENET: lenet_on_digits}
CANDIDATES = [LOADER, FEED, *(net + how for net in NETS for how in (AT_HAND, ""))]
STEPS = {SMALL_NET: 10, ALEXNET: 2, LENET: 200}  # a turn


class Place(NamedTuple):
    """The folder of the data, the device of the nets, and the number of processes that make batches; 0 for threads."""

    folder: Path
    device: str
    workers: int

    def make(self, what: str, pause: float = 0) -> DataCandidate:
        if what == LOADER:
            return loader(self.folder, pause)
        if what in (FEED, PAUSE):
            return feed(self.folder, self.workers, pause)
        net = what.removesuffix(AT_HAND)
        return trained(NETS[net](self.folder), what == net, self.device, self.workers)


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
    before = peak_bytes(resource.RUSAGE_SELF)
    if what in (LOADER, FEED):  # slowly, so that as many batches are ready as may be
        candidate = place.make(what, pause=0.2)
        candidate.take(JPEGS // BATCH)
    else:
        candidate = place.make(what)
        candidate.take(3)
    own = peak_bytes(resource.RUSAGE_SELF) - before
    candidate.rest()
    del candidate  # ends the workers; the largest of them is told when they have ended
    worker = peak_bytes(resource.RUSAGE_CHILDREN) - before
    workers = WORKERS if what == LOADER else place.workers
    print((own + workers * max(worker, 0)) / 2**20)


def peak_bytes(who: int) -> int:
    peak = resource.getrusage(who).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


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
