"""BatchNorm as NVIDIA's versions store it: the same numbers come out of each."""

from __future__ import annotations

import warnings

import pytest
import torch

import netdef
from netdef.errors import FileError
from netdef.schema.messages import LayerParameter
from netdef.weights import caffemodel
from netdef.weights.load import load_weights

NET = """layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 5 } } }
layer { name: "bn" type: "BatchNorm" bottom: "x" top: "y" batch_norm_param { %s } }
"""
MEAN, VARIANCE = torch.tensor([0.5, -2.0, 8.0]), torch.tensor([4.0, 0.25, 9.0])
SCALE, BIAS = torch.tensor([3.0, 0.5, -1.0]), torch.tensor([1.0, -0.5, 7.0])


def one(value):
    return torch.tensor([float(value)])


def spread(blob):
    return blob.reshape(1, -1, 1, 1)


def loaded(path, blobs, param):
    """The layer's blobs after loading the file's, and what was said."""
    caffemodel.write(path, "n", [(LayerParameter(name="bn"), blobs)])
    net = netdef.loads(NET % param)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        report = load_weights(net, path)
    return net, report, [str(warning.message) for warning in warned]


def expected(x):
    view = (3, 1)
    return (x - MEAN.view(view)) / (VARIANCE.view(view) + 1e-5).sqrt()


@pytest.mark.parametrize("blobs", [
    [*map(spread, (SCALE, BIAS)), one(0).reshape(1, 1, 1, 1), *map(spread, (MEAN, VARIANCE))],  # 0.14, cuDNN
    [SCALE, BIAS, MEAN, VARIANCE, one(0)],  # 0.15
    [*map(spread, (SCALE, BIAS, MEAN, VARIANCE)), one(0).reshape(1, 1, 1, 1)],  # 0.15, cuDNN
    [MEAN, VARIANCE, one(0), SCALE, BIAS],  # 0.16
    [MEAN, VARIANCE, one(1), SCALE, BIAS],  # 0.17
    [MEAN * 4, VARIANCE * 4, one(4), SCALE, BIAS],  # ours: sums
], ids=["0.14", "0.15", "0.15-cudnn", "0.16", "0.17", "sums"])
def test_five_blobs(blobs, tmp_path):
    net, _, warned = loaded(tmp_path / "w.caffemodel", blobs, "scale_bias: true")
    x = torch.randn(2, 3, 5, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(net(x=x)["y"], expected(x) * SCALE.view(3, 1) + BIAS.view(3, 1))
    # A factor that is not 0 means the same in Caffe and in NVIDIA's fork.
    assert bool(warned) == (blobs[2].ne(0).sum() != 1)


def test_three_blobs_with_a_factor_of_0(tmp_path):
    net, report, warned = loaded(tmp_path / "w.caffemodel", [MEAN, VARIANCE, one(0)], "")
    x = torch.randn(2, 3, 5, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close(net(x=x)["y"], expected(x))
    assert warned == ["`bn`: read as NVIDIA's fork stores BatchNorm: mean and variance themselves, not sums of them"]
    assert report.statistics == ("bn",) and "BatchNorm as NVIDIA's fork stores it" in str(report)


def test_a_layer_that_was_never_trained_stays_so(tmp_path):
    net, report, warned = loaded(tmp_path / "w.caffemodel", [torch.zeros(3), torch.zeros(3), one(0)], "")
    assert [blob.tolist() for blob in net.params["bn"]] == [[0] * 3, [0] * 3, [0]]
    assert warned == [] and report.statistics == ()


def test_five_blobs_for_a_net_without_scale_and_bias(tmp_path):
    with pytest.raises(FileError, match="layer `bn`: the file has 5 blobs, the net 3; .*`batch_norm_param { scale_bias: true }`"):
        loaded(tmp_path / "w.caffemodel", [MEAN, VARIANCE, one(1), SCALE, BIAS], "")
