"""A published run of the original Caffe, resumed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from mnist import copy_file, mnist
from oracle import shared

import dsd
from netdef.weights.caffemodel import read

pytest.importorskip("plyvel")


def test_a_net_of_2014_resumes_as_in_the_original(tmp_path, monkeypatch):
    recorded, trained = shared("golden/resume/lenet_everpeace"), shared("corpus/models/lenet_everpeace_2014")
    monkeypatch.chdir(tmp_path)
    text = (recorded / "train_test.prototxt").read_text().replace("backend: LMDB", "backend: LEVELDB")
    for part in ("train", "test"):
        text = text.replace(f"mnist_{part}_lmdb", str(mnist(part, tmp_path)))
    Path("train_test.prototxt").write_text(text)
    for file in ("lenet_iter_5000.caffemodel", "lenet_iter_5000.solverstate"):
        copy_file(trained / file, file)
    copy_file(recorded / "solver.prototxt", "solver.prototxt")
    log = (recorded / "train.log").read_text()
    wanted = {int(i): float(loss) for i, loss in re.findall(r"Iteration (\d+) \(.*\), loss = (\S+)", log)}
    tests = [float(x) for x in re.findall(r"Test net output #0: accuracy = (\S+)", log)]

    trainer = dsd.Trainer.from_file("solver.prototxt", "cpu")
    trainer.restore("lenet_iter_5000.solverstate")
    assert trainer.iteration == 5000 and len(wanted) > 95
    assert float(trainer.test()[0]["accuracy"]) == pytest.approx(tests[0], abs=1e-6)
    for iteration in range(5000, 5100):
        trainer.step()
        if iteration in wanted:
            assert trainer.loss == pytest.approx(wanted[iteration], rel=2e-4, abs=2e-6), iteration
    for iteration in (5050, 5100):
        with read(recorded / f"resumed_iter_{iteration}.caffemodel") as theirs, \
                read(f"resumed_iter_{iteration}.caffemodel") as ours:
            mine = {layer.name: layer.blobs for layer in ours}
            for layer in theirs:
                for index, blob in layer.blobs.items():
                    found, expected = torch.empty(blob.shape), torch.empty(blob.shape)
                    mine[layer.name][index].read(found)
                    blob.read(expected)
                    assert (found - expected).abs().max() <= 1e-4 * expected.abs().max(), (iteration, layer.name, index)
