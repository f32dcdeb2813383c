"""MatRead: files as MatWrite and MATLAB write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from one_layer import draw, one_layer
from scipy.io import savemat

import netdef

ITEM = np.arange(24, dtype=np.float32).reshape(2, 3, 4)  # channels, height, width


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def load(param: str) -> netdef.Net:
    return netdef.loads(f'layer {{ name: "l" type: "MatRead" top: "x" mat_read_param {{ {param} }} }}')


def test_a_list_over_and_over():
    Path("list.txt").write_text("one.jpg 3\ntwo.jpg 4\nsix.jpg\n")
    for factor, name in enumerate(("one", "two", "six"), 1):
        savemat(f"f_{name}_blob_0.mat", {"data": factor * ITEM.T[..., None]})
    net = load('prefix: "f_" source: "list.txt" strip: 4 batch_size: 2')
    assert net.shapes["x"] == (2, 2, 3, 4) and net.feeds[0].epoch_size() == 3
    batches = [next(net.feeds)["x"].numpy() for _ in range(2)]
    assert np.array_equal(batches, [[ITEM, 2 * ITEM], [3 * ITEM, ITEM]])


def test_numbered_files_that_matwrite_wrote():
    writer = one_layer("MatWrite", 'mat_write_param { prefix: "w_" }', tops=0, x=(1, 2, 3, 4))
    written = [draw(1, 2, 3, 4, seed=seed) for seed in range(2)]
    for x in written:
        writer(x=x)
    net = load('prefix: "w_"')
    for x in written:
        assert np.array_equal(next(net.feeds)["x"], x.float())
    with pytest.raises(netdef.FileError, match="w_iter_2_blob_0.mat: No such file"):
        next(net.feeds)


def test_what_does_not_fit():
    with pytest.raises(netdef.SpecError, match="iter_0_blob_0.mat: No such file"):
        load("")
    savemat("iter_0_blob_0.mat", {"data": np.zeros((2, 3, 4, 5))})
    with pytest.raises(netdef.SpecError, match="of a fourth axis one"):
        load("")
    savemat("iter_0_blob_0.mat", {"data": ITEM})
    savemat("iter_1_blob_0.mat", {"data": ITEM.T})
    net = load("batch_size: 2")
    with pytest.raises(netdef.FileError, match="iter_1_blob_0.mat: layer `l` wants .C, H, W. .4, 3, 2."):
        next(net.feeds)
    with pytest.raises(netdef.SpecError, match="reads `none.txt`, but there is no"):
        load('source: "none.txt"')
    Path("list.txt").write_text("ab\n")
    with pytest.raises(netdef.SpecError, match="no more than the 2 letters to strip"):
        load('source: "list.txt" strip: 2')
    with pytest.raises(netdef.SpecError, match="`strip` -1; it must be at least 0"):
        load('source: "list.txt" strip: -1')
