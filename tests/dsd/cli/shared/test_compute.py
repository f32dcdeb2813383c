"""How commands are told what passes compute in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from click.testing import CliRunner
from toys import toy

from dsd.cli.main import main
from dsd.compute.precision import PRECISIONS


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
