"""How many batches a test takes."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

import netdef
from dsd.evaluate.epoch import Batches, batches_of
from dsd.evaluate.scores import Scores

DATA = """
layer { name: "data" type: "HDF5Data" top: "x" top: "t" hdf5_data_param { source: "data.h5" batch_size: %d } }
layer { name: "loss" type: "EuclideanLoss" bottom: "x" bottom: "t" top: "loss" }
"""
DUMMY = """
layer { name: "x" type: "DummyData" top: "x" dummy_data_param { shape { dim: 6 dim: 2 } } }
layer { name: "sum" type: "Reduction" bottom: "x" top: "sum" }
"""


@pytest.fixture
def items(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[np.ndarray, np.ndarray]:
    """Eleven items in ``data.h5``, which is in the working directory."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(4)
    x, t = random.random((11, 3), np.float32), random.random((11, 3), np.float32)
    with h5py.File("data.h5", "w") as file:
        file["x"], file["t"] = x, t
    return x, t


@pytest.mark.parametrize("size, count, last", [(11, 1, 11), (4, 3, 3), (20, 1, 11), (1, 11, 1)])
def test_the_mean_over_an_epoch_is_that_over_the_items(items, size: int, count: int, last: int):
    net = netdef.loads(DATA % size)
    batches = batches_of(net)
    assert batches == Batches(count, size, last, 11) and str(batches).endswith("all 11 items, each once")
    scores = Scores(net)
    for batch in range(batches.count):
        scores.add(net(**batches.cut(batch, next(net.feeds))), batches.share(batch))
    x, t = items
    assert float(scores.result()["loss"]) == pytest.approx(((x - t) ** 2).sum() / 22, rel=1e-5)


def test_a_count_is_taken_as_it_is(items):
    net = netdef.loads(DATA % 4)
    assert batches_of(net, 2) == Batches(2, 4, 4, 11) and str(batches_of(net, 2)) == "2 batches of 4: 8 of 11 items"
    assert str(batches_of(net, 3)) == "3 batches of 4: 12 items, of 11 some more than once"


def test_data_without_an_end_take_as_many_batches_as_in_caffe():
    net = netdef.loads(DUMMY)
    assert batches_of(net).count == 50 and batches_of(net, 7).count == 7


def test_a_batch_is_whole_where_an_output_has_a_row_an_item(items):
    net = netdef.loads(DATA % 4 + 'layer { name: "y" type: "Power" bottom: "x" top: "y" }')
    assert batches_of(net) == Batches(3, 4, 4, 11)
    assert str(batches_of(net)) == "3 batches of 4: 12 items, of 11 some more than once"


def test_the_longest_of_several_data_counts(items):
    with h5py.File("more.h5", "w") as file:
        file["u"] = np.zeros((5, 2), np.float32)
    net = netdef.loads(DATA % 4 + """
        layer { name: "more" type: "HDF5Data" top: "u" hdf5_data_param { source: "more.h5" batch_size: 5 } }
        layer { name: "sum" type: "Reduction" bottom: "u" top: "sum" }""")
    batches = batches_of(net)
    assert batches == Batches(3, 4, 4, 11)
    assert torch.equal(batches.cut(2, {"x": torch.ones(4)})["x"], torch.ones(4))
