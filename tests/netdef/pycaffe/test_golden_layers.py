"""The recorded cases of the original's layers, run by hand through `caffe.Net`: data, gradients, gradients that add up."""

from __future__ import annotations

import json

import numpy as np
import pytest
from oracle import golden_cases

from netdef.pycaffe.net import Net

BAR = 1e-5  # of an array's maximum, as for the layers themselves

# What Caffe slips on, draws at random or lets happen and ours refuses: see tests/netdef/layers/test_golden.py.
LEFT_OUT = {
    "accuracy_nan", "clip_inplace", "eltwise_inplace_sum", "eltwise_inplace_prod", "eltwise_prod_zero_unstable", "parameter",
    "parameter_used", "power_inplace", "relu_special", "scale_axis0", "scale_axis0_all", "pool_ave_k1s2_empty",
    "dropout_train", "dropout_train_08", "dummydata_gaussian"}
CASES = [folder for folder in golden_cases("layers") if folder.name not in LEFT_OUT]


class Recorded:
    """A recorded case and the net that replays it."""

    def __init__(self, folder):
        self.meta = json.loads((folder / "meta.json").read_text())
        self.arrays = dict(np.load(folder / "golden.npz"))
        self.net = Net(folder / "net.prototxt", ("TRAIN", "TEST").index(self.meta["phase"]))
        for key, value in self.group("param").items():
            layer, index = key.rsplit("/", 1)
            self.net.params[layer][int(index)].data[...] = value.reshape(self.net.params[layer][int(index)].shape)

    def group(self, kind, step=""):
        head = f"{step}{kind}/"
        return {key.removeprefix(head): value for key, value in self.arrays.items() if key.startswith(head)}

    def check(self, name, found, wanted):
        wanted = wanted.astype(np.float64)
        found = found.astype(np.float64).reshape(wanted.shape)
        finite = np.isfinite(wanted)
        scale = np.abs(wanted[finite]).max(initial=0) or 1
        assert np.abs(found[finite] - wanted[finite]).max(initial=0) <= BAR * scale, name
        assert np.array_equal(found[~finite], wanted[~finite], equal_nan=True), name


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_recorded_case(folder):
    case = Recorded(folder)
    net, meta = case.net, case.meta
    assert (net.inputs, net.outputs) == (meta["inputs"], meta["outputs"])
    for step in ["", *(f"step{i}/" for i in range(1, meta["steps"]))]:
        for blob, value in case.group("in", step).items():
            if net.blobs[blob].shape != value.shape:
                net.blobs[blob].reshape(*value.shape)
            net.blobs[blob].data[...] = value
        net.forward()
        for blob, value in case.group("out", step).items():
            case.check(blob, net.blobs[blob].data, value)
        for key, value in case.group("param_after", step).items():
            layer, index = key.rsplit("/", 1)
            case.check(key, net.params[layer][int(index)].data, value)
        backward(case, step)


def backward(case, step):
    net, gin, gparam = case.net, case.group("gin", step), case.group("gparam", step)
    if not gin and not gparam:
        return
    net.clear_param_diffs()
    for suffix in ("", "2x"):
        for blob, diff in case.group("topdiff", step).items():
            if case.meta["topdiff_kind"][blob] == "set":
                net.blobs[blob].diff[...] = diff
        net.backward()
        for key, value in case.group(f"gparam{suffix}", step).items():
            layer, index = key.rsplit("/", 1)
            case.check(key + suffix, net.params[layer][int(index)].diff, value)
        if not suffix:
            for blob, value in gin.items():
                case.check(f"diff of {blob}", net.blobs[blob].diff, value)
