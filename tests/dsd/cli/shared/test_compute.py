"""How commands are told what passes compute in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from click.testing import CliRunner
from toys import toy

from dsd.cli.main import main
from dsd.compute.precision import PRECISIONS
from dsd.training.trainer import Trainer


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Torch's switch, which is put back at the end."""
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    yield
    torch.use_deterministic_algorithms(False)


@pytest.mark.usefixtures("switch")
@pytest.mark.parametrize("command", ["train", "time"])
def test_the_flag_turns_torchs_switch(command: str, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    solver = toy(tmp_path)
    words = [str(solver), "--max_iter=2"] if command == "train" else [f"--model={tmp_path / 'net.prototxt'}", "--iterations=1"]
    assert not torch.are_deterministic_algorithms_enabled()
    found = CliRunner().invoke(main, [command, *words, "--deterministic"])
    assert found.exit_code == 0, found.output
    assert torch.are_deterministic_algorithms_enabled()


@pytest.mark.parametrize("command", ["train", "test", "time", "study"])
def test_commands_know_the_same_names(command: str):
    refused = CliRunner().invoke(main, [command, "--precision", "fp64"]).output
    assert all(f"'{name}'" in refused for name in PRECISIONS)


def test_commands_compute_in_half_precision(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.step(5)  # until then the statistics of BatchNorm are zeros
    weights, _ = trainer.snapshot()
    model = f"--model={tmp_path / 'net.prototxt'}"
    timed = CliRunner().invoke(main, ["time", model, "--iterations=1", "--precision=bf16"])
    assert timed.exit_code == 0 and "1 iterations on cpu in bf16" in timed.output, timed.output
    losses = []
    for precision in ("fp32", "bf16"):
        tested = CliRunner().invoke(main, ["test", model, f"--weights={weights}", "--iterations=2", f"--precision={precision}"])
        assert tested.exit_code == 0, tested.output
        (loss,) = [float(line.split("│")[2]) for line in tested.output.splitlines() if "│ loss" in line]
        losses.append(loss)
    assert losses[0] != losses[1] and losses[1] == pytest.approx(losses[0], rel=0.02)
