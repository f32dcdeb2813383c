"""A copy of the MNIST databases, for tests of published models."""

from __future__ import annotations

import shutil
from pathlib import Path

from oracle import shared


def mnist(part: str, folder: Path) -> Path:
    """A copy of ``train`` or ``test`` in a folder: LevelDB writes when it opens."""
    source = shared(f"data/mnist_leveldb/mnist-{part}-leveldb")
    return Path(shutil.copytree(source, folder / part, copy_function=copy_file))


def copy_file(source: str | Path, target: str | Path) -> None:
    """Copy a file without its mode: the shared files are read-only."""
    shutil.copyfile(source, target)
