"""Read files with random damage, and count what becomes of them: read, refused with a message, or a fault of ours.

    python tools/fuzz.py prototxt --count 1000000 --jobs 2
    python tools/fuzz.py caffemodel h5 safetensors pt solverstate lmdb hdf5 log --count 20000
    python tools/fuzz.py prototxt --texts FOLDER                               damage the prototxts of a folder, too
    python tools/fuzz.py prototxt --seed 4711 --count 1 --keep found/         one case again, and its file

A prototxt is changed by tokens, which are left out, repeated, exchanged, or replaced by those of another text. Other files are
changed by bytes: some get other values, a piece is left out or repeated, or the end is cut off. A text is read, and its net is
built for both phases without memory for it. A fault is an exception other than those for users (`NetdefError`), a signal that
ends the process, or more than a minute of processor time. A case is a function of kind and seed. The exit status is 1 if there
are faults.
"""

from __future__ import annotations

import argparse
import multiprocessing
import multiprocessing.connection
import random
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import torch
from fuzz_files import KINDS, READERS, read_text, texts, write_right
from mutations import damaged_bytes, damaged_text, tokens_of

from netdef.errors import NetdefError

LONGEST = 60  # seconds of processor time that a case may take


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
            self.pool = tokens_of(text for text, _ in self.texts)
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
        signal.setitimer(signal.ITIMER_PROF, LONGEST)
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
            signal.setitimer(signal.ITIMER_PROF, 0)
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
