"""Detector as recorded."""

import numpy as np
import pytest

from netdef.pycaffe.detector import Detector

SETTINGS = dict(mean=np.array([0.4, 0.5, 0.6]), raw_scale=2, channel_swap=(2, 1, 0))


@pytest.fixture
def recorded(pyapi):
    return dict(np.load(pyapi / "classifier.npz"))


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
