"""The digits that the tool made, and how it reads them."""

from __future__ import annotations

import gzip
import zipfile
from collections import Counter
from pathlib import Path

import click
import numpy as np
import pytest

from netdef.data.databases.survey import decoded_items

ROOT = Path(__file__).parents[2]


def wheel(folder: Path, table: np.ndarray, member: str) -> Path:
    """A wheel with a table of digits."""
    rows = "\n".join(",".join(map(str, row)) for row in table.tolist())
    with zipfile.ZipFile(folder / "x.whl", "w") as archive:
        archive.writestr(member, gzip.compress(rows.encode()))
    return folder / "x.whl"


def test_digits_are_read_from_the_table_in_a_wheel(tool, tmp_path):
    make_digits = tool("make_digits")
    table = np.arange(1797 * 65).reshape(1797, 65) % 17
    images, labels = make_digits.read_digits(wheel(tmp_path, table, make_digits.MEMBER))
    assert images.shape == (1797, 1, 8, 8) and images[3, 0, 1].tolist() == table[3, 8:16].tolist()
    assert labels.tolist() == table[:, 64].tolist()


def test_another_table_or_none_is_refused(tool, tmp_path):
    make_digits = tool("make_digits")
    with pytest.raises(click.ClickException, match="x.whl: .* is not the table of 1797 digits that it was"):
        make_digits.read_digits(wheel(tmp_path, np.full((1797, 65), 15), make_digits.MEMBER))
    with pytest.raises(click.ClickException, match="x.whl: cannot read .*digits.csv.gz"):
        make_digits.read_digits(wheel(tmp_path, np.full((3, 65), 16), "sklearn/other.csv.gz"))


def test_the_shipped_digits():
    for name, count in (("train", 1500), ("test", 297)):
        digits = list(decoded_items(ROOT / "models" / "digits" / f"{name}_lmdb"))
        assert len(digits) == count
        assert {digit.image.shape for digit in digits} == {(1, 8, 8)}
        assert {int(digit.image.max()) for digit in digits} <= set(range(10, 17)) and digits[0].image.dtype == np.uint8
        shares = Counter(digit.label for digit in digits)
        assert sorted(shares) == list(range(10))
        assert max(shares.values()) - min(shares.values()) <= 0.05 * count
