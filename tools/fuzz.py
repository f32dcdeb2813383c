"""Read files with random damage, and count what becomes of them: read, refused with a message, or a fault of ours.

    python tools/fuzz.py prototxt --count 1000000 --jobs 2
    python tools/fuzz.py caffemodel h5 safetensors pt solverstate lmdb hdf5 log --count 20000
    python tools/fuzz.py prototxt --texts FOLDER                               damage the prototxts of a folder, too
    python tools/fuzz.py prototxt --seed 4711 --count 1 --keep found/         one case again, and its file

A prototxt is changed by token (one left out, repeated, exchanged, or replaced by one of another text), other files by
byte: some bytes changed, a piece left out, repeated, or all from some place on. A text is read and its net built for both
phases, without memory for it. A fault is any exception but those for users (`NetdefError`), a signal that ends the process,
or more than a minute. Cases are a function of kind and seed. The exit status is 1 if there are faults.
"""

from __future__ import annotations

import argparse
import multiprocessing
import multiprocessing.connection
import random
import re
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import h5py
import lmdb
import numpy as np
import torch

import netdef
from dsd.logs.read import read_runs
from dsd.plan.prepare import prepare
from dsd.training.solverstate import State, read_state, write_state
from netdef.data.databases.lmdb import LmdbRecords
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text, read_solver_text
from netdef.errors import NetdefError
from netdef.graph.build import build_net
from netdef.weights.load import load_weights

ROOT = Path(__file__).parents[1]
LONG_TEXT = 8000  # bytes; longer ones take longer to read and have no other parts
LONGEST = 60  # seconds that a case may take
_TOKEN = re.compile(r'"[^"\n]*"|[\w.+-]+|[^\s\w]|\s+')
_STRANGE = ("0", "-1", "1", "2147483648", "4294967295", "1e39", "-1e-45", "nan", "inf", "0x7f", "017", "1.5.2", "true",
            '""', '"\\377"', "'x", "{", "}", "<", ">", "[", "]", ":", ",", "#", "MAX", "layer", "layers", "include")
WEIGHTS_OF = """
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } } }
layer { name: "conv" type: "Convolution" bottom: "x" top: "c" convolution_param { num_output: 4 kernel_size: 3
        weight_filler { type: "xavier" } } }
layer { name: "bn" type: "BatchNorm" bottom: "c" top: "b" }
layer { name: "m" type: "Mask" top: "m" mask_param { sparsity: 0.5 } }
layer { name: "ip" type: "InnerProduct" bottom: "b" bottom: "m" top: "y" inner_product_param { num_output: 5
        weight_filler { type: "xavier" } } }
"""


# Seeds: files that are right.


def texts(more: Path | None = None) -> list[tuple[str, Path]]:
    """Small nets and solvers, each with its folder: those of the models and of the tests, and of one folder more."""
    folders = [ROOT / "models", ROOT / "tests" / "golden", *([more] if more else [])]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.prototxt")) if path.stat().st_size < LONG_TEXT]
    return [(path.read_text(errors="replace"), path.parent) for path in paths]


def write_right(kind: str, path: Path) -> None:
    """Write a file of a kind that is read without a complaint."""
    if kind in ("caffemodel", "h5", "safetensors", "pt"):
        torch.manual_seed(1)
        net = netdef.loads(WEIGHTS_OF)
        net.masks["m"].set(net.params["ip"][0] > 0)
        netdef.save_weights(net, path, f".{kind}")
    elif kind == "solverstate":
        write_state(path, State(7, "w.caffemodel", [np.arange(12, dtype=np.float32).reshape(3, 4)], 1))
    elif kind == "lmdb":
        with lmdb.open(str(path), subdir=False, lock=False, map_size=1 << 20) as database, database.begin(write=True) as store:
            for number in range(200):
                store.put(b"%05d" % number, bytes(range(number % 200)))
    elif kind == "hdf5":
        with h5py.File(path, "w") as file:
            file["data"], file["label"] = np.ones((7, 3, 2), np.float32), np.arange(7)
    elif kind == "log":
        path.write_text(LOG)


