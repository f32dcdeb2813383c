"""The types of the public API: a user's script passes `mypy --strict`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import netdef

SCRIPT = '''
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

import netdef
from netdef.coord_map import crop
from netdef.netspec import NetSpec, layers as L, params as P, to_proto
from netdef.schema.messages import TRAIN, NetParameter


@netdef.register("Double")
class Double(netdef.Layer):
    """Twice its bottom."""

    def forward(self, bottom: Tensor) -> Tensor:
        return 2 * bottom


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


reveal_type(netdef.loads("").layers)
'''


@pytest.mark.slow
def test_a_users_script_passes_mypy_strict(tmp_path):
    pytest.importorskip("mypy", reason="needs mypy (the dev extra)")
    (tmp_path / "script.py").write_text(SCRIPT)
    root = str(Path(netdef.__file__).parent.parent)
    found_by_itself = "site-packages" in root
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--config-file=", "script.py"],
        cwd=tmp_path, env=os.environ | ({} if found_by_itself else {"MYPYPATH": root}), capture_output=True, text=True)
    lines = result.stdout.splitlines()
    assert lines[-1] == "Success: no issues found in 1 source file", result.stdout + result.stderr
    assert "dict[str, netdef.layers.core.base.Layer]" in result.stdout.replace("builtins.", "")
