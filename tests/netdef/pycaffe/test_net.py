"""`caffe.Net`: how it is made, what is in it, what goes through it."""

from __future__ import annotations

import numpy as np
import pytest

import netdef
from netdef.errors import FileError, SpecError
from netdef.pycaffe.net import Net

TRAIN, TEST = 0, 1


def test_phase_level_and_stages_choose_layers(file):
    assert "extra" in Net(file, TEST, stages=["more"]).blobs and "extra" not in Net(file, TEST).blobs
    assert "high" in Net(file, TEST, level=1).blobs and "high" in Net(file, TEST, 1).blobs
    assert Net(file, TRAIN).inputs == []


def test_the_forms_of_three_ages(file, tmp_path):
    weights = tmp_path / "some.weights"
    saved = Net(file, TRAIN)
    saved.save(weights)
    with pytest.warns(DeprecationWarning, match="write Net.file, phase, weights="):
        older = Net(file, str(weights), TEST)
    with pytest.warns(DeprecationWarning, match="write caffe.TEST"):
        oldest = Net(file, str(weights))
    for net in (Net(file, TEST, weights=weights), Net(file, phase=TEST, weights=str(weights)), older, oldest):
        assert net.module.phase == "TEST"
        assert np.array_equal(net.params["conv"][0].data, saved.params["conv"][0].data)
    with pytest.raises(TypeError, match="at most"):
        Net(file, TEST, 0, (), weights, 5)


def test_errors(file, tmp_path):
    with pytest.raises(RuntimeError, match="Could not open file .*absent"):
        Net(tmp_path / "absent.prototxt", TEST)
    with pytest.raises(RuntimeError, match="Could not open file .*absent"):
        Net(file, TEST, weights=tmp_path / "absent.caffemodel")
    with pytest.raises(RuntimeError, match="Could not open"):
        Net(file, TEST).copy_from(tmp_path / "absent.caffemodel")
    with pytest.raises(FileError, match="is text, not weights"):
        Net(file, TEST, weights=file)
    (tmp_path / "wrong.prototxt").write_text('layer { name: "a" type: "Nothing" top: "a" }')
    with pytest.raises(SpecError, match="unknown type `Nothing`"):
        Net(tmp_path / "wrong.prototxt", TEST)


def test_a_class_of_ones_own(file):
    class Mine(Net):
        def __init__(self, path):
            Net.__init__(self, path, TEST)
            self.extra = 1

        def predict(self, x):
            return self.forward(data=x)["left"]

    assert Mine(file).predict(np.ones((4, 3, 6, 5))).shape == (4, 7)


def test_weights_through_files(file, tmp_path):
    net, other = Net(file, TEST), Net(file, TEST)
    net.save(tmp_path / "any.name")
    net.save_hdf5(tmp_path / "another.name")
    for load, name in ((other.copy_from, "any.name"), (other.load_hdf5, "another.name"), (other.copy_from, "another.name")):
        other.params["left"][0].data[...] = 0
        load(tmp_path / name)
        assert np.array_equal(other.params["left"][0].data, net.params["left"][0].data)
    assert netdef.load(file, weights=tmp_path / "any.name").params["conv"][0].shape == (2, 3, 3, 3)


def test_shared_weights_are_one(file):
    net, other = Net(file, TEST), Net(file, TEST)
    other.share_with(net)
    net.params["left"][0].data[0, 0] = 5
    assert other.params["left"][0].data[0, 0] == 5
    x = np.ones((4, 3, 6, 5))
    assert np.array_equal(net.forward(data=x)["left"], other.forward(data=x)["left"])


def test_sharing_wants_equal_shapes(file, tmp_path):
    (tmp_path / "wider.prototxt").write_text(file.read_text().replace("num_output: 7", "num_output: 8"))
    with pytest.raises(ValueError, match="layer `left` has blobs of shapes"):
        Net(file, TEST).share_with(Net(tmp_path / "wider.prototxt", TEST))


def test_a_net_that_its_data_layers_feed(file):
    net = Net(file, TRAIN)
    first = net.forward()["left"].copy()
    assert not np.array_equal(net.forward()["left"], first)  # new random data
    again = net.forward(start="conv")["left"]
    assert np.array_equal(again, net.forward(start="conv")["left"])


def test_arrays_for_a_memory_data_layer(tmp_path):
    (tmp_path / "net.prototxt").write_text("""
layer { name: "data" type: "MemoryData" top: "data" top: "label"
        memory_data_param { batch_size: 2 channels: 1 height: 2 width: 3 } }
layer { name: "twice" type: "Power" bottom: "data" top: "twice" power_param { scale: 2 } }""")
    net = Net(tmp_path / "net.prototxt", TEST)
    images = np.arange(24, dtype=np.float32).reshape(4, 1, 2, 3)
    net.set_input_arrays(images, np.arange(4, dtype=np.float32))
    assert np.array_equal(net.forward()["twice"], 2 * images[:2])
    assert np.array_equal(net.forward()["label"].ravel(), [2, 3])
    images += 5  # the net takes its batches from the script's own memory, as in Caffe
    assert np.array_equal(net.forward()["twice"], 2 * images[:2])
    with pytest.raises(RuntimeError, match="whose first layer is of type MemoryData"):
        Net.of(netdef.loads('layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 1 } } }')).set_input_arrays(
            images, np.arange(4))
