"""Datums to arrays and back."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from netdef.data.images.datum import array_datum, datum_array, parse_datum
from netdef.errors import NetdefError
from netdef.schema.messages import Datum


def png() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(3).integers(0, 256, (4, 5, 3), dtype=np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def test_bytes_are_channels_rows_columns():
    datum = Datum(channels=2, height=3, width=4, data=bytes(range(24)), label=7)
    array = datum_array(datum)
    assert array.dtype == np.uint8 and array.shape == (2, 3, 4)
    assert array[1, 2, 3] == 23 and array[0, 1, 0] == 4


def test_floats_are_read_if_there_are_no_bytes():
    datum = Datum(channels=1, height=2, width=3, float_data=[0.5, -1, 2, 3, 4, 1e30])
    np.testing.assert_array_equal(datum_array(datum), np.array([[[0.5, -1, 2], [3, 4, 1e30]]], np.float32))


def test_bytes_take_precedence_over_floats():
    datum = Datum(channels=1, height=1, width=2, data=b"\x05\x06", float_data=[1, 2])
    assert datum_array(datum).tolist() == [[[5, 6]]]


@pytest.mark.parametrize(
    "fields, said",
    [
        ({"channels": 2, "height": 3, "width": 4, "data": bytes(23)}, "says 2 x 3 x 4 and holds 23 values"),
        ({"channels": 1, "height": 1, "width": 4, "float_data": [1.0]}, "says 1 x 1 x 4 and holds 1 values"),
        ({"data": bytes(3)}, "says 0 x 0 x 0 and holds 3 values"),
        ({"channels": -1, "height": -1, "width": 4, "data": bytes(4)}, "says -1 x -1 x 4"),
        ({"channels": 2**31 - 1, "height": 2**31 - 1, "width": 2**31 - 1, "data": bytes(1)}, "holds 1 values"),
        ({"encoded": True, "data": b"\x89PNG but no more"}, "cannot be decoded"),
        ({"encoded": True}, "cannot be decoded"),
        ({"encoded": True, "data": png()[:-30]}, "cannot be decoded"),
    ],
)
def test_inconsistent_datums_are_refused(fields: dict, said: str):
    with pytest.raises(NetdefError, match=said):
        datum_array(Datum(**fields))


def test_bytes_that_are_no_datum_are_refused():
    with pytest.raises(NetdefError, match=r"is not a Datum \(3 bytes\)"):
        parse_datum(b"\xff\xff\xff")


def test_an_array_becomes_a_raw_datum():
    image = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    datum = array_datum(image, -5)
    assert datum.label == -5 and not datum.encoded
    np.testing.assert_array_equal(datum_array(datum), image)
