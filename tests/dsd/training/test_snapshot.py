"""The files of snapshots: their names, their order, what is in them."""

from __future__ import annotations

import pytest
import torch
from snapshots import snapshot_at
from toys import toy

from dsd import Trainer
from dsd.training.snapshot import contents_of, iteration_of, paths, states
from dsd.training.solverstate import read_state
from netdef.schema.messages import NetParameter


def test_the_step_is_that_of_the_last_iteration_s_rate(tmp_path):
    steps = [read_state(snapshot_at(tmp_path / str(n), n)).current_step for n in (2, 3, 4, 5, 6)]
    assert steps == [0, 1, 1, 2, 0]  # stepsize 2; the sparse phase counts anew from iteration 5


@pytest.mark.parametrize(("format", "ending"), [("BINARYPROTO", ""), ("HDF5", ".h5")])
def test_names_are_caffes(tmp_path, format, ending):
    trainer = Trainer.from_file(toy(tmp_path, more=f"snapshot_format: {format}"))
    stem = str(tmp_path / "run" / "toy_iter_")
    assert [str(path) for path in paths(trainer, 12)] == [f"{stem}12.caffemodel{ending}", f"{stem}12.solverstate{ending}"]
    trainer.iteration = 7
    assert [iteration_of(path) for path in paths(trainer)[1:]] == [7]


def test_states_of_the_prefix_are_listed_with_the_newest_first(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path))
    assert states(trainer) == []
    folder = tmp_path / "run"
    folder.mkdir()
    for name in ("toy_iter_9.solverstate", "toy_iter_10.solverstate", "toy_iter_100.solverstate.h5", "toy_iter_10.caffemodel",
                 "toy2_iter_5.solverstate", "toy_iter_x.solverstate", "toy_iter_7.solverstate.tmp"):
        (folder / name).touch()
    assert [path.name for path in states(trainer)] == [
        "toy_iter_100.solverstate.h5", "toy_iter_10.solverstate", "toy_iter_9.solverstate"]


def test_copied_contents_stay_as_they_were(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.step(2)
    weight = trainer.net.layers["ip1"].weight
    before = weight.detach().clone()
    files = paths(trainer)
    contents, shared = contents_of(trainer, *files, copied=True), contents_of(trainer, *files)
    with torch.no_grad():
        weight.fill_(5)
    for found, wanted in ((contents, before), (shared, torch.full_like(before, 5))):
        (blobs,) = (blobs for message, blobs in found.layers if message.name == "ip1")
        assert torch.equal(blobs[0], wanted)
    assert contents.state.iteration == 2 and contents.diff is None
    contents.write()
    saved = NetParameter.FromString(files[0].read_bytes())
    assert [list(layer.blobs[0].data) for layer in saved.layer if layer.name == "ip1"] == [before.flatten().tolist()]
    assert read_state(files[1]).learned_net == str(files[0])