LOG = "".join(
    f"I0708 11:32:{i % 60:02}.563491 6 solver.cpp:239] Iteration {i} (5 iter/s, 0.2s/1 iters), loss = {1 / (i + 1)}\n"
    f"I0708 11:32:{i % 60:02}.563491 6 solver.cpp:258]     Train net output #0: loss = {1 / (i + 1)} (* 1 = 1 loss)\n"
    f"I0708 11:32:{i % 60:02}.563491 6 sgd_solver.cpp:112] Iteration {i}, lr = 0.01\n"
    f"I0708 11:32:{i % 60:02}.563491 6 solver.cpp:347] Iteration {i}, Testing net (#0)\n"
    f"I0708 11:32:{i % 60:02}.563491 6 solver.cpp:414]     Test net output #0: accuracy = 0.5\n" for i in range(12))


# Damage.


def damaged_text(text: str, pool: list[str], rng: random.Random) -> str:
    """A text with one to four changes of tokens, mostly one; ``pool`` are tokens of all texts."""
    tokens = _TOKEN.findall(text)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(tokens)) if tokens else 0
        how = rng.randrange(7)
        if how == 0:
            del tokens[at : at + rng.choice((1, 1, 1, 2, 9))]
        elif how == 1:
            tokens[at:at] = tokens[at : at + rng.choice((1, 2, 7, 30))]
        elif how == 2 and tokens:
            other = rng.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif how == 3:
            tokens[at : at + 1] = [rng.choice(pool)]
        elif how == 4:
            tokens[at : at + 1] = [rng.choice(_STRANGE)]
        elif how == 5:
            tokens.insert(at, rng.choice((*_STRANGE, *rng.sample(pool, 4))))
        elif rng.random() < 0.2:
            del tokens[at:]
    return "".join(tokens)


