"""Image files to arrays and back, as OpenCV would have them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.images.image_file import decode, encode, image_format, read_image
from netdef.errors import FileError, NetdefError

RGB = np.random.default_rng(3).integers(0, 256, (4, 5, 3), dtype=np.uint8)


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


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


def test_grey_is_rounded_as_the_format_does(tmp_path: Path):
    """libpng cuts off where OpenCV rounds: 0.299 * 10 + 0.587 * 20 + 0.114 * 31 = 18.3; of 201, 202 and 203, 201.8."""
    pixels = np.array([[[10, 20, 31], [201, 202, 203]]], np.uint8)
    for kind, grey in (("png", [18, 201]), ("bmp", [18, 202])):
        Image.fromarray(pixels).save(tmp_path / f"image.{kind}")
        assert read_image(tmp_path / f"image.{kind}", color=False).tolist() == [[grey]]
        assert read_image(tmp_path / f"image.{kind}").tolist() == pixels.transpose(2, 0, 1)[::-1].tolist()


def test_non_images_are_refused_by_name(tmp_path: Path):
    (tmp_path / "x.png").write_bytes(b"\x89PNG and nothing more")
    with pytest.raises(FileError, match="x.png: holds an image that cannot be decoded: its 21 bytes are no image file"):
        read_image(tmp_path / "x.png")
    with pytest.raises(FileError, match="y.png: No such file"):
        read_image(tmp_path / "y.png")
    with pytest.raises(FileError, match="y\0.png: embedded null byte"):
        read_image(tmp_path / "y\0.png")


def test_png_round_trip():
    for shape in ((1, 5, 7), (3, 5, 7)):
        image = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
        np.testing.assert_array_equal(decode(encode(image, "png")), image)


def test_endings_name_formats():
    assert [image_format(kind) for kind in ("png", "JPG", "jpeg")] == ["PNG", "JPEG", "JPEG"]
    for kind, said in (("pgn", "encoded as `pgn`; did you mean `p"), ("", "encoded as ``")):
        with pytest.raises(NetdefError, match=said):
            image_format(kind)
