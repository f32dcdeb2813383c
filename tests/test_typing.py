"""A user's script that uses the public API passes ``mypy --strict``, and its mistakes are found."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LOADING = '''
import netdef


def top(path: str, weights: str) -> float:
    net = netdef.load(path, phase="TEST", weights=weights)
    outputs = net(data=net.params["conv1"][0])
    netdef.save_weights(net, "again.caffemodel")
    return float(outputs["prob"].max())
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
WRONG = '''
import netdef
from netdef.definition.definitions import LayerDefinition

net = netdef.load("net.prototxt", level="3")  # arg-type
net.params["conv1"].weight  # attr-defined
netdef.register(5)  # arg-type
netdef.loud("net.prototxt")  # attr-defined


def add(layer: netdef.Layer, spec: LayerDefinition) -> None:
    layer.add_blob(5, (2, 3))  # arg-type
    spec.refuse(5)  # arg-type
'''


@pytest.mark.slow
def test_scripts_of_users(tmp_path):
    api = pytest.importorskip("mypy.api", reason="mypy is not installed")
    scripts = {"loading": LOADING, "layer": LAYER, "wrong": WRONG}
    for name, text in scripts.items():
        (tmp_path / f"{name}.py").write_text(text)
    config = tmp_path / "mypy.ini"
    config.write_text(f"[mypy]\nmypy_path = {ROOT}\nfollow_imports = silent\nshow_error_codes = true\n")
    said, failure, _ = api.run(["--strict", f"--config-file={config}", f"--cache-dir={tmp_path / 'cache'}",
                                *(str(tmp_path / f"{name}.py") for name in scripts)])
    assert not failure
    found = {(line.split(":")[0].removeprefix(f"{tmp_path}/"), int(line.split(":")[1]), line.rpartition("[")[2].rstrip("]"))
             for line in said.splitlines() if ": error:" in line}
    wanted = {("wrong.py", number, line.rpartition("# ")[2])
              for number, line in enumerate(WRONG.splitlines(), 1) if "  # " in line}
    assert found == wanted, said
