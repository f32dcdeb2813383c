"""A conversion from end to end: write, run source and result on the same input, and only then let the files appear."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from netdef.convert.targets import Form, form_of
from netdef.convert.verify import Difference, differences, given_inputs, random_inputs
from netdef.errors import FileError, NetdefError
from netdef.graph.net import Net


@dataclass(frozen=True)
class Proof:
    """What source and result are compared on, and how far apart they may be, over the range of a blob.

    ``inputs`` are batches by name of where they come from; `random` is one of random numbers.
    """

    inputs: Mapping[str, Mapping[str, Tensor]]
    tolerance: float = 1e-4
    every_blob: bool = False


@dataclass(frozen=True)
class Outcome:
    """``files`` are those written; none if the result ``differs``, which the numbers show: by input, blob by blob."""

    files: tuple[Path, ...]
    notice: str | None
    numbers: dict[str, list[Difference]] = field(default_factory=dict)
    differs: bool = False


def convert(source: Net, net: Net, out: str | os.PathLike[str], said: str, proof: Proof | None) -> Outcome:
    """Write ``net``, which is ``source`` or a changed form of it, as the ending of ``out`` says; compare it with ``source``.

    ``said`` is what a module says of where it comes from. The files take their places only when they are whole and, with
    a proof, within its tolerance. Raises `NetdefError` for a form that the net cannot have.
    """
    form, out = form_of(out), Path(out)
    with _workshop(out) as folder:
        made = folder / out.name
        notice = form.write(net, made, said, False)
        files = [made, *(made.with_suffix(ending) for ending in form.more)]
        numbers = _numbers(source, net, form, made, said, proof) if proof else {}
        differs = proof is not None and any(
            not d.relative <= proof.tolerance for found in numbers.values() for d in found)
        if not differs:
            for file in files:
                os.replace(file, out.parent / file.name)
    placed = () if differs else tuple(out.parent / file.name for file in files)
    return Outcome(placed, notice, numbers, differs)


@torch.no_grad()
def _numbers(source: Net, net: Net, form: Form, made: Path, said: str, proof: Proof) -> dict[str, list[Difference]]:
    numbers = {}
    if proof.every_blob:
        made = made.with_name(f"every_{made.name}")
        form.write(net, made, said, True)
    for name, inputs in proof.inputs.items():
        source.reset_state()
        wanted = source.activations(**inputs) if proof.every_blob else source(**inputs)
        found = form.run(made, net, inputs, proof.every_blob)
        if missing := [blob for blob in source.outputs if blob not in found]:
            raise NetdefError(f"the result has no output `{missing[0]}`")
        numbers[name] = differences(wanted, found)
    return numbers


@contextmanager
def _workshop(out: Path):
    """A folder beside the place of the result, gone in the end."""
    folder = out.parent / f".{out.name}.{os.getpid()}.tmp"
    try:
        folder.mkdir()
    except OSError as error:
        raise FileError(f"{out}: cannot be written: {error.strerror or error}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def batch_of(net: Net, seed: int = 0) -> dict[str, Tensor]:
    """A batch to run the net on: of its own data, where it has data layers, and random numbers for its inputs."""
    return {**random_inputs(net, seed), **(next(net.feeds) if net.feeds else {})}


def read_inputs(path: str | os.PathLike[str], net: Net) -> dict[str, np.ndarray]:
    """Arrays by name of input: of a ``.npz``, a ``.npy``, or an image, resized to the net's input, blue first, 0 to 255."""
    name = os.fspath(path)
    try:
        if name.endswith(".npz"):
            with np.load(path, allow_pickle=False) as arrays:
                return {key: arrays[key] for key in arrays.files}
        if name.endswith(".npy"):
            return {"": np.load(path, allow_pickle=False)}
    except (OSError, ValueError) as error:
        raise FileError(f"{name}: cannot be read as arrays: {error}") from error
    from netdef.data.images.image_file import read_image

    shape = net.shapes[net.inputs[0]] if net.inputs else ()
    if len(shape) != 4 or shape[1] not in (1, 3):
        raise NetdefError(f"{name}: an image is no input of shape {shape}; give a .npy")
    return {"": read_image(Path(path), shape[1] == 3, *shape[2:])[None].astype(np.float32)}


@torch.no_grad()
def compare_with_recorded(
    net: Net, path: str | os.PathLike[str], mean: Sequence[float] | np.ndarray | None = None,
    scale: float | None = None, swap_channels: bool = False,
) -> list[Difference]:
    """The net's blobs against those that somebody recorded in a ``.npz``: ``<blob>`` or ``out/<blob>`` for the input
    ``input`` or ``<name of an input>``. Raises `FileError` where the file has no blob of the net.
    """
    arrays = read_inputs(path, net)
    inputs = {"input": arrays["input"]} if "input" in arrays else {n: arrays[n] for n in net.inputs if n in arrays}
    blobs = net.activations(**given_inputs(net, inputs, mean, scale, swap_channels))
    recorded = {key.removeprefix("out/"): value for key, value in arrays.items() if key.removeprefix("out/") in blobs}
    recorded = {key: torch.from_numpy(value) for key, value in recorded.items() if key not in inputs}
    if not recorded:
        raise FileError(f"{os.fspath(path)}: has none of the net's blobs; it has {', '.join(list(arrays)[:8])}")
    return differences(recorded, blobs)
