"""Compiled passes: the same numbers, exact masks, and what cannot be compiled. Torch's compiler of C++ is replaced by none."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from toys import NET, toy

import netdef
from dsd.cli.main import main
from dsd.compute import compiled
from dsd.compute.compiled import CompiledNet
from dsd.training.trainer import Trainer
from netdef.errors import NetdefError

MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphs are traced and run as they are."""
    monkeypatch.setattr(compiled, "BACKEND", "eager")
    torch.compiler.reset()


@pytest.mark.parametrize(
    "model", ["alexnet", "cifar10_quick", "digits", "lenet", pytest.param("googlenet", marks=pytest.mark.slow)])
def test_models_are_one_graph_with_the_same_outputs(model: str):
    net = netdef.load(MODELS / model / "deploy.prototxt")
    inputs = {name: torch.randn(net.shapes[name], generator=torch.Generator().manual_seed(1)) for name in net.inputs}
    found, wanted = CompiledNet(net)(**inputs), net(**inputs)
    torch.testing.assert_close(found, wanted)


def test_a_compiled_run_has_the_weights_of_another_and_exact_masks(tmp_path: Path):
    runs = []
    for compile in (False, True):
        trainer = Trainer.from_file(toy(tmp_path / str(compile), more="test_iter: 2 test_interval: 50"), compile=compile)
        trainer.step(8)
        assert trainer.masks and trainer.audit().holds
        assert all(p.grad is None or p.grad.stride() == p.stride() for p in trainer.net.parameters())
        runs.append((trainer, trainer.test()))
    (plain, scores), (other, same) = runs
    for mine, theirs in zip(plain.net.parameters(), other.net.parameters()):
        assert torch.equal(mine, theirs)
    assert same == scores


def test_layers_that_depend_on_the_data_are_named():
    net = netdef.loads("""
        layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 4 dim: 3 } } }
        layer { name: "which" type: "Input" top: "which" input_param { shape { dim: 4 } } }
        layer { name: "some" type: "Filter" bottom: "x" bottom: "which" top: "y" }""", phase="TEST")
    with pytest.raises(NetdefError, match=r"depends on the data, and cannot be compiled: `some` \(Filter\)"):
        CompiledNet(net)


def test_what_torch_cannot_compile_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    net = netdef.loads("""
        layer { name: "x" type: "Input" top: "x" top: "t" input_param { shape { dim: 4 dim: 3 } shape { dim: 4 } } }
        layer { name: "out" type: "HDF5Output" bottom: "x" bottom: "t" hdf5_output_param { file_name: "out.h5" } }
        """, phase="TEST")
    with pytest.raises(NetdefError, match="^--compile: torch cannot compile the net: Unsupported: .*$"):
        CompiledNet(net)(x=torch.zeros(4, 3), t=torch.zeros(4))


def test_without_a_compiler_of_cpp_the_command_ends_with_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from torch._dynamo.exc import BackendCompilerFailed
    from torch._inductor.exc import InvalidCxxCompiler

    def none(graph: torch.fx.GraphModule, inputs: list[torch.Tensor]) -> None:
        raise BackendCompilerFailed(none, InvalidCxxCompiler("g++"), None)

    monkeypatch.setattr(compiled, "BACKEND", none)
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(main, ["train", str(toy(tmp_path)), "--compile"])
    assert found.exit_code == 2
    assert "--compile needs a C++ compiler, and there is none: install one (apt install g++), or name it in CXX" in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize("where", ["solver", "net"])
def test_debug_info_is_refused(tmp_path: Path, where: str):
    debug = "debug_info: true"
    solver = toy(tmp_path, more=debug if where == "solver" else "", net=(debug if where == "net" else "") + NET)
    with pytest.raises(NetdefError, match="--compile: `debug_info` watches layer by layer"):
        Trainer.from_file(solver, compile=True)


def test_commands_compile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    trainer = Trainer.from_file(toy(tmp_path))
    weights, _ = trainer.snapshot()
    model = f"--model={tmp_path / 'net.prototxt'}"
    shown = [CliRunner().invoke(main, words) for words in (
        ["time", model, "--iterations=1", "--compile"], ["test", model, f"--weights={weights}", "--iterations=2", "--compile"],
        ["test", model, f"--weights={weights}", "--iterations=2"])]
    assert [result.exit_code for result in shown] == [0, 0, 0], shown
    assert "1 iterations on cpu, compiled" in shown[0].output
    assert shown[1].output == shown[2].output and "accuracy" in shown[1].output
