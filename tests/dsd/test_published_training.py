"""Models that people trained with the original Caffe go on here: classify as recorded, and resume as the original did."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import torch
from oracle import shared

import dsd
import netdef
from dsd.cli.test import score
from netdef.weights.caffemodel import read

pytest.importorskip("plyvel")


def mnist(part: str, tmp_path: Path) -> Path:
    """A copy of MNIST: LevelDB writes when it opens."""
    return Path(shutil.copytree(shared(f"data/mnist_leveldb/mnist-{part}-leveldb"), tmp_path / part, copy_function=_copy))


def _copy(source: str, target: str) -> None:
    shutil.copyfile(source, target)  # without the mode: the shared files are read-only


@pytest.mark.parametrize("model, weights, scores, wanted", [
    ("lenet_dns", "original", "ip2", 0.9909), ("lenet_dns", "sparse", "ip2", 0.9909),
    # Not `prob`: the published deploy.prototxt has it read ip2, the hidden layer.
    ("lenet300100_dns", "original", "ip3", 0.9772), ("lenet300100_dns", "sparse", "ip3", 0.9801),
])  # fmt: skip
def test_nets_of_dynamic_network_surgery_classify_as_published(model, weights, scores, wanted, tmp_path):
    folder = shared(f"corpus/models/{model}")
    text = (folder / "deploy.prototxt").read_text()
    text = re.sub(r'input: "data"(\s+input_dim: \d+)+', f"""
        layer {{ name: "mnist" type: "Data" top: "data" top: "label" transform_param {{ scale: 0.00390625 }}
                 data_param {{ source: "{mnist('test', tmp_path)}" batch_size: 100 backend: LEVELDB }} }}""", text)
    text += f'layer {{ name: "accuracy" type: "Accuracy" bottom: "{scores}" bottom: "label" top: "accuracy" }}'
    net = netdef.loads(text, weights=folder / f"{weights}.caffemodel")
    assert float(score(net, 100, torch.device("cpu"), None)["accuracy"]) == pytest.approx(wanted, abs=5e-5)


def test_a_net_of_2014_resumes_as_in_the_original(tmp_path, monkeypatch):
    recorded, trained = shared("golden/resume/lenet_everpeace"), shared("corpus/models/lenet_everpeace_2014")
    monkeypatch.chdir(tmp_path)
    text = (recorded / "train_test.prototxt").read_text().replace("backend: LMDB", "backend: LEVELDB")
    for part in ("train", "test"):
        text = text.replace(f"mnist_{part}_lmdb", str(mnist(part, tmp_path)))
    Path("train_test.prototxt").write_text(text)
    for file in ("lenet_iter_5000.caffemodel", "lenet_iter_5000.solverstate"):
        _copy(trained / file, file)
    _copy(recorded / "solver.prototxt", "solver.prototxt")
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
