"""The data of `bench_data.py`, and the ways to take batches of them: data layers, PyTorch's DataLoader, nets that train."""

from __future__ import annotations

import io
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import lmdb
import numpy as np
import torch
from PIL import Image
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


# All of them

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
