"""A text cut into streams."""

from __future__ import annotations

import runpy
from pathlib import Path

import h5py
import numpy as np
from click.testing import CliRunner

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "text_to_hdf5.py"))


def test_streams_go_on_from_row_to_row():
    arrays = TOOL["streams"](np.arange(12), 3)  # 11 pairs: 3 streams of 3
    assert arrays["char"].tolist() == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]
    assert arrays["next"].tolist() == [[1, 4, 7], [2, 5, 8], [3, 6, 9]]
    assert arrays["cont"].tolist() == [[0, 0, 0], [1, 1, 1], [1, 1, 1]]


def test_files(tmp_path):
    (tmp_path / "t").write_text("abcab" * 8)
    run = CliRunner().invoke(TOOL["main"], [str(tmp_path / "t"), str(tmp_path / "out"), "--streams", "2", "--test", "0.25"])
    assert run.exit_code == 0, run.output
    with h5py.File(tmp_path / "out" / "train.h5") as train, h5py.File(tmp_path / "out" / "test.h5") as test:
        assert train["char"].shape == (14, 2) and test["next"].shape == (4, 2)
        assert test["char"][:, 0].tolist() == [0, 1, 2, 0]
    assert (tmp_path / "out" / "train.txt").read_text() == "train.h5\n"


def test_too_few_characters_for_the_streams_are_refused(tmp_path):
    (tmp_path / "t").write_text("abcab" * 8)
    run = CliRunner().invoke(TOOL["main"], [str(tmp_path / "t"), str(tmp_path / "out"), "--streams", "2", "--first", "9"])
    assert run.exit_code == 0, run.output
    with h5py.File(tmp_path / "out" / "train.h5") as train, h5py.File(tmp_path / "out" / "test.h5") as test:
        assert train["char"].shape == (4, 2) and test["next"].shape == (1, 2)
    run = CliRunner().invoke(TOOL["main"], [str(tmp_path / "t"), str(tmp_path), "--streams", "3", "--first", "3"])
    assert run.exit_code == 2 and "--first 3: too few characters for 3 streams" in run.output


def test_a_text_too_short(tmp_path):
    (tmp_path / "t").write_text("abc")
    run = CliRunner().invoke(TOOL["main"], [str(tmp_path / "t"), str(tmp_path)])
    assert run.exit_code == 2 and "too few for 32 streams" in run.output
