"""Read and write protobuf's wire format, as far as needed to find blobs in a file and to write them.

protobuf keeps a whole message in memory, twice while parsing. Blobs are large, so they are copied directly between file
and parameter; protobuf parses everything else.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {FIXED64: 8, FIXED32: 4}


class Damaged(ValueError):
    """The error for bytes that are not a complete protobuf message."""


def read_varint(data: bytes | mmap.mmap, at: int, end: int) -> tuple[int, int]:
    """The unsigned varint at offset ``at``, and the offset behind it. Raises `Damaged`."""
    value = shift = 0
    while at < end and shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise Damaged("it ends within a number" if at == end else f"a number at byte {at} does not end")


def fields(data: bytes | mmap.mmap, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Field number, wire type, start and end of every value of the message at ``start:end``; nothing is copied.

    Raises `Damaged` where a value reaches beyond the message, and for bytes that begin no field.
    """
    at = start
    while at < end:
        begin = at
        key, at = read_varint(data, at, end)
        number, wire_type = key >> 3, key & 7
        if wire_type == VARINT:
            value = at
            _, at = read_varint(data, at, end)
        elif wire_type == BYTES:
            size, value = read_varint(data, at, end)
            at = value + size
        elif wire_type in _FIXED_SIZES:
            value = at
            at += _FIXED_SIZES[wire_type]
        else:
            raise Damaged(f"byte {begin} begins no field")
        if number == 0:
            raise Damaged(f"byte {begin} begins no field")
        if at > end:
            raise Damaged(f"the field at byte {begin} claims {at - value} bytes; {end - value} are left, as if cut off")
        yield number, wire_type, value, at


def whole(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file of one message. Raises `Damaged` before it is read if the sizes of its fields do not fit it."""
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return b""  # an empty message, and nothing to map
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            for _ in fields(data, 0, len(data)):
                pass
            return data[:]


def varint(value: int) -> bytes:
    """An unsigned number as a varint."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def header(number: int, size: int) -> bytes:
    """The bytes before the value of field ``number``, which has ``size`` bytes."""
    return varint(number << 3 | BYTES) + varint(size)
