"""Mean images of FlowNet 2 in a net for images of another size."""

from __future__ import annotations

import pytest
import torch

import netdef

TEXT = """
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: %d dim: %d } } }
layer { name: "a" type: "DataAugmentation" bottom: "x" top: "y" augmentation_param { recompute_mean: 4 } }
"""


@pytest.mark.parametrize("ending", [".caffemodel", ".caffemodel.h5"])
def test_another_size_takes_the_mean_of_each_plane(tmp_path, ending):
    trained, path = netdef.loads(TEXT % (4, 5)), tmp_path / f"w{ending}"
    count, mean, channel_mean = trained.params["a"]
    count.fill_(7)
    mean.copy_(torch.arange(60.0).reshape(1, 3, 4, 5))  # planes of means 9.5, 29.5 and 49.5
    channel_mean.copy_(mean.mean((2, 3), keepdim=True))
    netdef.save_weights(trained, path)
    other = netdef.loads(TEXT % (6, 2))
    assert netdef.load_weights(other, path).used == ("a",)
    count, mean, channel_mean = other.params["a"]
    wanted = torch.tensor([9.5, 29.5, 49.5]).reshape(1, 3, 1, 1)
    assert count.item() == 7 and torch.equal(mean, wanted.expand(1, 3, 6, 2)) and torch.equal(channel_mean, wanted)
    same = netdef.loads(TEXT % (4, 5))
    netdef.load_weights(same, path)
    assert torch.equal(same.params["a"][1], trained.params["a"][1])


def test_other_channels_are_refused(tmp_path):
    netdef.save_weights(netdef.loads(TEXT % (4, 5)), tmp_path / "w.caffemodel")
    with pytest.raises(netdef.FileError, match=r"blob 1: the file has shape \(1, 3, 4, 5\), the net \(1, 2, 6, 7\)"):
        netdef.load_weights(netdef.loads((TEXT % (6, 7)).replace("dim: 3", "dim: 2")), tmp_path / "w.caffemodel")
