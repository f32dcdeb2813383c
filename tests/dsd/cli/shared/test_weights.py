"""Weights of several files."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from small_nets import INPUT, ip

import netdef
from dsd.cli.shared.weights import load_all_weights
from netdef.errors import FileError


def saved(path: Path, *layers: str) -> str:
    netdef.save_weights(netdef.loads(INPUT + "".join(layers)), path)
    return str(path)


def test_files_are_loaded_in_turn_and_missing_layers_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    a = saved(tmp_path / "a.caffemodel", ip("a", "x", 5))
    b = saved(tmp_path / "b.caffemodel", ip("b", "x", 7))
    net = netdef.loads(INPUT + ip("a", "x", 5) + ip("b", "x", 7) + ip("c", "x", 2))
    load_all_weights(net, [a, b])
    said = capsys.readouterr().err
    assert "warning: no file has weights for `c`" in said and "`a`" not in said.splitlines()[-1]


def test_a_file_of_another_net_is_refused(tmp_path: Path):
    other = saved(tmp_path / "a.caffemodel", ip("a", "x", 5))
    warnings.simplefilter("error")
    with pytest.raises(FileError, match=r"a.caffemodel: has none of the net's layers; it has a$"):
        load_all_weights(netdef.loads(INPUT + ip("b", "x", 7)), [other])
