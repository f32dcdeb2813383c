""".caffemodel files of every generation, and damaged ones."""

import struct
import tracemalloc

import numpy as np
import pytest
import torch
from oracle import golden_cases, shared

from netdef.errors import FileError
from netdef.schema.messages import BlobProto, BlobShape, LayerParameter, MaskParameter, NetParameter, SolverState
from netdef.weights import caffemodel, wire_format

RECORDED = [case for case in golden_cases("solvers") if (case / "snap_iter_6.caffemodel").exists()]


def read_all(path):
    """{layer: [arrays]} of a file."""
    arrays = {}
    with caffemodel.read(path) as layers:
        for layer in layers:
            for index, blob in sorted(layer.blobs.items()):
                assert index == len(arrays.setdefault(layer.name, []))
                into = torch.full(blob.shape, torch.nan)
                blob.read(into)
                arrays[layer.name].append(into.numpy())
    return arrays


def write_proto(path, **fields):
    path.write_bytes(NetParameter(**fields).SerializeToString())
    return path


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case.name)
def test_recorded_files_are_read(case):
    """Snapshots of iteration 6 by the original Caffe hold the parameters recorded after six iterations."""
    recorded = np.load(case / "golden.npz")
    found = read_all(case / "snap_iter_6.caffemodel")
    names = [name.split("/")[1:] for name in recorded.files if name.startswith("param/")]
    assert len(names) == sum(map(len, found.values())) > 0
    for layer, index in names:
        assert np.array_equal(found[layer][int(index)], recorded[f"param/{layer}/{index}"][5])


def test_a_published_v1_file_is_read():
    path = shared("corpus/models/lenet_everpeace_2014/lenet_iter_5000.caffemodel")
    net = NetParameter.FromString(path.read_bytes())
    found = read_all(path)
    assert list(found) == ["conv1", "conv2", "ip1", "ip2"]
    for layer in net.layers:
        for blob, array in zip(layer.blobs, found.get(layer.name, []), strict=True):
            assert array.shape == (blob.num, blob.channels, blob.height, blob.width)
            assert list(blob.data) == array.ravel().tolist()


def test_a_v0_file_is_read(tmp_path):
    blob = {"num": 1, "channels": 1, "height": 2, "width": 1, "data": [3, 4]}
    inner = {"name": "conv1", "type": "conv", "blobs": [blob]}
    path = write_proto(tmp_path / "x.caffemodel", layers=[{"bottom": ["data"], "top": ["conv1"], "layer": inner}])
    assert read_all(path)["conv1"][0].tolist() == [[[[3], [4]]]]


def test_double_precision_is_read(tmp_path):
    blob = BlobProto(shape=BlobShape(dim=[2]), double_data=[0.1, -1e300])
    path = write_proto(tmp_path / "x.caffemodel", layer=[{"name": "ip", "blobs": [blob]}])
    assert read_all(path)["ip"][0].tolist() == [np.float32(0.1), -np.inf]


def raw(kind, values):
    """The fields of NVIDIA's fork: number 10, the type, and number 12, the bytes."""
    return bytes([10 << 3, kind, 12 << 3 | 2, len(values)]) + values


@pytest.mark.parametrize(("kind", "code"), [(0, "<3d"), (1, "<3f"), (2, "<3e")])
def test_raw_values_of_nvidias_fork_are_read(kind, code, tmp_path):
    blob = BlobProto(shape=BlobShape(dim=[3, 1])).SerializeToString() + raw(kind, struct.pack(code, 0.5, -1024, 3))
    layer = LayerParameter(name="l").SerializeToString() + bytes([7 << 3 | 2, len(blob)]) + blob
    (tmp_path / "x.caffemodel").write_bytes(wire_format.header(100, len(layer)) + layer)
    with caffemodel.read(tmp_path / "x.caffemodel") as (stored,):
        values = torch.empty(3, 1)
        stored.blobs[0].read(values)
    assert values.tolist() == [[0.5], [-1024], [3]]