def damaged_bytes(data: bytes, rng: random.Random) -> bytes:
    """Data with one to six changes."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(found) + 1)
        how = rng.randrange(6)
        if how == 0 and at < len(found):
            found[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        elif how == 1 and at < len(found):
            found[at] ^= 1 << rng.randrange(8)
        elif how == 2:
            found[at : at + 8] = rng.choice((b"\xff" * 8, bytes(8), rng.randbytes(8), b"\x80" * 7 + b"\x01"))
        elif how == 3:
            del found[at : at + rng.choice((1, 4, 100))]
        elif how == 4:
            found[at:at] = found[at : at + rng.choice((1, 8, 60))]
        elif rng.random() < 0.3:
            del found[at:]
    return bytes(found)


# Readers.


def read_text(text: str, folder: Path) -> None:
    """Read a text of a folder as what it is: a solver with its phases and nets, or a net, built for both phases."""
    if "base_lr" in text:
        prepare(read_solver_text(text, folder), check_only=True)
        return
    spec = read_net_text(text, folder)
    for phase in ("TRAIN", "TEST"):
        build_net(filter_net(spec, phase), "meta")


def read_hdf5(path: Path) -> None:
    """Read a file as a data layer does, a batch of it."""
    net = netdef.loads(f"""layer {{ name: "d" type: "HDF5Data" top: "data" top: "label"
        hdf5_data_param {{ source: "{path}" batch_size: 5 }} }}""")
    for _ in range(3):
        next(net.feeds)


def read_lmdb(path: Path) -> None:
    """Read all records of a database, and some out of order."""
    records = LmdbRecords(path)
    try:
        records.read(0, 250)
        records.pick([0, records.count() - 1])
    finally:
        records.close()


READERS: dict[str, Callable[[Path], object]] = {
    **{kind: (lambda path: load_weights(netdef.loads(WEIGHTS_OF), path)) for kind in ("caffemodel", "h5", "safetensors", "pt")},
    "solverstate": read_state,
    "lmdb": read_lmdb,
    "hdf5": read_hdf5,
    "log": read_runs,
}

KINDS = ("prototxt", *READERS)


# Cases.


class Cases:
    """The damaged files of a kind: case n is a function of kind, seed and n."""

    def __init__(self, kind: str, seed: int, folder: Path, more: Path | None = None):
        self.kind, self.seed, self.path = kind, seed, folder / f"case.{kind}"
        self.texts: list[tuple[str, Path]] = []
        self.home = folder  # relative paths in a text begin at the folder of the right one
        self.pool: list[str] = []
        self.right = b""
        if kind == "prototxt":
            self.texts = texts(more)
            self.pool = sorted({token for text, _ in self.texts for token in _TOKEN.findall(text) if not token.isspace()})
        else:
            write_right(kind, self.path)
            self.right = self.path.read_bytes()

    def write(self, number: int) -> Path:
        """Write a case; returns its path."""
        rng = random.Random(f"{self.kind} {self.seed + number}")
        if self.texts:
            text, self.home = rng.choice(self.texts)
            self.path.write_text(damaged_text(text, self.pool, rng))
        else:
            self.path.write_bytes(damaged_bytes(self.right, rng))
        return self.path

    def outcome(self, number: int) -> str:
        """``read``, ``refused``, or the last line of a fault and where it is."""
        path = self.write(number)
        signal.alarm(LONGEST)
        try:
            if self.texts:
                read_text(path.read_text(), self.home)
            else:
                READERS[self.kind](path)
        except NetdefError as error:
            return "refused" if str(error) else "fault: a message without words"
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            return f"fault: {type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}: {error}"[:300]
        finally:
            signal.alarm(0)
        return "read"


def _serve(kind: str, seed: int, numbers: range, pipe: Connection, more: Path | None) -> None:
    """Send (number, outcome) of each case; the number alone before it is read."""
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        cases = Cases(kind, seed, Path(folder), more)
        for number in numbers:
            pipe.send((number, ""))
            pipe.send((number, cases.outcome(number)))


def outcomes(
    kind: str, seed: int, count: int, jobs: int = 1, more: Path | None = None
) -> Iterator[tuple[int, str]]:
    """(seed of a case, its outcome) of each case, in processes; one that a signal ends is replaced."""
    step = -(-count // jobs)
    parts = [range(first, min(first + step, count)) for first in range(0, count, step)]
    running = [_start(kind, seed, part, more) for part in parts]
    while running:
        for ready in multiprocessing.connection.wait([pipe for _, pipe, _ in running]):
            entry = next(entry for entry in running if entry[1] is ready)
            worker, pipe, part = entry
            last = part.start
            try:
                while pipe.poll():
                    last, outcome = pipe.recv()
                    if outcome:
                        yield seed + last, outcome
                        last += 1
                    part = range(last, part.stop)
                running[running.index(entry)] = (worker, pipe, part)
            except EOFError:
                worker.join()
                running.remove(entry)
                if part:
                    yield seed + part.start, f"fault: the process ended with {worker.exitcode}"
                    if rest := range(part.start + 1, part.stop):
                        running.append(_start(kind, seed, rest, more))


def _start(kind: str, seed: int, part: range, more: Path | None) -> tuple[multiprocessing.process.BaseProcess, Connection, range]:
    here, there = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.get_context("fork").Process(target=_serve, args=(kind, seed, part, there, more), daemon=True)
    worker.start()
    there.close()
    return worker, here, part


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="+", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--count", type=int, default=1000, help="cases of each kind")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first case")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--keep", type=Path, help="write the files of faults into this folder")
    parser.add_argument("--texts", type=Path, help="damage the prototxts of this folder, too")
    options = parser.parse_args()
    faults = 0
    print(f"{'kind':12} {'cases':>9} {'read':>9} {'refused':>9} {'faults':>7}")
    for kind in options.kinds:
        counts: Counter[str] = Counter()
        for seed, outcome in outcomes(kind, options.seed, options.count, options.jobs, options.texts):
            counts[outcome.split(":")[0]] += 1
            if outcome.startswith("fault"):
                print(f"  --seed {seed}: {outcome}", flush=True)
            if options.keep and (outcome.startswith("fault") or options.count == 1):
                options.keep.mkdir(parents=True, exist_ok=True)
                Cases(kind, seed, options.keep, options.texts).write(0).rename(options.keep / f"{seed}.{kind}")
        print(f"{kind:12} {options.count:9,} {counts['read']:9,} {counts['refused']:9,} {counts['fault']:7,}", flush=True)
        faults += counts["fault"]
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
