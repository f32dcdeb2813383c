"""Fields that nobody knows: a complaint in every command, and with ``--lenient`` a warning."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import netdef
from dsd.cli.check import main as check
from dsd.cli.convert import main as convert
from dsd.cli.draw import main as draw
from dsd.cli.features import main as features
from dsd.cli.scan import main as scan
from dsd.cli.study import main as study
from dsd.cli.test import main as score
from dsd.cli.time import main as timing
from dsd.cli.train import main as train
from netdef.definition.read import read_net
from netdef.layers.pruning import attach_masks

NET = """
layer { name: "d" type: "DummyData" top: "d" top: "t" dummy_data_param { shape { dim: 3 dim: 5 } shape { dim: 3 dim: 2 }
        data_filler { type: "gaussian" } data_filler { } } wonder: 1 }
layer { name: "ip" type: "InnerProduct" bottom: "d" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "ip2" type: "InnerProduct" bottom: "ip" top: "ip2"
        inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "EuclideanLoss" bottom: "ip2" bottom: "t" top: "loss" }
"""
COMMANDS = {
    "dsd-check net": (check, ["net.prototxt"]),
    "dsd-check solver": (check, ["solver.prototxt"]),
    "dsd-train": (train, ["solver.prototxt"]),
    "dsd-test": (score, ["--model=net.prototxt", "--weights=w.caffemodel", "--iterations=2"]),
    "dsd-test --audit": (score, ["--model=net.prototxt", "--weights=masked.caffemodel", "--audit"]),
    "dsd-time": (timing, ["--model=net.prototxt", "--iterations=1"]),
    "dsd-features": (
        features, ["--model=net.prototxt", "--weights=w.caffemodel", "--blobs=ip", "--batches=1", "--out=ip.h5"]),
    "dsd-scan": (scan, ["solver.prototxt", "--weights=w.caffemodel", "--sparsities=0.5", "--no-plot"]),
    "dsd-study": (study, ["solver.prototxt", "--sparsity=0.5", "--seeds=1", "--out=study"]),
    "dsd-study --equivalence": (study, ["--equivalence", "solver.prototxt", "--sparsity=0.5", "--iterations=1"]),
    "dsd-draw net": (draw, ["net.prototxt"]),
    "dsd-draw solver": (draw, ["solver.prototxt"]),
    "dsd-convert --upgrade": (convert, ["--upgrade", "net.prototxt", "new.prototxt"]),
    "dsd-convert": (convert, ["net.prototxt", "w.caffemodel", "w.safetensors", "--no-verify"]),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.filterwarnings("ignore:.*wonder")
def test_every_command_can_be_lenient(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("net.prototxt").write_text(NET)
    Path("solver.prototxt").write_text('net: "net.prototxt" base_lr: 0.05 lr_policy: "fixed" max_iter: 2 test_iter: 1 '
                                       'test_interval: 2 solver_mode: CPU snapshot_prefix: "run"')
    spec = read_net("net.prototxt", lenient=True)
    netdef.save_weights(netdef.load("net.prototxt", lenient=True), "w.caffemodel")
    masked = netdef.api.compile_net(attach_masks(spec, {"ip2": 0.5}))
    masked.masks["ip2_mask"].set(masked.params["ip2"][0] > 0)
    masked.params["ip2"][0].data.clamp_(min=0)
    netdef.save_weights(masked, "masked.caffemodel")
    command, arguments = COMMANDS[name]
    refused = CliRunner().invoke(command, arguments)
    assert refused.exit_code == 2 and "LayerParameter has no field `wonder`" in refused.output
    taken = CliRunner().invoke(command, [*arguments, "--lenient"])
    assert taken.exit_code == 0, taken.output
