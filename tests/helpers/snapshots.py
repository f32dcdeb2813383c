"""Snapshots of toy runs, and the complaints about restoring them."""

from __future__ import annotations

from pathlib import Path

import pytest
from toys import toy

from dsd import Trainer
from netdef.errors import FileError


def snapshot_at(folder: Path, iteration: int, **options: str) -> Path:
    """The state of a toy run after ``iteration`` iterations; ``options`` are those of `toy`."""
    trainer = Trainer.from_file(toy(folder, **options))
    trainer.step(iteration)
    return trainer.snapshot()[1]


def refused(trainer: Trainer, path: Path) -> str:
    """The error that restoring ``path`` ends with."""
    with pytest.raises(FileError) as error:
        trainer.restore(path)
    return str(error.value)
