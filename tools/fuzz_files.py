"""The files that `fuzz.py` damages: a right one of each kind, and how it is read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

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
from netdef.graph.build import build_net
from netdef.weights.load import load_weights

LONG_TEXT = 8000  # bytes; longer ones take longer to read and have no other parts
WEIGHTS_OF = """
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } } }
layer { name: "conv" type: "Convolution" bottom: "x" top: "c" convolution_param { num_output: 4 kernel_size: 3
        weight_filler { type: "xavier" } } }
layer { name: "bn" type: "BatchNorm" bottom: "c" top: "b" }
layer { name: "m" type: "Mask" top: "m" mask_param { sparsity: 0.5 } }
layer { name: "ip" type: "InnerProduct" bottom: "b" bottom: "m" top: "y" inner_product_param { num_output: 5
        weight_filler { type: "xavier" } } }
"""


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