def test_raw_integers_are_refused(tmp_path):
    blob = BlobProto(shape=BlobShape(dim=[2])).SerializeToString() + raw(4, bytes(8))
    layer = LayerParameter(name="l").SerializeToString() + bytes([7 << 3 | 2, len(blob)]) + blob
    (tmp_path / "x.caffemodel").write_bytes(wire_format.header(100, len(layer)) + layer)
    with pytest.raises(FileError, match="layer `l`, blob 0: its raw values are of type 4"):
        with caffemodel.read(tmp_path / "x.caffemodel"):
            pass


def test_a_blob_in_several_pieces_is_read(tmp_path):
    """protobuf lets a packed field come in several parts."""
    head = BlobProto(shape=BlobShape(dim=[3])).SerializeToString()
    parts = [BlobProto(data=values).SerializeToString() for values in ([1.0], [2.0, 3.0])]
    path = write_layer(tmp_path / "x.caffemodel", head + b"".join(parts))
    assert read_all(path)["ip"][0].tolist() == [1, 2, 3]


def test_unpacked_values_are_read(tmp_path):
    tag = bytes([BlobProto.DATA_FIELD_NUMBER << 3 | 5])
    values = b"".join(tag + struct.pack("<f", value) for value in (1, 2, 3))
    head = BlobProto(num=1, channels=1, height=1, width=3).SerializeToString()
    assert read_all(write_layer(tmp_path / "x.caffemodel", head + values))["ip"][0].tolist() == [[[[1, 2, 3]]]]


def write_layer(path, blob: bytes):
    """A net of one layer `ip` with one blob, given as bytes."""
    layer = LayerParameter(name="ip").SerializeToString() + b"\x3a" + bytes([len(blob)]) + blob
    path.write_bytes(b"\xa2\x06" + bytes([len(layer)]) + layer)
    assert len(layer) < 128
    return path


def test_written_files_are_what_protobuf_would_write(tmp_path):
    blobs = [torch.arange(15.0).reshape(3, 5).t(), torch.tensor(2.5), torch.empty(0, 4)]
    message = LayerParameter(name="ip", type="InnerProduct", inner_product_param={"num_output": 5})
    caffemodel.write(tmp_path / "x.caffemodel", "n", [(LayerParameter(name="data"), []), (message, blobs)])
    net = NetParameter.FromString((tmp_path / "x.caffemodel").read_bytes())
    assert net.name == "n" and [layer.name for layer in net.layer] == ["data", "ip"]
    ip = net.layer[1]
    assert ip.type == "InnerProduct" and ip.inner_product_param.num_output == 5
    assert [list(blob.shape.dim) for blob in ip.blobs] == [[5, 3], [], [0, 4]]
    assert list(ip.blobs[0].data) == [5 * column + row for row in range(5) for column in range(3)]
    assert list(ip.blobs[1].data) == [2.5] and ip.blobs[1].HasField("shape")
    found = read_all(tmp_path / "x.caffemodel")["ip"]
    assert [array.shape for array in found] == [(5, 3), (), (0, 4)]


def test_more_than_two_gib_is_refused(tmp_path):
    huge = torch.empty(2**29, device="meta")
    with pytest.raises(FileError, match=r"would take 2.00 GiB; .*Name it .caffemodel.h5"):
        caffemodel.write(tmp_path / "x.caffemodel", "n", [(LayerParameter(name="ip"), [huge])])
    assert not list(tmp_path.iterdir())


def small_file(path):
    blobs = [torch.arange(6.0).reshape(2, 3), torch.arange(3.0)]
    message = LayerParameter(name="mask", type="Mask", mask_param={"shape": {"dim": [2, 3]}, "bits": b"\x15"})
    caffemodel.write(path, "n", [(message, []), (LayerParameter(name="ip"), blobs)])
    return path.read_bytes()


def test_a_file_truncated_anywhere_is_refused(tmp_path):
    path = tmp_path / "x.caffemodel"
    whole = small_file(path)
    path.write_bytes(whole[: whole.index(b"mask") + 10])
    with pytest.raises(FileError, match="x.caffemodel: is no .caffemodel, or a damaged one: .* as if cut off"):
        read_all(path)
    for size in range(1, len(whole)):
        path.write_bytes(whole[:size])
        try:
            assert not read_all(path)  # cut off between two layers it is a net of fewer layers
        except FileError:
            pass


