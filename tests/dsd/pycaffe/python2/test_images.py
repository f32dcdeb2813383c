"""The functions for images that scripts of Python 2 find in scipy.misc."""

import numpy as np
from PIL import Image

from dsd.pycaffe.python2.images import bytescale, imread, imresize, imsave, toimage


def test_arrays_through_files(tmp_path):
    bytes_ = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    imsave(str(tmp_path / "colour.png"), bytes_)
    assert np.array_equal(imread(str(tmp_path / "colour.png")), bytes_)
    grey = imread(str(tmp_path / "colour.png"), flatten=True)
    assert grey.shape == (2, 4) and grey.dtype == np.float32
    assert imread(str(tmp_path / "colour.png"), mode="L").dtype == np.uint8
    Image.fromarray(bytes_).convert("P").save(tmp_path / "palette.png")
    assert imread(str(tmp_path / "palette.png")).shape == (2, 4, 3)


def test_floats_are_stretched_to_bytes():
    assert np.array_equal(bytescale(np.array([[-1.0, 0.0, 1.0]])), [[0, 128, 255]])
    assert np.array_equal(bytescale(np.array([[0.0, 0.5, 2.0]]), 0, 1), [[0, 128, 255]])
    assert toimage(np.zeros((3, 5, 7))).size == (7, 5) and toimage(np.zeros((5, 7)), mode="F").mode == "F"


def test_sizes_in_percent_fractions_and_pixels():
    image = np.zeros((10, 20, 3), np.uint8)
    assert imresize(image, 50).shape == (5, 10, 3)
    assert imresize(image, 1.5, "nearest").shape == (15, 30, 3)
    assert imresize(image, (4, 6), "bicubic").shape == (4, 6, 3)
