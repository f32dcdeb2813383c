"""``snapshot_diff: true``: the ``diff`` of every blob, which after a step of the original is the update that it subtracted."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
import torch
from oracle import golden_cases
from toys import toy

from dsd.training.trainer import Trainer
from netdef.schema.blobs import to_array
from netdef.schema.messages import BlobProto, NetParameter
from netdef.weights.load import load_weights

CASES = [case for case in golden_cases("solvers") if "sim" not in np.load(case / "golden.npz")
         and any(key.startswith("in/") for key in np.load(case / "golden.npz"))]


def diffs(path) -> dict[tuple[str, int], np.ndarray]:
    if path.suffix == ".h5":
        with h5py.File(path) as file:
            return {(layer, int(index)): group[index][()] for layer, group in file["diff"].items() for index in group}
    layers = NetParameter.FromString(path.read_bytes()).layer
    return {(layer.name, index): to_array(BlobProto(shape=blob.shape, data=blob.diff))
            for layer in layers for index, blob in enumerate(layer.blobs)}


@pytest.mark.parametrize("form", ["BINARYPROTO", "HDF5"])
@pytest.mark.parametrize("case", CASES[::3], ids=lambda case: case.name)
def test_the_recorded_updates(case, form, tmp_path, monkeypatch):
    recorded = np.load(case / "golden.npz")
    monkeypatch.chdir(tmp_path)
    text = (case / "solver.prototxt").read_text().replace('"net.prototxt"', f'"{case / "net.prototxt"}"')
    (tmp_path / "solver.prototxt").write_text(f"{text} snapshot_diff: true snapshot_format: {form}")
    trainer = Trainer.from_file("solver.prototxt")
    for layer, blobs in trainer.net.params.items():
        for index, blob in enumerate(blobs):
            blob.data.copy_(torch.from_numpy(recorded[f"param0/{layer}/{index}"]))
    for iteration in range(6):
        trainer.step(1, {name: torch.from_numpy(recorded[f"in/{name}"][iteration]) for name in trainer.net.inputs})
    weights, _ = trainer.snapshot()
    found = diffs(weights)
    wanted = {(layer, i): recorded[f"update/{layer}/{i}"][5] for layer, blobs in trainer.net.params.items()
              for i in range(len(blobs))}
    assert found.keys() == wanted.keys()
    for key, update in wanted.items():
        assert np.abs(found[key] - update).max() <= 1e-5 * max(np.abs(update).max(), 1e-30), key


@pytest.mark.parametrize("form", ["BINARYPROTO", "HDF5"])
def test_the_weights_are_those_of_a_snapshot_without(tmp_path, form):
    """Statistics of a BatchNorm are not learned: their diffs are zeros. So are all before the first step."""
    trainer = Trainer.from_file(toy(tmp_path, more=f"snapshot_diff: true snapshot_format: {form}"))
    weights, _ = trainer.snapshot()
    assert all(not diff.any() for diff in diffs(weights).values())
    trainer.step(2)
    weights, _ = trainer.snapshot()
    found = diffs(weights)
    assert {key for key, diff in found.items() if not diff.any()} == {("bn", 0), ("bn", 1), ("bn", 2)}
    assert found["conv2", 0].shape == (5, 4, 2, 2)
    other = Trainer.from_file(toy(tmp_path), seed=9)
    load_weights(other.net, weights)
    for layer, blobs in trainer.net.params.items():
        assert all(torch.equal(a, b) for a, b in zip(other.net.params[layer], blobs, strict=True))
    size = weights.stat().st_size
    trainer.settings.snapshot_diff = False
    trainer.snapshot()
    assert size > 1.5 * weights.stat().st_size
