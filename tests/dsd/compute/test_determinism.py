"""The same bits in every run: torch's own switch."""

from __future__ import annotations

import os

import pytest
import torch

from dsd.compute.determinism import be_deterministic


def test_torch_uses_deterministic_algorithms_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    try:
        be_deterministic()
        assert torch.are_deterministic_algorithms_enabled() and not torch.is_deterministic_algorithms_warn_only_enabled()
    finally:
        torch.use_deterministic_algorithms(False)
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":16:8"  # as the user said
