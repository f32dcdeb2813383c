"""Read and write ``.solverstate`` files, in both of Caffe's formats, with the state of the phase.

Caffe loads these files and ignores our fields. Files of Caffe load here: they have no phase, and data start at the first
item again, as in Caffe.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from google.protobuf.message import DecodeError

from dsd.solver.plateau import Plateau
from netdef.errors import FileError, NetdefError
from netdef.files import atomic_hdf5, atomic_write
from netdef.schema.blobs import to_array
from netdef.schema.messages import BlobProto, DsdState, SolverState
from netdef.schema.utf8 import check_texts
from netdef.weights import wire_format
from netdef.weights.caffemodel import LARGEST

if TYPE_CHECKING:
    import h5py

_WEIGHTS = (".caffemodel", ".h5", ".safetensors", ".pt", ".pth")


@dataclass
class State:
    """The contents of a state file.

    ``history`` is as `Solver.history` lists it. ``dsd`` is None in files of the original program. ``plateau`` is there if
    the rate follows the loss; its file has the names and the numbers of SSD's.
    """

    iteration: int
    learned_net: str
    history: list[np.ndarray] = field(default_factory=list)
    current_step: int = 0
    dsd: DsdState | None = None
    plateau: Plateau | None = None

    @property
    def run(self) -> str:
        """The id of the run that wrote it; "" for files of the original program, and of this one's first version."""
        return self.dsd.run if self.dsd is not None else ""


def write_state(path: str | Path, state: State) -> None:
    """Write a state, as HDF5 if the name ends in ``.h5``. The file is complete or absent."""
    if str(path).endswith(".h5"):
        _write_hdf5(path, state)
    else:
        _write_binary(path, state)


def _write_binary(path: str | Path, state: State) -> None:
    # Arrays are written as they are: in a message they would be copied several times, while no other thread runs.
    chunks: list[bytes | np.ndarray] = [SolverState(iter=state.iteration, learned_net=state.learned_net).SerializeToString()]
    for array in state.history:
        values, shape = np.ascontiguousarray(array, "<f4"), BlobProto(shape={"dim": array.shape})
        shape.shape.SetInParent()  # a scalar has a shape too, of no dimensions
        head, tail = wire_format.header(BlobProto.DATA_FIELD_NUMBER, values.nbytes), shape.SerializeToString()
        size = len(head) + values.nbytes + len(tail)
        chunks += [wire_format.header(SolverState.HISTORY_FIELD_NUMBER, size), head, values, tail]
    last = SolverState(current_step=state.current_step, dsd=state.dsd)
    if state.plateau is not None:
        last.minimum_loss, last.iter_last_event = state.plateau.least, state.plateau.last_event
    chunks.append(last.SerializeToString())
    total = sum(chunk.nbytes if isinstance(chunk, np.ndarray) else len(chunk) for chunk in chunks)
    if total > LARGEST:
        raise FileError(f"{path}: would take {total / 2**30:.2f} GiB; a .solverstate cannot be larger than 2 GiB. "
                        "Let the solver say `snapshot_format: HDF5`")
    with atomic_write(path) as file:
        for chunk in chunks:
            file.write(chunk.reshape(-1).view(np.uint8) if isinstance(chunk, np.ndarray) else chunk)


def _write_hdf5(path: str | Path, state: State) -> None:
    import h5py

    name = state.learned_net.encode()
    dsd = b"" if state.dsd is None else state.dsd.SerializeToString()
    values = sum(array.nbytes for array in state.history) + len(dsd) + len(name)
    with atomic_hdf5(path, values, len(state.history) + 7) as h5:
        h5["iter"] = np.array([state.iteration], np.int32)
        # Caffe reads up to a NUL, so there must be room for one.
        h5.create_dataset("learned_net", data=name, dtype=h5py.string_dtype("utf-8", len(name) + 1))
        h5["current_step"] = np.array([state.current_step], np.int32)
        if state.plateau is not None:
            h5["minimum_loss"] = np.array([state.plateau.least], np.float32)
            h5["iter_last_event"] = np.array([state.plateau.last_event], np.int32)
        group = h5.create_group("history")
        for index, array in enumerate(state.history):
            group[str(index)] = array
        if state.dsd is not None:
            h5["dsd"] = np.frombuffer(dsd, np.uint8)


def read_state(path: str | Path) -> State:
    """Read a state in either format. Raises `FileError` for other files."""
    path = Path(path)
    if not path.is_file():
        raise FileError(f"{path}: no such file")
    with open(path, "rb") as file:
        magic = file.read(8)
    if not magic:
        raise FileError(f"{path}: is empty")
    try:
        return _read_hdf5(path) if magic == b"\x89HDF\r\n\x1a\n" else _read_binary(path)
    except FileError as error:
        weights = path.suffix in _WEIGHTS and ".solverstate" not in path.suffixes
        raise FileError(f"{error}{'; `--weights` takes a file of weights' if weights else ''}") from None


def _read_binary(path: Path) -> State:
    try:
        message = SolverState.FromString(wire_format.whole(path))
    except (DecodeError, wire_format.Damaged) as error:
        raise FileError(f"{path}: not a .solverstate, or a damaged one: {error}") from None
    if not message.HasField("iter") or message.iter < 0:
        raise FileError(f"{path}: not a .solverstate: it has no iteration")
    try:
        history = [to_array(blob) for blob in message.history]
        check_texts(message.dsd)
    except NetdefError as error:
        raise FileError(f"{path}: {error}") from None
    step, plateau = message.current_step, None
    if message.HasField("minimum_loss"):
        plateau = Plateau(message.iter_last_event, step, message.minimum_loss)
    dsd = message.dsd if message.HasField("dsd") else None
    return State(message.iter, _text(message.learned_net), history, step, dsd, plateau)


def _read_hdf5(path: Path) -> State:
    import h5py

    try:
        with h5py.File(path, "r") as h5:
            history = [_values(h5["history"][str(i)]).astype(np.float32) for i in range(len(h5["history"]))]
            learned_net = h5["learned_net"][()] if "learned_net" in h5 else b""
            dsd = DsdState.FromString(_values(h5["dsd"]).tobytes()) if "dsd" in h5 else None
            check_texts(dsd or DsdState())
            step, plateau = _number(h5["current_step"]), None
            if "minimum_loss" in h5:
                plateau = Plateau(_number(h5["iter_last_event"]), step, float(_values(h5["minimum_loss"]).reshape(-1)[0]))
            state = State(_number(h5["iter"]), _text(learned_net), history, step, dsd, plateau)
    except (  # h5py raises all of these on damaged files
        OSError, RuntimeError, KeyError, IndexError, TypeError, ValueError, AttributeError, DecodeError, NetdefError
    ) as error:
        raise FileError(f"{path}: not a .solverstate.h5, or a damaged one: {error}") from None
    if state.iteration < 0:
        raise FileError(f"{path}: not a .solverstate.h5: it has no iteration")
    return state


def _values(dataset: h5py.Dataset) -> np.ndarray:
    """The values of a data set. Raises ValueError if it claims to be larger than its file."""
    there = dataset.file.id.get_filesize()
    if dataset.nbytes > there and dataset.compression is None:
        raise ValueError(f"`{dataset.name}` claims {dataset.nbytes} bytes; the file has {there}")
    return np.asarray(dataset[()])


def _number(dataset: h5py.Dataset) -> int:
    return int(_values(dataset).reshape(-1)[0])


def _text(value: bytes | str | np.ndarray) -> str:
    """A path as text; bytes that are not UTF-8 are replaced."""
    value = value.tobytes() if isinstance(value, np.ndarray) else value
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
