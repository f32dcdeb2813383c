"""The small models that are shipped: deployed and trained nets have the same weights, solvers their phases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import netdef
from dsd.cli.check import main
from dsd.plan.phases import plan_phases
from netdef.definition.read import read_solver

MODELS = Path(__file__).parent.parent / "models"
IMAGES = {"digits": (1, 8), "lenet": (1, 28), "cifar10_quick": (3, 32)}  # channels, size


def convolution(inputs: int, outputs: int, kernel: int) -> int:
    return inputs * outputs * kernel**2 + outputs


def full(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


PARAMETERS = {
    "digits": convolution(1, 16, 3) + convolution(16, 32, 3) + full(32 * 4 * 4, 64) + full(64, 10),
    "lenet": convolution(1, 20, 5) + convolution(20, 50, 5) + full(50 * 4 * 4, 500) + full(500, 10),
    "cifar10_quick": convolution(3, 32, 5) + convolution(32, 32, 5) + convolution(32, 64, 5) + full(64 * 4 * 4, 64)
    + full(64, 10),
}  # fmt: skip


def without_data(text: str, channels: int, size: int) -> str:
    """A training net with Input layers for its Data layers, whose databases a clone does not have."""
    data = f'layer {{ name: "images" type: "Input" top: "data" input_param {{ shape {{ dim: 7 dim: {channels} ' \
           f'dim: {size} dim: {size} }} }} }}\nlayer {{ name: "labels" type: "Input" top: "label" ' \
           'input_param { shape { dim: 7 } } }\n'  # fmt: skip
    found = re.findall(r'layer \{\n  name: "(?:data|cifar)"\n  type: "Data"\n.*?\n\}\n', text, re.DOTALL)
    assert len(found) == 2
    return text.replace(found[0], data).replace(found[1], "")


def shapes(net) -> dict[str, list[tuple[int, ...]]]:
    return {layer: [tuple(blob.shape) for blob in blobs] for layer, blobs in net.params.items()}


@pytest.mark.parametrize("name", IMAGES)
def test_the_deployed_net_has_the_trained_nets_weights(name):
    deployed = netdef.load(MODELS / name / "deploy.prototxt", device="meta")
    text = without_data((MODELS / name / "train_val.prototxt").read_text(), *IMAGES[name])
    for phase, outputs in (("TRAIN", ["loss"]), ("TEST", ["accuracy", "loss"])):
        trained = netdef.loads(text, phase=phase, device="meta")
        assert shapes(trained) == shapes(deployed)
        assert trained.outputs == outputs
    assert deployed.outputs == ["prob"] and deployed.shapes["prob"] == (1, 10)
    assert sum(blob.numel() for blobs in deployed.params.values() for blob in blobs) == PARAMETERS[name]
    assert f"{PARAMETERS[name]:,}" in (MODELS / name / "README.md").read_text()


@pytest.mark.parametrize(
    "path, lengths",
    [
        ("digits/solver.prototxt", [3000, 1500, 1500]),
        ("lenet/solver.prototxt", [10000]),
        ("lenet/solver_dsd.prototxt", [3000, 1500, 1500]),
        ("cifar10_quick/solver.prototxt", [5000]),
        ("cifar10_quick/solver_dsd.prototxt", [1500, 600, 600]),
    ],
)
def test_solvers_have_the_phases_that_their_readme_states(path, lengths):
    solver = read_solver(MODELS / path)
    phases = plan_phases(solver)
    assert [phase.length for phase in phases] == lengths
    assert [phase.sparse for phase in phases] == [False, True, False][: len(phases)]
    assert solver.message.random_seed == 1
    assert solver.message.snapshot_prefix.startswith("runs/")


def test_the_digits_pass_the_check():
    result = CliRunner().invoke(main, [str(MODELS / "digits" / "solver.prototxt")])
    assert result.exit_code == 0, result.output
    assert "19,008 of 38,016 (50.0%)" in result.output  # 2,304 of conv2, 16,384 of ip1, 320 of ip2
