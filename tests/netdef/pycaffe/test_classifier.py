"""Classifier and Detector as recorded."""

import numpy as np
import pytest

from netdef.pycaffe.classifier import Classifier
from netdef.pycaffe.detector import Detector

SETTINGS = dict(mean=np.array([0.4, 0.5, 0.6]), raw_scale=2, channel_swap=(2, 1, 0))


@pytest.fixture
def recorded(pyapi):
    return dict(np.load(pyapi / "classifier.npz"))


def test_the_middle_of_images_as_recorded(pyapi, recorded, close):
    net = Classifier(pyapi / "cls.prototxt", pyapi / "cls.caffemodel", image_dims=(16, 16), **SETTINGS)
    close(net.predict([recorded["img0"], recorded["img1"]], oversample=False), recorded["center"])


def test_oversampling_is_the_mean_over_ten_crops(pyapi, recorded, close):
    """Of one image whose crops are all alike it is the prediction of any of them."""
    net = Classifier(pyapi / "cls.prototxt", pyapi / "cls.caffemodel", image_dims=(16, 16), **SETTINGS)
    flat = np.ones((16, 16, 3)) * np.array([0.1, 0.5, 0.9])
    close(net.predict([flat, recorded["img1"]])[:1], net.predict([flat], oversample=False))


def test_images_are_resized_to_the_net_unless_told_otherwise(pyapi):
    net = Classifier(pyapi / "cls.prototxt", pyapi / "cls.caffemodel")
    assert tuple(net.image_dims) == (12, 12) and net.predict([np.ones((5, 7, 3))]).shape == (1, 5)


def test_windows_as_recorded(pyapi, recorded, close):
    net = Detector(pyapi / "cls.prototxt", pyapi / "cls.caffemodel", **SETTINGS)
    found = net.detect_windows([(str(pyapi / "det.png"), recorded["det_windows"])])
    close(np.array([each["prediction"] for each in found]), recorded["det_pred"])
    assert [tuple(each["window"]) for each in found] == [tuple(window) for window in recorded["det_windows"]]
    assert {each["filename"] for each in found} == {str(pyapi / "det.png")}


def test_context_beyond_the_image_is_the_mean(pyapi):
    net = Detector(pyapi / "cls.prototxt", pyapi / "cls.caffemodel", context_pad=3, **SETTINGS)
    image = np.full((30, 30, 3), 0.75, np.float32)
    corner = net.crop(image, np.array([0, 0, 11, 11]))
    assert corner.shape == (12, 12, 3)
    np.testing.assert_allclose(corner[0, 0], [0.6 / 2, 0.5 / 2, 0.4 / 2], rtol=1e-6)  # in RGB, before the scale
    np.testing.assert_allclose(corner[6, 6], 0.75, rtol=1e-6)
    np.testing.assert_allclose(net.crop(image, np.array([10, 10, 21, 21])), 0.75, rtol=1e-6)