def test_a_wrong_byte_anywhere_is_read_or_refused(tmp_path):
    """Whatever a byte turns into, the file is read or refused with a FileError."""
    path = tmp_path / "x.caffemodel"
    whole = small_file(path)
    for at in range(len(whole)):
        for change in (0x01, 0x07, 0x80, 0xFF):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :])
            try:
                read_all(path)
            except FileError as error:
                assert str(error).startswith(str(path))


@pytest.mark.parametrize(
    ("blob", "message"),
    [
        ({"shape": {"dim": [2_000_000_000, 3]}}, r"has 6000000000 values; 0 are there"),
        ({"shape": {"dim": [-1, -2]}, "data": [1, 2]}, r"shape \(-1, -2\); a dimension cannot be negative"),
        ({"shape": {"dim": [2]}, "data": [1, 2, 3]}, r"of shape \(2,\) has 2 values; 3 are there"),
        ({"num": 2, "channels": 3, "data": [1]}, r"of shape \(2, 3, 0, 0\) has 0 values; 1 are there"),
        ({"shape": {"dim": [1] * 400}, "data": [1]}, "its shape has more than 32 axes"),
    ],
)
def test_sizes_beyond_the_file_are_refused(tmp_path, blob, message):
    good = {"data": [1], "shape": {"dim": [1]}}
    path = write_proto(tmp_path / "x.caffemodel", layer=[{"name": "ip", "blobs": [good, blob]}])
    tracemalloc.start()
    with pytest.raises(FileError, match="x.caffemodel: .*: layer `ip`, blob 1: .*" + message):
        read_all(path)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_files_of_other_messages_are_refused(tmp_path):
    path = tmp_path / "x.caffemodel"
    path.write_bytes(SolverState(iter=5, learned_net="a", history=[{"data": [1]}]).SerializeToString())
    with pytest.raises(FileError, match="a .solverstate or a mean file does not go here"):
        read_all(path)
    path.write_bytes(bytes(5000))
    with pytest.raises(FileError, match="byte 0 begins no field"):
        read_all(path)
    path.write_bytes(NetParameter(name="n\0").SerializeToString())
    with pytest.raises(FileError, match="holds no layers"):
        read_all(path)


def one_layer(path, kind: bytes, number: int, value: bytes):
    """A net of one layer `m`, with a field of this number that holds these bytes after its type."""
    layer = b"\x0a\x01m" + b"\x12" + bytes([len(kind)]) + kind + wire_format.varint(number << 3 | 2) + bytes([len(value)]) + value
    path.write_bytes(b"\xa2\x06" + bytes([len(layer)]) + layer)
    return path


@pytest.mark.parametrize("number", [10001, 150_000_001])
def test_a_mask_is_read_at_its_number_and_at_its_old_one(tmp_path, number):
    shape_and_bits = MaskParameter(shape={"dim": [2, 3]}, bits=b"\x15").SerializeToString()
    with caffemodel.read(one_layer(tmp_path / "x.caffemodel", b"Mask", number, shape_and_bits)) as (layer,):
        assert layer.mask.shape == (2, 3)
        assert layer.mask.kept().tolist() == [[True, False, True], [False, True, False]]


@pytest.mark.parametrize("kind, value", [
    (b"MemoryData", b"com.yahoo.ml.caffe.LMDB"),  # CaffeOnSpark's source_class, a string
    (b"PSROIPooling", b"\x0d\x00\x00\x80\x3d\x10\x15\x18\x07"),  # R-FCN's psroi_pooling_param
])
def test_other_fields_at_the_old_number_of_masks_are_ignored(tmp_path, kind, value):
    with caffemodel.read(one_layer(tmp_path / "x.caffemodel", kind, 10001, value)) as (layer,):
        assert layer.name == "m" and layer.mask is None


def test_masks_are_written_at_a_number_of_their_own(tmp_path):
    message = LayerParameter(name="m", type="Mask", mask_param={"shape": {"dim": [2, 3]}, "bits": b"\x15"})
    caffemodel.write(tmp_path / "x.caffemodel", "n", [(message, [])])
    written = (tmp_path / "x.caffemodel").read_bytes()
    assert wire_format.varint(150_000_001 << 3 | 2) in written and wire_format.varint(10001 << 3 | 2) not in written
