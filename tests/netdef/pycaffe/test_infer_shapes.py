"""Shapes of all blobs after the inputs' have changed."""

from __future__ import annotations

import numpy as np

from netdef.pycaffe.net import Net

TRAIN, TEST = 0, 1


def test_reshape_follows_the_input(file, tmp_path):
    (tmp_path / "conv.prototxt").write_text("""
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 6 dim: 5 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 2 kernel_size: 3 } }
layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool" pooling_param { kernel_size: 2 stride: 2 } }""")
    net = Net(tmp_path / "conv.prototxt", TEST)
    net.blobs["data"].reshape(2, 3, 9, 8)
    assert net.blobs["pool"].shape == (1, 2, 2, 2)
    net.reshape()
    assert net.blobs["conv"].shape == (2, 2, 7, 6) and net.blobs["pool"].data.shape == (2, 2, 4, 3)
    assert net.forward(data=np.zeros((2, 3, 9, 8)))["pool"].shape == (2, 2, 4, 3)
    net.blobs["data"].reshape(1, 3, 5, 5)  # a forward pass reshapes by itself
    assert net.forward()["pool"].shape == (1, 2, 2, 2)
