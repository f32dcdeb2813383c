"""The sentence about scores that are not finite."""

from __future__ import annotations

import h5py
import numpy as np
import torch

import netdef
from dsd.compute.precision import Precision
from dsd.evaluate.epoch import batches_of
from dsd.evaluate.not_finite import describe_not_finite
from dsd.evaluate.scores import mean_outputs

CPU = torch.device("cpu")


def described(tmp_path, values, more=""):
    """The sentence about the outputs ``sum`` and ``log`` over items of two numbers, in batches of two items."""
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["x"] = np.array(values, np.float32)
    net = netdef.loads(f"""
        layer {{ name: "data" type: "HDF5Data" top: "x" hdf5_data_param {{ source: "{tmp_path}/x.h5" batch_size: 2 }} }}
        layer {{ name: "sum" type: "Reduction" bottom: "x" top: "sum" }}
        layer {{ name: "log_of" type: "Log" bottom: "x" top: "logs" }}
        layer {{ name: "log" type: "Reduction" bottom: "logs" top: "log" }} {more}""")
    batches = batches_of(net)
    scores = mean_outputs(net, batches.count, CPU)
    return describe_not_finite(net, scores, batches, Precision(), CPU)


def test_finite_scores(tmp_path):
    assert described(tmp_path, [[1, 2], [3, 4], [5, 6], [7, 8]]) is None


def test_the_first_batch_and_layer_are_named(tmp_path):
    assert described(tmp_path, [[1, 2], [3, 4], [5, 6], [0, 8], [-1, 3], [1, 1]]) == (
        "`log` is not finite\n  batch 1 of 3, forward pass, layer `log_of` (Log): its top `logs` has 1 infinite of 4 values; its "
        "input lies between 0 and 8")


def test_data_that_are_not_finite(tmp_path):
    assert described(tmp_path, [[1, 2], [3, float("nan")]]) == (
        "`log`, `sum` are not finite\n  batch 0 of 1, blob `x` of the data has 1 NaN of 4 values")


def test_a_net_that_writes_files_is_not_run_again(tmp_path):
    more = f"""layer {{ name: "w" type: "HDF5Output" bottom: "logs" bottom: "x"
                       hdf5_output_param {{ file_name: "{tmp_path}/o.h5" }} }}"""
    assert described(tmp_path, [[1, 2], [3, 4], [0, 6], [7, 8]], more) == "`log` is not finite"
    with h5py.File(tmp_path / "o.h5") as file:
        assert len(file["data"]) == 4
