from __future__ import annotations

from pathlib import Path

import pytest
from toys import toy

from dsd.observers.metrics import JsonLines
from dsd.observers.weight_record import WeightRecord
from dsd.training.trainer import Trainer

TESTED = "display: 1 test_iter: 3 test_interval: 2"


@pytest.fixture(scope="session")
def lines(tmp_path_factory) -> Path:
    """The JSON lines of a finished run in three phases. To be read only."""
    folder = tmp_path_factory.mktemp("reported")
    path = folder / "run" / "toy.jsonl"
    written = JsonLines(path)
    Trainer.from_file(toy(folder, more=TESTED), observers=[written, WeightRecord(written)]).run()
    return path
