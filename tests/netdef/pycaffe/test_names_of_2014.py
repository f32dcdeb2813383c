"""Methods of 2014 work, with a warning that names today's."""

import numpy as np
import pytest

import netdef
from netdef.pycaffe import mode
from netdef.pycaffe.classifier import Classifier
from netdef.pycaffe.net import Net

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 4 dim: 5 } } }
layer { name: "drop" type: "Dropout" bottom: "data" top: "drop" }
"""


def test_images_are_prepared_by_the_net_itself(tmp_path):
    net = Net.of(netdef.loads(TEXT))
    np.save(tmp_path / "mean.npy", np.stack([np.full((6, 6), value) for value in (1.0, 2.0, 3.0)]))
    with pytest.warns(DeprecationWarning, match="caffe.io.Transformer.set_raw_scale"):
        net.set_raw_scale("data", 10)
    with pytest.warns(DeprecationWarning, match="Transformer"):
        net.set_mean("data", str(tmp_path / "mean.npy"), mode="channel")
        net.set_channel_swap("data", (2, 1, 0))
        net.set_input_scale("data", 0.5)
        image = np.ones((4, 5, 3)) * [0.1, 0.2, 0.3]
        inside = net.preprocess("data", image)
        np.testing.assert_allclose(inside[:, 0, 0], [(3 - 1) / 2, (2 - 2) / 2, (1 - 3) / 2], atol=1e-6)
        np.testing.assert_allclose(net.deprocess("data", inside), image, atol=1e-6)


def test_an_unknown_kind_of_mean_is_refused():
    with pytest.warns(DeprecationWarning), pytest.raises(ValueError, match="elementwise or channel, not pixel"):
        Net.of(netdef.loads(TEXT)).set_mean("data", np.ones((3, 4, 5)), mode="pixel")


def test_a_classifier_uses_its_own_transformer(pyapi):
    net = Classifier(pyapi / "cls.prototxt", pyapi / "cls.caffemodel")
    with pytest.warns(DeprecationWarning):
        net.set_raw_scale("data", 255)
    assert net.transformer.raw_scale == {"data": 255}


def test_the_phase_of_a_net_can_be_changed():
    net = Net.of(netdef.loads(TEXT, phase="TRAIN"))
    ones = np.ones((1, 3, 4, 5))
    assert (net.forward(data=ones)["drop"] == 0).any()
    with pytest.warns(DeprecationWarning, match="caffe.TEST"):
        net.set_phase_test()
    assert (net.forward(data=ones)["drop"] == 1).all()
    with pytest.warns(DeprecationWarning, match="caffe.TRAIN"):
        net.set_phase_train()
    assert (net.forward(data=ones)["drop"] == 0).any()


def test_the_mode_was_a_nets_own(monkeypatch):
    monkeypatch.setattr(mode.choices, "gpu", False)
    monkeypatch.setattr(mode.choices, "warned", True)
    net = Net.of(netdef.loads(TEXT))
    for call, gpu in ((net.set_mode_gpu, True), (net.set_mode_cpu, False)):
        with pytest.warns(DeprecationWarning, match="caffe.set_mode"):
            call()
        assert mode.choices.gpu == gpu
    with pytest.warns(DeprecationWarning, match="caffe.set_device"):
        net.set_device(1)
    monkeypatch.setattr(mode.choices, "device_id", 0)
