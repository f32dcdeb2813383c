"""The blobs and layers that scripts see, and whose memory they are."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np

import netdef
from netdef.layers.python.stand_in import UserLayer
from netdef.pycaffe.construct import BuiltInLayer, make_blobs, make_params, view_layers
from netdef.pycaffe.net import Net
from netdef.pycaffe.wiring import Wiring, wire

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5 } }
layer { name: "bn" type: "BatchNorm" bottom: "ip" top: "bn" }
layer { name: "relu" type: "ReLU" bottom: "ip" top: "relu" }
layer { name: "loss" type: "EuclideanLoss" bottom: "bn" bottom: "relu" top: "loss" loss_weight: 0.5 }
"""


def wired(text: str = TEXT) -> tuple[netdef.Net, Wiring]:
    net = netdef.loads(text, phase="TRAIN", allow_python=True)
    return net, wire(net)


def test_blobs_have_the_shapes_of_tops_and_losses_their_weight_as_gradient():
    net, wiring = wired()
    blobs = dict(zip(wiring.blob_names, make_blobs(net, wiring)))
    assert {name: blob.shape for name, blob in blobs.items()} == {
        "data": (2, 3), "ip": (2, 5), "ip_ip_0_split_0": (2, 5), "ip_ip_0_split_1": (2, 5), "bn": (2, 5), "relu": (2, 5),
        "loss": ()}
    assert blobs["loss"].diff == 0.5 and not blobs["relu"].diff.any()


def test_the_tops_of_a_split_share_its_data_and_have_gradients_of_their_own():
    net, wiring = wired()
    blobs = dict(zip(wiring.blob_names, make_blobs(net, wiring)))
    blobs["ip"].data[1, 4] = 7
    blobs["ip_ip_0_split_0"].diff[...] = 1
    assert np.shares_memory(blobs["ip"].data, blobs["ip_ip_0_split_1"].data) and blobs["ip_ip_0_split_1"].data[1, 4] == 7
    assert not blobs["ip_ip_0_split_1"].diff.any()


def test_the_constants_of_dummy_data_stay_as_they_are_written():
    net = Net.of(netdef.loads(
        'layer { name: "d" type: "DummyData" top: "a" top: "b" dummy_data_param { shape { dim: 2 } shape { dim: 3 } '
        'data_filler { value: 4 } data_filler { type: "uniform" } } }'))
    assert list(net.blobs["a"].data) == [4, 4]
    net.blobs["a"].data[...], net.blobs["b"].data[...] = 9, 9
    net.forward()
    assert list(net.blobs["a"].data) == [9, 9] and (net.blobs["b"].data < 1).all()


def test_params_are_in_the_order_of_weight_files():
    net, wiring = wired()
    params = dict(zip([wired.name for wired in wiring.layers], make_params(wiring)))
    assert {name: [blob.shape for blob in blobs] for name, blobs in params.items() if blobs} == {
        "ip": [(5, 3), (5,)], "bn": [(5,), (5,), (1,)]}
    params["ip"][1].data[...] = 8
    assert (net.layers["ip"].bias == 8).all()


class Doubled(UserLayer):
    """Twice its blob, whatever its bottom."""

    def setup(self, bottom, top):
        self.blobs.add_blob(3)

    def reshape(self, bottom, top):
        top[0].reshape(3)

    def forward(self, bottom, top):
        top[0].data[...] = 2 * self.blobs[0].data


def test_layers_are_their_type_and_blobs_and_python_layers_the_users_objects(monkeypatch):
    module = ModuleType("layers_of_construct")
    vars(module)["Doubled"] = Doubled
    monkeypatch.setitem(sys.modules, "layers_of_construct", module)
    net, wiring = wired(TEXT + 'layer { name: "py" type: "Python" bottom: "data" top: "py" '
                               'python_param { module: "layers_of_construct" layer: "Doubled" } }')
    params = make_params(wiring)
    layers = dict(zip([wired.name for wired in wiring.layers], view_layers(net, wiring, params)))
    assert [layer.type for layer in layers.values()] == [
        "Input", "Split", "InnerProduct", "Split", "BatchNorm", "ReLU", "EuclideanLoss", "Python"]
    assert isinstance(layers["ip"], BuiltInLayer) and layers["ip"].blobs is params[2]
    user = layers["py"]
    assert isinstance(user, Doubled)
    user.blobs[0].data[...] = 6
    assert (params[-1][0].data == 6).all() and np.shares_memory(user.blobs[0].data, params[-1][0].data)
