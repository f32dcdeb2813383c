"""The wire format against protobuf's own reading and writing of it."""

import pytest

from netdef.schema.messages import BlobProto, BlobShape, SolverState
from netdef.weights import wire_format


@pytest.mark.parametrize("value", [0, 1, 127, 128, 300, 2**31 - 1, 2**63, 2**64 - 1])
def test_varint_round_trip(value):
    encoded = wire_format.varint(value)
    assert wire_format.read_varint(encoded, 0, len(encoded)) == (value, len(encoded))


def test_varint_is_as_protobuf_writes_it():
    proto = SolverState(iter=300)
    assert proto.SerializeToString() == bytes([SolverState.ITER_FIELD_NUMBER << 3]) + wire_format.varint(300)


def test_fields_of_a_message_are_found():
    data = BlobProto(num=7, data=[1.5, 2], shape=BlobShape(dim=[2])).SerializeToString()
    found = [(number, kind, data[start:end]) for number, kind, start, end in wire_format.fields(data, 0, len(data))]
    assert found == [
        (1, wire_format.VARINT, b"\x07"),
        (5, wire_format.BYTES, bytes.fromhex("0000c03f 00000040")),
        (7, wire_format.BYTES, BlobShape(dim=[2]).SerializeToString()),
    ]


def test_headers_are_as_protobuf_writes_them():
    blob = BlobProto(data=[1, 2, 3])
    assert wire_format.header(BlobProto.DATA_FIELD_NUMBER, 12) + bytes.fromhex("0000803f 00000040 00004040") == (
        blob.SerializeToString()
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x80", "ends within a number"),
        (b"\x0a\x05abc", "the field at byte 0 claims 5 bytes; 3 are left, as if cut off"),
        (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "claims 9223372036854775807 bytes; 0 are left"),
        (b"\x0d\x00\x00", "the field at byte 0 claims 4 bytes; 2 are left"),
        (b"\x08\x01\x00\x00", "byte 2 begins no field"),
        (b"\x0b", "byte 0 begins no field"),
        (b"\x08" + b"\xff" * 12, "a number at byte .* does not end"),
    ],
)
def test_damaged_messages_are_refused(data, message):
    with pytest.raises(wire_format.Damaged, match=message):
        list(wire_format.fields(data, 0, len(data)))
