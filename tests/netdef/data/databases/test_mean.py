"""The mean image of a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import lmdb
import numpy as np
import pytest

from netdef.data.databases.mean import database_mean
from netdef.errors import FileError
from netdef.schema.messages import Datum


def test_the_mean_is_over_all_images(make_database: Callable, random_images: Callable):
    images, passed = random_images(9, 2, 3, 5), []
    mean = database_mean(make_database(images), lambda items: map(lambda item: passed.append(1) or item, items))
    assert len(passed) == 9
    assert mean.dtype == np.float32
    np.testing.assert_allclose(mean, np.mean(images, axis=0), rtol=1e-6)


def test_a_mean_of_different_sizes_is_refused(make_database: Callable, random_images: Callable):
    path = make_database([*random_images(2, 2, 3, 5), *random_images(1, 2, 5, 3)])
    with pytest.raises(FileError, match=r"item `00000002` is of shape \(2, 5, 3\), the first item of \(2, 3, 5\)"):
        database_mean(path)


def test_databases_without_a_mean_are_refused(make_database: Callable, tmp_path: Path):
    with pytest.raises(FileError, match="nowhere: No such file or directory"):
        database_mean(tmp_path / "nowhere")
    lmdb.open(str(tmp_path / "empty"), lock=False).close()
    with pytest.raises(FileError, match="the database holds no items"):
        database_mean(tmp_path / "empty")
    path = make_database([Datum(channels=1, height=2, width=3, data=b"12345")])
    with pytest.raises(FileError, match="db: item `00000000` says 1 x 2 x 3 and holds 5 values"):
        database_mean(path)
