"""Classifier and Detector as recorded."""

import numpy as np
import pytest

from netdef.pycaffe.classifier import Classifier

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
