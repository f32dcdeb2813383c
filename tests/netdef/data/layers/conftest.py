"""Files that several data layers read."""

from __future__ import annotations

from pathlib import Path

import pytest
from image_pairs import write_pairs


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with the files of `write_pairs`."""
    write_pairs(tmp_path)
    return tmp_path
