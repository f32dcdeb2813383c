"""A user's script that uses the public API passes ``mypy --strict``, and its mistakes are found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import netdef

ROOT = Path(netdef.__file__).parent.parent

NETS = '''
from collections.abc import Sequence
from pathlib import Path

import netdef
import torch
from netdef.coord_map import crop
from netdef.netspec import NetSpec, layers as L, params as P, to_proto
from netdef.schema.messages import TRAIN, NetParameter
from torch import Tensor


def evaluate(path: Path, weights: Sequence[Path]) -> float:
    net = netdef.load(path, "TEST", weights)
    outputs: dict[str, Tensor] = net(data=torch.zeros(net.shapes["data"]))
    report = netdef.load_weights(net, weights[0])
    names: tuple[str, ...] = report.used
    netdef.save_weights(net, "out.pt")
    blobs: list[Tensor] = net.params[names[0]]
    return float(outputs["prob"].sum() + blobs[0].sum())


def build() -> netdef.Net:
    n = NetSpec("small")
    n.data, n.label = L.Data(source="lmdb", backend=P.Data.LMDB, batch_size=4, ntop=2)
    n.conv = L.Convolution(n.data, kernel_size=5, num_output=20, weight_filler=dict(type="xavier"))
    n.part = crop(n.data, n.conv)
    message: NetParameter = n.to_proto()
    message.state.phase = TRAIN
    to_proto(n.conv).layer.add(name="more", type="ReLU")
    try:
        return netdef.from_proto(message)
    except netdef.SpecError as error:
        problems: list[netdef.Problem] = error.problems
        print(netdef.__version__, problems[0].message, problems[0].span)
        raise


layers: dict[str, netdef.Layer] = netdef.loads("").layers
'''
LAYER = '''
from collections.abc import Sequence

import netdef
import torch
from netdef.definition.definitions import LayerDefinition
from torch import Tensor


@netdef.register("ScaledTanH")
class ScaledTanH(netdef.Layer):
    """``scale * tanh(slope * x)``."""

    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[tuple[int, ...]]):
        super().__init__(spec, shapes)
        if len(shapes[0]) < 2:
            raise spec.refuse(f"needs a bottom with channels, got shape {shapes[0]}")
        self.scale = spec.message.power_param.scale
        self.add_blob("slope", (shapes[0][1],))

    def forward(self, x: Tensor) -> Tensor:
        return self.scale * torch.tanh(self.blob("slope") * x)


def made(spec: LayerDefinition) -> ScaledTanH:
    return ScaledTanH(spec, [(2, 3)])  # the decorator keeps the class's type
'''
TRAINING = '''
from pathlib import Path

import dsd
import torch
from torch import Tensor, nn


class StopWhenGood(dsd.Observer):
    """Stops at an accuracy."""

    def __init__(self, wanted: float) -> None:
        self.wanted, self.good = wanted, False
        self.kept: dict[str, tuple[int, int]] = {}

    def iterated(self, run: dsd.Run, outputs: dict[str, Tensor], rate: float) -> None:
        print(run.iteration, run.phase.name, run.loss, run.rate, rate, float(outputs["loss"]), list(run.masks))

    def tested(self, run: dsd.Run, results: list[dict[str, Tensor]]) -> None:
        self.good = float(results[0]["accuracy"]) >= self.wanted and run.net.training

    def phase_ended(self, run: dsd.Run, result: dsd.PhaseResult) -> None:
        self.kept |= result.kept

    def audited(self, run: dsd.Run, audit: dsd.Audit) -> None:
        hashed: str = audit.mask_hash
        print(hashed)

    def requested(self) -> str | None:
        return "stop" if self.good else None


def train(path: Path) -> list[dict[str, Tensor]]:
    trainer = dsd.Trainer.from_file(path, "cpu", sparsity=0.3, observers=[StopWhenGood(0.6)], world=dsd.World.join())
    trainer.step(20)
    phase: dsd.DsdPhase = trainer.phase
    print(phase.rates.at(3), phase.sparsity_of("ip1"), trainer.mask_weight("ip1_mask").shape)
    weights, state = trainer.snapshot()
    trainer.restore(state)
    try:
        trainer.run()
    except dsd.AuditError as error:
        print(error.audit.violations, weights.name)
    return trainer.test()


def by_hand(module: nn.Module) -> Tensor:
    solver = dsd.SGD(module.parameters(), lr=0.1, momentum=0.9)
    weight = next(module.parameters())
    solver.begin_phase({weight: dsd.magnitude_mask(weight, 0.5)})
    solver.step()
    return torch.stack([history.sum() for history in solver.history([weight])])
'''
OBSERVING = '''
from torch import Tensor

import dsd


class Losses(dsd.Observer):
    """Keep the loss of each test."""

    def __init__(self) -> None:
        self.losses: list[float] = []

    def tested(self, run: dsd.Run, results: list[dict[str, Tensor]]) -> None:
        self.losses += [float(result["loss"]) for result in results]


def train(path: str) -> list[float]:
    losses = Losses()
    trainer = dsd.Trainer.from_file(path, "cpu", sparsity=0.3, seed=1, observers=[losses])
    trainer.run()
    return losses.losses
'''
ATTACHING = '''
from collections.abc import Iterable, Sequence
from pathlib import Path

import dsd
import torch
from torch import Tensor, nn

PHASES: list[dsd.Dense] = [
    dsd.Dense(10_000),
    dsd.Sparse(5_000, sparsity=0.3, layers={"fc*": 0.5}, exclude=["conv1"], mask_policy="GRADUAL", mask_end=2_500, lr=0.1),
    dsd.Dense(5_000, regrow="SAVED", solver_state="CARRY"),
]


class Words(dsd.AttachObserver):
    def phase_ended(self, run: dsd.AttachedRun) -> None:
        print(run.phase.name, run.phase.lr, run.iteration, run.sparsity(), run.kept()["fc1"][0])


def train(model: nn.Module, loader: Iterable[tuple[Tensor, Tensor]], phases: Sequence[dsd.Dense]) -> float:
    optimizer = torch.optim.AdamW(model.parameters())
    recorder = dsd.Recorder(Path("runs/mine.jsonl"), test=lambda: {"accuracy": 0.5})
    run: dsd.AttachedRun = dsd.attach(
        model, optimizer, phases, observers=[recorder, Words()], prunes=lambda name, module: isinstance(module, nn.Linear))
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        recorder.loss(loss)
        optimizer.step()
    audit: dsd.Audit = run.audit()
    run.load_state_dict(run.state_dict())
    run.detach()
    return float(audit.holds)


def study(model: nn.Module, loader: Iterable[tuple[Tensor, Tensor]]) -> str:
    result: dsd.Comparison = dsd.compare(lambda seed, phases: train(model, loader, phases), PHASES, seeds=3, out="runs/study")
    dsd.attach(model, torch.optim.SGD(model.parameters()), "dsd_phase { max_iter: 5 }", steps_per_epoch=3)
    dsd.lightning(PHASES, epochs=True)
    return str(result) + str(result.scores["dsd"][1])
'''
PYCAFFE = '''
import dsd.pycaffe
import numpy as np
from dsd.pycaffe.solver_types import SGDSolver, get_solver
from netdef.pycaffe.blob import Blob
from netdef.pycaffe.classifier import Classifier
from netdef.pycaffe.io import load_image
from netdef.pycaffe.net import Net
from netdef.pycaffe.transformer import Transformer
from netdef.schema.messages import TEST


def features(net: Net, image: str) -> np.ndarray:
    blob: Blob = net.blobs["data"]
    transformer = Transformer({"data": blob.shape})
    transformer.set_transpose("data", (2, 0, 1))
    blob.data[...] = transformer.preprocess("data", load_image(image))
    found: dict[str, np.ndarray] = net.forward(["fc7"], end="fc7")
    net.backward(start="fc7")
    net.params["fc7"][0].data[...] *= 2
    blob.diff[...] = 0
    return found["fc7"]


def train(path: str) -> float:
    solver = get_solver(path)
    solver.add_callback(lambda: print(solver.iter, solver.lr), lambda: None)
    solver.step(5)
    solver.net.save("w.caffemodel")
    same: SGDSolver = SGDSolver(path)
    same.net.share_with(solver.net)
    return float(solver.net.blobs["loss"].data)


with dsd.pycaffe.install(allow_python=True):
    features(Net("deploy.prototxt", TEST, weights="w.caffemodel"), "cat.jpg")
    scores: np.ndarray = Classifier("deploy.prototxt", "w.caffemodel", image_dims=(256, 256)).predict([np.zeros((5, 4, 3))])
'''
CAFFE = '''
import caffe
import numpy as np
from caffe import layers as L, params as P
from caffe.proto import caffe_pb2

net = caffe.Net("a.prototxt", caffe.TEST)
net.blobs["data"].data[...] = 1
found: dict[str, np.ndarray] = net.forward()
solver = caffe.SGDSolver("s.prototxt")
solver.step(1)
caffe.set_mode_gpu()
caffe.set_device(0)
transformer = caffe.io.Transformer({"data": net.blobs["data"].data.shape})
transformer.set_mean("data", np.load("mean.npy").mean(1).mean(1))
image: np.ndarray = transformer.preprocess("data", caffe.io.load_image("cat.jpg"))
scores: np.ndarray = caffe.Classifier("a.prototxt", "w.caffemodel", raw_scale=255).predict([image])
message = caffe_pb2.NetParameter()
message.layer.add(name="conv").convolution_param.num_output = 5
datum: caffe_pb2.Datum = caffe.io.array_to_datum(image)
spec = caffe.NetSpec()
spec.data = L.Data(source="lmdb", backend=P.Data.LMDB, batch_size=4)
print(spec.to_proto(), caffe.__version__, caffe.draw.draw_net(message, "LR"), caffe.get_solver("s.prototxt").net.params)


class Double(caffe.Layer):
    def forward(self, bottom: list[caffe._caffe.Blob], top: list[caffe._caffe.Blob]) -> None:
        top[0].data[...] = 2 * bottom[0].data
'''
WRONG = '''
import caffe
import dsd
import netdef
from netdef.definition.definitions import LayerDefinition

net = netdef.load("net.prototxt", level="3")  # arg-type
net.params["conv1"].weight  # attr-defined
netdef.register(5)  # arg-type
netdef.loud("net.prototxt")  # attr-defined
dsd.Trainer.from_file("solver.prototxt", seed="3")  # arg-type
dsd.Trainer.from_file("solver.prototxt").fase  # attr-defined
dsd.Sparse(5, sparsity="a half")  # arg-type
dsd.Sparse(5, sparsity=0.5, mask_policy="SLOW")  # arg-type


def add(layer: netdef.Layer, spec: LayerDefinition) -> None:
    layer.add_blob(5, (2, 3))  # arg-type
    spec.refuse(5)  # arg-type


caffe.Net("net.prototxt", weights=5)  # arg-type
caffe.SGDSolver("solver.prototxt").stop(1)  # attr-defined
caffe.nett  # attr-defined


class Watcher(dsd.Observer):
    def tested(self, run: dsd.Run, results: str) -> None:  # override
        dsd.Trainer.from_file(5)  # arg-type
'''


@pytest.mark.slow
def test_scripts_of_users(tmp_path):
    pytest.importorskip("mypy", reason="needs mypy (the dev extra)")
    scripts = {"nets": NETS, "layer": LAYER, "training": TRAINING, "observing": OBSERVING, "attaching": ATTACHING,
               "pycaffe": PYCAFFE, "caffe_script": CAFFE, "wrong": WRONG}
    for name, text in scripts.items():
        (tmp_path / f"{name}.py").write_text(text)
    environment = dict(os.environ)
    if "site-packages" not in str(ROOT):
        stubs = tmp_path / "stubs"
        stubs.mkdir()
        (stubs / "caffe").symlink_to(ROOT / "caffe-stubs")  # mypy knows a folder of stubs by its name when it is installed
        environment["MYPYPATH"] = f"{ROOT}:{stubs}"
    options = ["--strict", "--follow-imports=silent", "--config-file="]
    result = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *(f"{name}.py" for name in scripts)],
        cwd=tmp_path, env=environment, capture_output=True, text=True)
    found = {(line.split(":")[0], int(line.split(":")[1]), line.rpartition("[")[2].rstrip("]"))
             for line in result.stdout.splitlines() if ": error:" in line}
    wanted = {("wrong.py", number, line.rpartition("# ")[2])
              for number, line in enumerate(WRONG.splitlines(), 1) if "  # " in line}
    assert found == wanted, result.stdout + result.stderr
