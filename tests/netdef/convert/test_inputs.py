"""Inputs to run nets on."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

import netdef
from netdef.convert.inputs import Preparation, given_inputs, own_batch, random_inputs, read_arrays
from netdef.convert.options import VerifyOptions
from netdef.data.images.mean_file import write_mean
from netdef.errors import FileError, NetdefError

TWO = """
layer { name: "in" type: "Input" top: "a" top: "b" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 5 } } }
layer { name: "s" type: "Silence" bottom: "a" bottom: "b" }
"""


def test_random_inputs_are_valid_for_their_readers():
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" top: "words" top: "cont" input_param {
                shape { dim: 4 dim: 3 dim: 7 } shape { dim: 4 dim: 2 } shape { dim: 4 dim: 3 } } }
        layer { name: "e" type: "Embed" bottom: "words" top: "e" embed_param { num_output: 6 input_dim: 5 } }
        layer { name: "l" type: "LSTM" bottom: "x" bottom: "cont" top: "l" recurrent_param { num_output: 2 } }""")
    inputs = random_inputs(net, seed=1)
    again, other = random_inputs(net, seed=1), random_inputs(net, seed=2)
    assert {name: tuple(x.shape) for name, x in inputs.items()} == {"x": (4, 3, 7), "words": (4, 2), "cont": (4, 3)}
    assert torch.equal(inputs["x"], again["x"]) and not torch.equal(inputs["x"], other["x"])
    assert set(inputs["words"].flatten().tolist()) <= {0, 1, 2, 3, 4}
    assert inputs["cont"].tolist() == [[0] * 3, [1] * 3, [1] * 3, [1] * 3]


def test_data_layers_give_their_own_batch():
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "a" input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "d" type: "MemoryData" top: "x" top: "t"
                memory_data_param { batch_size: 2 channels: 1 height: 2 width: 3 } }
        layer { name: "s" type: "Silence" bottom: "a" bottom: "x" bottom: "t" }""")
    net.feeds[0].set_arrays(np.ones((2, 1, 2, 3), np.float32), np.zeros(2, np.float32))
    batch = own_batch(net, seed=4)
    assert list(batch) == ["a", "x", "t"] and torch.equal(batch["a"], random_inputs(net, 4)["a"])
    assert torch.equal(batch["x"], torch.ones(2, 1, 2, 3))


def test_preparation_reverses_channels_then_subtracts_and_scales():
    x = np.arange(2 * 3 * 2, dtype=np.float64).reshape(2, 3, 2)[..., None]
    found = Preparation([1, 2, 3], 0.5, True).apply("data", x)
    wanted = (torch.tensor([[[4, 5], [2, 3], [0, 1]], [[10, 11], [8, 9], [6, 7]]]) - torch.tensor([1, 2, 3])[:, None]) * 0.5
    assert found.dtype == torch.float32 and torch.equal(found[..., 0], wanted)
    with pytest.raises(NetdefError, match=r"the mean has shape \(3, 4, 4\), the input `data` \(2, 3, 2, 1\)"):
        Preparation(np.zeros((3, 4, 4))).apply("data", x)


def test_the_mean_of_options_is_numbers_or_a_file(tmp_path):
    write_mean(tmp_path / "m.binaryproto", np.full((3, 2, 4), 7, np.float32))
    assert Preparation.of(VerifyOptions(mean="1,2.5", scale=2, swap_channels=True)) == Preparation([1.0, 2.5], 2, True)
    found = Preparation.of(VerifyOptions(mean=str(tmp_path / "m.binaryproto"))).mean
    assert np.array_equal(found, np.full((3, 2, 4), 7))
    with pytest.raises(NetdefError, match="--mean: `red` is neither numbers nor a .binaryproto or .npy"):
        Preparation.of(VerifyOptions(mean="red"))


def test_arrays_are_read_from_files(net):
    np.save("x.npy", np.ones((2, 3)))
    np.savez("x.npz", a=np.zeros(2), b=np.ones(3))
    Image.fromarray(np.full((9, 5, 3), (10, 20, 30), np.uint8)).save("x.png")
    assert {name: array.shape for name, array in read_arrays("x.npy", net).items()} == {"": (2, 3)}
    assert {name: array.shape for name, array in read_arrays("x.npz", net).items()} == {"a": (2,), "b": (3,)}
    image = read_arrays("x.png", net)[""]
    assert image.shape == (1, 3, 8, 7) and image[0, :, 0, 0].tolist() == [30, 20, 10]  # blue first
    with pytest.raises(FileError, match="none.npy: cannot be read as arrays"):
        read_arrays("none.npy", net)
    with pytest.raises(NetdefError, match=r"x.png: an image is no input of shape \(2, 3\); give a .npy"):
        read_arrays("x.png", netdef.loads(TWO))


def test_given_inputs_must_fit(net):
    one = np.ones((4, 3, 9, 9), np.float32)  # another number of items, and planes of another size
    assert list(given_inputs(net, {"anything": one}, Preparation())) == ["data"]
    with pytest.raises(NetdefError, match=r"the input `data` has shape \(2, 3, 8, 7\); what is given has \(2, 1, 8, 7\)"):
        given_inputs(net, {"": np.ones((2, 1, 8, 7))}, Preparation())
    with pytest.raises(NetdefError, match="nothing is given for the input `b`; there is a"):
        given_inputs(netdef.loads(TWO), {"a": np.ones((2, 3))}, Preparation())
