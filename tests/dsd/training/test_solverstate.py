"""Solver states in both of Caffe's formats, the original's and ours."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
from oracle import golden_cases

from dsd.solver.plateau import Plateau
from dsd.training import solverstate
from dsd.training.solverstate import State, read_state, write_state
from netdef.errors import FileError
from netdef.schema.blobs import from_array
from netdef.schema.messages import DsdState, MaskState, SolverState

HISTORY = [np.arange(6, dtype=np.float32).reshape(2, 3), np.float32([7, 8, 9, 10])]


@pytest.mark.parametrize("case", [c for c in golden_cases("solvers") if c.name in ("adam_step", "sgd_clip", "adadelta_shared")],
                         ids=lambda case: case.name)
def test_the_originals_files_are_one_state_in_two_formats(case):
    binary = read_state(case / "snap_iter_6.solverstate")
    hdf5 = read_state(case / "snap_iter_6.solverstate.h5")
    assert binary.iteration == hdf5.iteration == 6
    assert (binary.learned_net, hdf5.learned_net) == ("snap_iter_6.caffemodel", "snap_iter_6.caffemodel.h5")
    assert binary.current_step == hdf5.current_step and binary.dsd is None
    assert len(binary.history) == len(hdf5.history) > 0
    assert all(np.array_equal(a, b) for a, b in zip(binary.history, hdf5.history))


@pytest.mark.parametrize("name", ["s.solverstate", "s.solverstate.h5"])
def test_round_trip(tmp_path, name):
    dsd = DsdState(phase_index=1, seed=2**40, feed_position=[3, 5], losses=[0.5], mask=[MaskState(layer="m", bits=b"\x05")])
    write_state(tmp_path / name, State(11, "run/net.caffemodel", HISTORY, 2, dsd))
    state = read_state(tmp_path / name)
    assert (state.iteration, state.learned_net, state.current_step, state.dsd) == (11, "run/net.caffemodel", 2, dsd)
    assert all(np.array_equal(a, b) and a.shape == b.shape for a, b in zip(state.history, HISTORY, strict=True))


@pytest.mark.parametrize("name", ["s.solverstate", "s.solverstate.h5"])
def test_the_state_of_plateau(tmp_path, name):
    write_state(tmp_path / name, State(11, "run/net.caffemodel", HISTORY, 2, None, Plateau(7, 2, 0.375)))
    assert read_state(tmp_path / name).plateau == Plateau(7, 2, 0.375)
    if name.endswith(".h5"):
        with h5py.File(tmp_path / name) as h5:
            assert (h5["iter_last_event"][:], h5["minimum_loss"][:], h5["current_step"][:]) == ([7], [0.375], [2])
    else:
        message = SolverState.FromString((tmp_path / name).read_bytes())
        assert (message.iter_last_event, message.minimum_loss, message.current_step) == (7, 0.375, 2)


def test_the_bytes_are_those_of_the_message(tmp_path):
    history = [*HISTORY, np.float32(11)]  # with a scalar
    dsd = DsdState(phase_index=1, seed=3)
    write_state(tmp_path / "s.solverstate", State(11, "net.caffemodel", history, 2, dsd))
    message = SolverState(iter=11, learned_net="net.caffemodel", current_step=2, dsd=dsd)
    message.history.extend(from_array(array) for array in history)
    assert (tmp_path / "s.solverstate").read_bytes() == message.SerializeToString()


def test_a_state_that_protobuf_could_not_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(solverstate, "LARGEST", 50)
    with pytest.raises(FileError, match="a .solverstate cannot be larger than 2 GiB. Let the solver say `snapshot_format: HDF5`"):
        write_state(tmp_path / "s.solverstate", State(11, "net.caffemodel", HISTORY))
    assert not list(tmp_path.iterdir())


def test_hdf5_is_laid_out_as_the_originals(tmp_path):
    """The original reads ``learned_net`` up to a NUL, and ``iter`` and ``current_step`` as one int."""
    write_state(tmp_path / "s.h5", State(11, "net.caffemodel.h5", HISTORY, 2))
    with h5py.File(tmp_path / "s.h5") as file:
        assert sorted(file) == ["current_step", "history", "iter", "learned_net"]
        assert file["iter"].shape == file["current_step"].shape == (1,) and file["iter"].dtype == np.int32
        assert file["learned_net"].dtype.itemsize == len("net.caffemodel.h5") + 1


def test_the_original_reads_our_binary_state_without_our_field(tmp_path):
    write_state(tmp_path / "s", State(11, "n", HISTORY, 2, DsdState(seed=1)))
    message = SolverState.FromString((tmp_path / "s").read_bytes())
    message.ClearField("dsd")
    assert message.iter == 11 and [list(blob.shape.dim) for blob in message.history] == [[2, 3], [4]]


@pytest.mark.parametrize(("content", "said"), [
    (None, "no such file"),
    (b"", "s: is empty"),
    (b"\xff\xff\xff\xff", "not a .solverstate, or a damaged one"),
    (b"\x89HDF\r\n\x1a\n but no more", "not a .solverstate.h5, or a damaged one"),
    (SolverState(iter=-4).SerializeToString(), "it has no iteration"),
])
def test_bad_files_are_refused(tmp_path, content, said):
    path = tmp_path / "s"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError, match=said):
        read_state(path)


def test_file_names_that_are_not_utf8(tmp_path):
    (tmp_path / "s").write_bytes(b"\x08\x0b\x12\x03a\xff\x00")  # iter: 11, and three bytes of learned_net
    assert read_state(tmp_path / "s").learned_net == "a\ufffd\0"


@pytest.mark.parametrize("name", ["s.solverstate", "s.solverstate.h5"])
def test_mask_names_that_are_not_utf8(tmp_path, name):
    write_state(tmp_path / name, State(11, "n", HISTORY, 2, DsdState(mask=[MaskState(layer="conv_mask")])))
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data.replace(b"conv_mask", b"con\xff_mask"))
    with pytest.raises(FileError, match=f"{name}: .*has the text b'con.xff_mask', which is not UTF-8"):
        read_state(tmp_path / name)


def damage(file: h5py.File, what: str) -> None:
    del file[what]
    if what == "history/0":
        file.create_dataset(what, (2**40,), np.float32)  # claims 4 TiB and holds nothing
    elif what == "iter":
        file[what] = np.int32([-3])
    elif what == "current_step":
        file[what] = np.dtype("<i4")  # a type instead of a data set
    elif what == "learned_net":
        file.create_group(what)


@pytest.mark.parametrize("what", ["history", "history/0", "iter", "current_step", "learned_net"])
def test_damaged_hdf5_is_refused(tmp_path, what):
    write_state(tmp_path / "s.h5", State(11, "n", HISTORY, 2))
    with h5py.File(tmp_path / "s.h5", "a") as file:
        damage(file, what)
    with pytest.raises(FileError, match=f"^{tmp_path / 's.h5'}: not a .solverstate.h5"):
        read_state(tmp_path / "s.h5")


def test_a_damaged_hdf5_index_is_refused(tmp_path):
    write_state(tmp_path / "s.h5", State(11, "n", HISTORY, 2))
    data = (tmp_path / "s.h5").read_bytes()
    assert b"TREE" in data
    (tmp_path / "s.h5").write_bytes(data.replace(b"TREE", b"TREF"))
    with pytest.raises(FileError, match="not a .solverstate.h5"):
        read_state(tmp_path / "s.h5")


@pytest.mark.parametrize("name", ["w.caffemodel", "w.caffemodel.h5", "w.pt", "s.solverstate", "s.solverstate.h5"])
def test_weights_given_as_a_state_are_told_where_they_go(tmp_path, name):
    (tmp_path / name).write_bytes(b"\n\x05LeNet")
    with pytest.raises(FileError, match="not a .solverstate") as caught:
        read_state(tmp_path / name)
    assert str(caught.value).endswith("; `--weights` takes a file of weights") == name.startswith("w")


def test_a_truncated_state_is_refused(tmp_path):
    write_state(tmp_path / "s", State(11, "n", HISTORY, 2))
    data = (tmp_path / "s").read_bytes()
    for end in range(1, len(data), 7):
        (tmp_path / "cut").write_bytes(data[:end])
        try:
            assert read_state(tmp_path / "cut").iteration == 11  # cut between two fields: a shorter, sound message
        except FileError as error:
            assert str(error).startswith(str(tmp_path / "cut"))
