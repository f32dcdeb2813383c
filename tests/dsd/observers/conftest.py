from __future__ import annotations

from pathlib import Path

import pytest
from caffe_cli import put_case

from dsd.training.trainer import Trainer


@pytest.fixture
def trainer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trainer:
    """The solver that was recorded with the original, in three phases of 8, 4 and 4 iterations."""
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Trainer.from_file("solver.prototxt", sparsity=0.3, max_iter=8)
