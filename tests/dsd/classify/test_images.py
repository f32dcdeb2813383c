"""Images as classification.bin and classify.py make them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import netdef
from dsd.classify.images import ten_crops, whole_image
from dsd.classify.mean import read_mean
from dsd.classify.net import scores
from netdef.data.images.mean_file import write_mean
from netdef.errors import FileError, NetdefError

PYAPI = Path(__file__).parents[2] / "golden" / "pyapi"
PIXELS = np.random.default_rng(7).integers(0, 256, (5, 6, 3), dtype=np.uint8)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "picture.png"
    Image.fromarray(PIXELS).save(path)
    return path


def test_a_whole_image_is_blue_first_less_the_average_of_each_channel(picture):
    mean = np.arange(3 * 2 * 4, dtype=np.float32).reshape(3, 2, 4)  # averages 3.5, 11.5, 19.5
    found = whole_image(picture, (3, 5, 6), mean, 0.5)
    wanted = (PIXELS[..., ::-1].transpose(2, 0, 1) - np.array([3.5, 11.5, 19.5])[:, None, None]) / 2
    assert found.shape == (1, 3, 5, 6) and found.dtype == np.float32
    np.testing.assert_array_equal(found[0], wanted)


def test_a_whole_image_is_resized_as_opencv_does(picture):
    """To half of its size on each axis OpenCV takes the rounded averages of two by two pixels."""
    Image.fromarray(PIXELS[:4]).save(picture)
    found = whole_image(picture, (3, 2, 3))[0]
    sums = PIXELS[:4, :, ::-1].astype(int).reshape(2, 2, 3, 2, 3).sum((1, 3)).transpose(2, 0, 1)
    np.testing.assert_array_equal(found, (sums + 2) // 4)


def test_colour_becomes_grey_and_grey_colour(picture, tmp_path):
    Image.fromarray(PIXELS[..., 0]).save(tmp_path / "grey.png")
    assert (whole_image(tmp_path / "grey.png", (3, 5, 6))[0] == PIXELS[..., 0]).all()
    np.testing.assert_allclose(
        whole_image(picture, (1, 5, 6))[0, 0], PIXELS @ np.array([0.299, 0.587, 0.114]), atol=0.5 + 255 * 1e-4)


def test_an_alpha_channel_is_dropped(picture, tmp_path):
    alpha = np.full((5, 6, 1), 40, np.uint8)
    Image.fromarray(np.concatenate([PIXELS, alpha], 2)).save(tmp_path / "alpha.png")
    assert np.array_equal(whole_image(tmp_path / "alpha.png", (3, 5, 6)), whole_image(picture, (3, 5, 6)))


def test_a_crop_gives_the_recorded_prediction(tmp_path):
    """The original's Detector resized windows of an image and had means of 0.4, 0.5, 0.6 and a raw scale of 2."""
    recorded = np.load(PYAPI / "classifier.npz")
    net = netdef.load(PYAPI / "cls.prototxt", weights=PYAPI / "cls.caffemodel")
    with Image.open(PYAPI / "det.png") as image:
        pixels = np.asarray(image.convert("RGB"))
    mean = np.array([0.4, 0.5, 0.6], np.float32)[:, None, None] * 127.5
    for (top, left, bottom, right), wanted in zip(recorded["det_windows"], recorded["det_pred"], strict=True):
        Image.fromarray(pixels[top:bottom, left:right]).save(tmp_path / "window.png")
        crops = ten_crops(tmp_path / "window.png", (3, 12, 12), (12, 12), mean, 1 / 127.5)
        assert crops.shape == (10, 3, 12, 12)
        np.testing.assert_allclose(scores(net, crops[:1]), wanted, rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(crops[5:], crops[:5, ..., ::-1])


@pytest.mark.parametrize("name", ["mean.npy", "mean.binaryproto"])
def test_a_mean_is_numbers_or_a_file(tmp_path, name):
    mean = np.random.default_rng(3).random((3, 2, 5)).astype(np.float32)
    path = tmp_path / name
    np.save(path, mean) if path.suffix == ".npy" else write_mean(path, mean)
    assert np.array_equal(read_mean(str(path), 3), mean)
    assert read_mean("104,117,123.5", 3).ravel().tolist() == [104, 117, 123.5]
    assert read_mean("127.5", 3).ravel().tolist() == [127.5] * 3
    np.save(tmp_path / "numbers.npy", np.array([1.0, 2.0, 3.0]))
    assert read_mean(str(tmp_path / "numbers.npy"), 3).ravel().tolist() == [1, 2, 3]


def test_what_is_no_mean_is_refused(tmp_path):
    (tmp_path / "mean.txt").write_text("words")
    with pytest.raises(FileError, match=r"mean.txt: cannot be read as a mean image"):
        read_mean(str(tmp_path / "mean.txt"), 3)
    with pytest.raises(NetdefError, match=r"--mean 1,2 has shape \(2, 1, 1\); the net's images have 3 channels"):
        read_mean("1,2", 3)
