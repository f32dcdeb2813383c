"""The recorded runs of the original's solvers, step by step through `caffe.get_solver`: weights, updates, losses, rates."""

from __future__ import annotations

import numpy as np
import pytest
from oracle import golden_cases

from dsd.pycaffe.solver_types import get_solver

CASES = golden_cases("solvers")


def close(found, wanted):
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() <= 1e-5 * max(np.abs(wanted).max(), 1e-30)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_run(case, tmp_path, monkeypatch):
    recorded = dict(np.load(case / "golden.npz"))
    monkeypatch.chdir(tmp_path)
    text = (case / "solver.prototxt").read_text().replace('"net.prototxt"', f'"{case / "net.prototxt"}"')
    (tmp_path / "solver.prototxt").write_text(text)
    solver = get_solver(tmp_path / "solver.prototxt")
    for layer, blobs in solver.net.params.items():
        for index, blob in enumerate(blobs):
            blob.data[...] = recorded[f"param0/{layer}/{index}"]
    for iteration in range(12):
        for name in solver.net.inputs:
            solver.net.blobs[name].data[...] = recorded[f"in/{name}"][iteration]
        assert solver.lr == pytest.approx(recorded["lr"][iteration], rel=1e-6)
        solver.step(1)
        assert solver.iter == iteration + 1
        for layer, blobs in solver.net.params.items():
            for index, blob in enumerate(blobs):
                close(blob.data, recorded[f"param/{layer}/{index}"][iteration])
                update = recorded[f"update/{layer}/{index}"][iteration]
                if update.any():  # the biases of siamese branches cancel out
                    close(blob.diff, update)
        assert solver.trainer.losses[-1].item() == pytest.approx(recorded["loss"][iteration], rel=1e-5)
