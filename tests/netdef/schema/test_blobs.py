"""Blobs of all file formats as arrays, and back."""

import struct

import numpy as np
import pytest

from netdef.errors import NetdefError
from netdef.schema.blobs import blob_shape, from_array, to_array
from netdef.schema.messages import BlobProto, BlobShape


@pytest.mark.parametrize("shape", [(), (3,), (2, 5), (0, 4), (2, 3, 5, 7, 1)])
def test_round_trip(shape):
    array = np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape) / 3
    proto = from_array(array)
    assert blob_shape(proto) == shape
    assert list(proto.data) == list(array.ravel())
    assert proto.HasField("shape")
    back = to_array(BlobProto.FromString(proto.SerializeToString()))
    assert back.dtype == np.float32 and back.shape == shape and back.flags.writeable
    assert (back == array).all()


def test_all_bits_are_kept():
    bits = np.array([0x80000000, 0x7F800001, 0x7FC01234, 1, 0xFF7FFFFF], np.uint32)  # -0, NaNs, a denormal, -max
    assert (to_array(from_array(bits.view(np.float32))).view(np.uint32) == bits).all()


def test_from_another_layout_and_type():
    array = np.arange(24, dtype=np.float64).reshape(2, 3, 4).transpose(2, 0, 1)
    assert (to_array(from_array(array)) == array).all()


def test_four_dimensions_as_before_2014():
    proto = BlobProto(num=1, channels=2, height=1, width=3, data=[0, 1, 2, 3, 4, 5])
    assert blob_shape(proto) == (1, 2, 1, 3)
    assert to_array(proto).tolist() == [[[[0, 1, 2]], [[3, 4, 5]]]]


def test_old_dimensions_take_precedence_and_default_to_zero():
    proto = BlobProto(width=3, shape=BlobShape(dim=[3]))
    assert blob_shape(proto) == (0, 0, 0, 3)


def test_unpacked_floats_are_read():
    """As a writer that knows nothing of packing has them: a tag before every value."""
    tag = bytes([5 << 3 | 5])
    wire = b"".join(tag + struct.pack("<f", value) for value in (1.5, -2, 0.1))
    proto = BlobProto.FromString(wire + BlobProto(shape=BlobShape(dim=[3])).SerializeToString())
    assert (to_array(proto) == np.array([1.5, -2, 0.1], np.float32)).all()


def test_double_precision_is_read():
    proto = BlobProto(shape=BlobShape(dim=[1, 2]), double_data=[0.1, 1e300])
    assert (to_array(proto) == np.array([[0.1, np.inf]], np.float32)).all()


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ([4], r"a blob of shape \(4,\) has 4 values; 3 are there"),
        ([], r"a blob of shape \(\) has 1 values; 3 are there"),
        ([-3, -1], r"a blob has the shape \(-3, -1\); a dimension cannot be negative"),
        ([2**62, 2**62], "has 21267647932558653966460912964485513216 values; 3 are there"),
    ],
)
def test_a_shape_of_another_size_is_refused(shape, message):
    with pytest.raises(NetdefError, match=message):
        to_array(BlobProto(shape=BlobShape(dim=shape), data=[1, 2, 3]))


def raw(kind, values):
    """The fields of NVIDIA's fork: number 10, the type, and number 12, the bytes."""
    return bytes([10 << 3, kind, 12 << 3 | 2, len(values)]) + values


@pytest.mark.parametrize(("kind", "code"), [(0, "<2d"), (1, "<2f"), (2, "<2e")])
def test_raw_values_of_nvidias_fork_are_read(kind, code):
    wire = BlobProto(shape=BlobShape(dim=[1, 2])).SerializeToString() + raw(kind, struct.pack(code, 0.5, -1024))
    assert to_array(BlobProto.FromString(wire)).tolist() == [[0.5, -1024]]
    # As there, plain values are read first.
    plain = BlobProto(data=[3, 4]).SerializeToString()
    assert to_array(BlobProto.FromString(wire + plain)).tolist() == [[3, 4]]


@pytest.mark.parametrize(("kind", "values", "said"), [
    (3, bytes(8), "its raw values are of type 3; 0 .double., 1 .float. and 2 .half. are read"),
    (1, bytes(7), "its values end within a number: 7 bytes for numbers of 4"), (1, bytes(4), "has 2 values; 1 are there"),
])
def test_raw_values_that_cannot_be_read(kind, values, said):
    wire = BlobProto(shape=BlobShape(dim=[1, 2])).SerializeToString() + raw(kind, values)
    with pytest.raises(NetdefError, match=said):
        to_array(BlobProto.FromString(wire))
