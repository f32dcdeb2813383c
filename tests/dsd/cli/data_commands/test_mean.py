"""dsd-data mean: mean images as the original computes them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from caffe_cli import IMAGES
from data_command import RESIZE, convert, mean_image, run
from oracle import shared


def test_images_and_their_mean_as_recorded(tmp_path: Path):
    assert "6 images" in convert(tmp_path / "db", *RESIZE)
    shown = run("mean", tmp_path / "db", tmp_path / "mean.binaryproto")
    for channel, value in enumerate(("131.233", "124.899", "130.601")):
        assert f"mean_value channel [{channel}]: {value}" in shown
    np.testing.assert_allclose(mean_image(tmp_path / "mean.binaryproto"), mean_image(IMAGES / "mean.binaryproto"), rtol=1e-6)
    convert(tmp_path / "grey", "-gray", *RESIZE)
    assert "mean_value channel [0]: 127.011" in run("mean", tmp_path / "grey")


@pytest.mark.parametrize("database, name, log", [
    ("gray_lmdb", "gray", "gray"), ("encpng_lmdb", "enc", "encoded"), ("resize_leveldb", "ldb", "leveldb")])
def test_means_of_the_recorded_databases(tmp_path: Path, database: str, name: str, log: str):
    if log == "leveldb":
        pytest.importorskip("plyvel")
    copy = shutil.copytree(shared(f"golden/cli/images/{database}"), tmp_path / "db", copy_function=shutil.copyfile)
    Path(copy).chmod(0o755)  # LevelDB writes where it reads
    shown = run("mean", copy, tmp_path / "mean.binaryproto")
    recorded = shared(f"golden/cli/images/mean_{name}.binaryproto")
    np.testing.assert_allclose(mean_image(tmp_path / "mean.binaryproto"), mean_image(recorded), rtol=1e-6)
    told = shared(f"golden/cli/images/mean_{log}.stderr.txt").read_text()
    assert re.findall(r"mean_value channel .*", told) == re.findall(r"mean_value channel .*", shown)
