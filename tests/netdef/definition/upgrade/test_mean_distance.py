"""Nets of naibaf7's fork, whose EuclideanLoss is a mean."""

from __future__ import annotations

import warnings

import pytest

from netdef.definition.read import read_net_text

LOSS = 'layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" bottom: "s" top: "l" }\n'
JOIN = 'layer { name: "m" type: "MergeCrop" bottom: "a" bottom: "b" top: "m" }\n'
DATA = 'layer { name: "d" type: "MemoryData" top: "a" memory_data_param { dim: 1 dim: 3 } }\n'


@pytest.mark.parametrize("other", [JOIN, DATA])
def test_losses_beside_layers_of_the_fork_are_means(other):
    with pytest.warns(UserWarning, match="n:1:19: layer `l` .EuclideanLoss. is read as in naibaf7's fork"):
        net = read_net_text(LOSS + other + LOSS.replace('"l"', '"k"'), name="n")
    assert [layer.type for layer in net.layers if layer.name in "lk"] == ["MeanEuclideanLoss"] * 2


def test_other_nets_stay_as_they_are():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = read_net_text(LOSS + DATA.replace("dim: 1 dim: 3", "batch_size: 1 channels: 3"), name="n")
    assert net.layers[0].type == "EuclideanLoss"
