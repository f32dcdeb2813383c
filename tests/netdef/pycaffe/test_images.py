"""Images read, resized and cropped with the original's numbers."""

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import map_coordinates

from netdef.pycaffe.images import load_image, oversample, resize_image


@pytest.mark.parametrize("name", ["im", "gray", "rgba"])
@pytest.mark.parametrize("color", [True, False])
def test_files_as_recorded(pyapi, recorded_io, close, name, color):
    image = load_image(pyapi / f"{name}.png", color)
    assert image.dtype == np.float32
    close(image, recorded_io[f"load/{name}_{color}"])


@pytest.mark.parametrize(("pixels", "mode", "wanted"), [
    (np.array([[0, 65535], [32768, 1]], np.uint16), None, [0, 1, 32768 / 65535, 1 / 65535]),
    (np.array([[0, 51], [102, 255]], np.uint8), "P", [0, 0.2, 0.4, 1]),
    (np.array([[0, 1], [1, 0]], bool), None, [0, 1, 1, 0]),
])
def test_files_of_other_depths(tmp_path, pixels, mode, wanted):
    image = Image.fromarray(pixels)
    if mode == "P":
        image = Image.merge("RGB", [image] * 3).convert("P", palette=Image.Palette.ADAPTIVE)
    image.save(tmp_path / "image.png")
    np.testing.assert_allclose(load_image(tmp_path / "image.png", color=False).ravel(), wanted, atol=1e-6)


@pytest.mark.parametrize("name", ["up", "down", "order0", "gray", "const"])
def test_resizing_as_recorded(recorded_io, io_settings, close, name):
    settings = io_settings[f"resize_{name}"]
    image = recorded_io.get(f"resize_in/{name}", recorded_io["img"])
    resized = resize_image(image, settings["dims"], settings["order"])
    assert resized.dtype == np.float32
    close(resized, recorded_io[f"resize/{name}"])


@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("channels", [1, 3])
def test_enlarging_keeps_the_middles_of_pixels_in_place(order, channels):
    """At place i of an image f times as large stands what is at (i + 0.5) / f - 0.5, zeros being outside."""
    image = np.random.default_rng(0).random((5, 4, channels))
    image[0, 0], image[1, 1] = 0, 1  # so that the range is that of the numbers themselves
    places = np.meshgrid((np.arange(15) + 0.5) / 3 - 0.5, (np.arange(8) + 0.5) / 2 - 0.5, indexing="ij")
    wanted = np.stack([map_coordinates(image[:, :, k], places, order=order, mode="grid-constant")
                       for k in range(channels)], axis=2)
    np.testing.assert_allclose(resize_image(image, (15, 8), order), wanted.clip(0, 1), atol=1e-6)


@pytest.mark.parametrize("channels", [2, 5])
def test_other_numbers_of_channels_keep_the_corners_in_place(channels):
    ramp = np.arange(4)[:, None] + 10.0 * np.arange(3)[None]
    image = np.stack([ramp + 100 * k for k in range(channels)], axis=2)
    wanted = np.arange(7)[:, None] / 2 + 10 * np.arange(5)[None] / 2
    resized = resize_image(image, (7, 5))
    assert resized.shape == (7, 5, channels)
    np.testing.assert_allclose(resized[:, :, 1], wanted + 100, rtol=1e-6)
    assert np.array_equal(resize_image(image, (2, 2), 0)[:, :, 0], ramp[[0, -1]][:, [0, -1]])
    corners = resize_image(image, (9, 6), 3)[[0, -1]][:, [0, -1], 0]
    np.testing.assert_allclose(corners, ramp[[0, -1]][:, [0, -1]], atol=1e-5)


def test_ten_crops_as_recorded(recorded_io):
    crops = oversample([recorded_io["img"], recorded_io["img"][::-1]], (12, 14))
    assert crops.dtype == np.float32 and np.array_equal(crops, recorded_io["oversample"])


def test_an_odd_margin_is_cut_more_on_the_far_side():
    image = np.arange(7 * 4 * 1.0).reshape(7, 4, 1)
    crops = oversample([image], (4, 3))
    assert np.array_equal(crops[4], image[1:5, 0:3]) and np.array_equal(crops[9], image[1:5, 2::-1])
