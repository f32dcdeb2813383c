"""Blobs of a net for its own data."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import netdef
from dsd.features.extract import check_blobs, extract
from netdef.errors import NetdefError

NET = """
layer { name: "data" type: "MemoryData" top: "data" top: "label"
        memory_data_param { batch_size: 2 channels: 1 height: 3 width: 4 } }
layer { name: "double" type: "Power" bottom: "data" top: "double" power_param { scale: 2 } }
layer { name: "sum" type: "Reduction" bottom: "double" top: "sum" }
layer { name: "drop" type: "Silence" bottom: "label" }
"""


@pytest.fixture
def net() -> netdef.Net:
    made = netdef.loads(NET, phase="TEST", device="cpu")
    made.feeds[0].set_arrays(np.arange(72.0).reshape(6, 1, 3, 4), np.arange(6))
    return made


def test_blobs_are_those_of_the_nets_own_data(net: netdef.Net):
    batches = list(extract(net, ["double", "label"], 2, torch.device("cpu")))
    assert [list(batch) for batch in batches] == 2 * [["double", "label"]]
    np.testing.assert_array_equal(
        np.concatenate([batch["double"] for batch in batches]), 2 * np.arange(48, dtype=np.float32).reshape(4, 1, 3, 4))
    assert batches[1]["label"].dtype == np.float32 and batches[1]["label"].ravel().tolist() == [2, 3]


@pytest.mark.parametrize(
    "blobs, said",
    [
        (["dubble"], "the net has no blob `dubble`; did you mean `double`. It has data, label, double, sum"),
        (["sum"], "blob `sum` is one number, not one for each item"),
        (["data", "data"], "a blob is named twice: data, data"),
    ],
)
def test_bad_blobs_are_refused(net: netdef.Net, blobs: list[str], said: str):
    check_blobs(net, ["data", "double"])
    with pytest.raises(NetdefError, match=said):
        check_blobs(net, blobs)
