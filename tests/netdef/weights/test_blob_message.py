"""Messages of blobs in a .caffemodel that have a form of their own; those of Caffe itself are in `test_caffemodel.py`."""

from __future__ import annotations

import numpy as np

import netdef
from netdef.weights import wire_format


def blob_of_c3d(values: np.ndarray) -> bytes:
    """A BlobProto of C3D 1.0: num 1, channels 2, length 3, height 4, width 5, data 6, as its caffe.proto says."""
    dims = (1,) * (5 - values.ndim) + values.shape
    head = b"".join(bytes([number << 3]) + wire_format.varint(size) for number, size in enumerate(dims, 1))
    return head + wire_format.header(6, 4 * values.size) + values.astype("<f4").tobytes()


def test_weights_of_c3d_1_0_are_read(tmp_path):
    weight, bias = np.arange(2 * 3 * 4 * 5 * 5.0).reshape(2, 3, 4, 5, 5), np.array([7.0, 8])
    layer = b"\x22\x05conv1" + b"".join(wire_format.header(6, len(blob)) + blob for blob in map(blob_of_c3d, (weight, bias)))
    (tmp_path / "c3d.caffemodel").write_bytes(wire_format.header(2, len(layer)) + layer)
    net = netdef.loads("""
        input: "x" input_shape { dim: 1 dim: 3 dim: 6 dim: 7 dim: 8 }
        layers { name: "conv1" type: CONVOLUTION3D bottom: "x" top: "y"
                 convolution_param { num_output: 2 kernel_size: 5 kernel_depth: 4 } }""")
    report = netdef.load_weights(net, tmp_path / "c3d.caffemodel")
    assert report.used == ("conv1",)
    assert np.array_equal(net.params["conv1"][0].detach(), weight) and net.params["conv1"][1].tolist() == [7, 8]
