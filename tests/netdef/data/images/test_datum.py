"""Datums to arrays, as OpenCV would have them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from netdef.data.images.datum import datum_array, parse_datum
from netdef.data.images.image_file import decode
from netdef.errors import NetdefError
from netdef.schema.messages import Datum

RGB = np.random.default_rng(3).integers(0, 256, (4, 5, 3), dtype=np.uint8)


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def test_bytes_are_channels_rows_columns():
    datum = Datum(channels=2, height=3, width=4, data=bytes(range(24)), label=7)
    array = datum_array(datum)
    assert array.dtype == np.uint8 and array.shape == (2, 3, 4)
    assert array[1, 2, 3] == 23 and array[0, 1, 0] == 4


def test_floats_where_there_are_no_bytes():
    datum = Datum(channels=1, height=2, width=3, float_data=[0.5, -1, 2, 3, 4, 1e30])
    np.testing.assert_array_equal(datum_array(datum), np.array([[[0.5, -1, 2], [3, 4, 1e30]]], np.float32))


def test_bytes_go_before_floats():
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
        ({"encoded": True, "data": encoded(Image.fromarray(RGB))[:-30]}, "cannot be decoded"),
    ],
)
def test_contradictions_are_refused(fields: dict, said: str):
    with pytest.raises(NetdefError, match=said):
        datum_array(Datum(**fields))


def test_colours_come_blue_first():
    array = decode(encoded(Image.fromarray(RGB)))
    np.testing.assert_array_equal(array, RGB.transpose(2, 0, 1)[::-1])


def test_alpha_is_kept_unless_colour_is_forced():
    rgba = np.dstack([RGB, np.arange(20, dtype=np.uint8).reshape(4, 5)])
    data = encoded(Image.fromarray(rgba))
    np.testing.assert_array_equal(decode(data), rgba.transpose(2, 0, 1)[[2, 1, 0, 3]])
    np.testing.assert_array_equal(decode(data, color=True), RGB.transpose(2, 0, 1)[::-1])


def test_grey_files_are_one_channel_unless_colour_is_forced():
    grey = RGB[..., 0]
    data = encoded(Image.fromarray(grey))
    np.testing.assert_array_equal(decode(data), grey[None])
    np.testing.assert_array_equal(decode(data, color=True), np.stack([grey] * 3))


def test_palettes_are_looked_up():
    image = Image.fromarray(RGB).quantize(4)
    np.testing.assert_array_equal(decode(encoded(image)), np.asarray(image.convert("RGB")).transpose(2, 0, 1)[::-1])


def test_forced_grey_is_the_luma():
    expected = RGB @ [0.299, 0.587, 0.114]
    assert np.abs(decode(encoded(Image.fromarray(RGB)), color=False)[0] - expected).max() <= 1
    flat = Image.new("RGB", (16, 24), (200, 100, 50))
    grey = decode(encoded(flat, "JPEG"), color=False)
    assert grey.shape == (1, 24, 16) and np.abs(grey - (200 * 0.299 + 100 * 0.587 + 50 * 0.114)).max() <= 2


def test_sixteen_bits_are_refused():
    deep = Image.fromarray(np.full((2, 3), 40_000, np.uint16))
    with pytest.raises(NetdefError, match="more than 8 bits"):
        decode(encoded(deep))


def test_an_enormous_image_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 9)
    with pytest.raises(NetdefError, match="cannot be decoded: Image size"):
        decode(encoded(Image.fromarray(RGB)))


def test_noise_is_no_datum():
    with pytest.raises(NetdefError, match=r"is not a Datum \(3 bytes\)"):
        parse_datum(b"\xff\xff\xff")
