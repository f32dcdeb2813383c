"""Python layers in `caffe.Net`: they are the user's objects, and raise the user's exceptions."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest

import netdef
from netdef.layers.python.stand_in import UserLayer
from netdef.pycaffe.net import Net


class Scaled(UserLayer):
    """Its own blob times its bottom."""

    def setup(self, bottom, top):
        self.calls = []
        self.blobs.add_blob(2)
        self.blobs[0].data[...] = float(self.param_str)

    def reshape(self, bottom, top):
        top[0].reshape(*bottom[0].shape)

    def forward(self, bottom, top):
        self.calls.append("forward")
        top[0].data[...] = bottom[0].data * self.blobs[0].data

    def backward(self, top, propagate_down, bottom):
        self.calls.append(("backward", propagate_down))
        self.blobs[0].diff[...] += (top[0].diff * bottom[0].data).sum(0)
        bottom[0].diff[...] = top[0].diff * self.blobs[0].data


class Source(UserLayer):
    """A data layer that is told what to give."""

    def setup(self, bottom, top):
        top[0].reshape(1, 2)
        self.rows = [[0, 0]]

    def set_rows(self, rows):
        self.rows = list(rows)

    def reshape(self, bottom, top):
        pass

    def forward(self, bottom, top):
        top[0].reshape(1, 2)
        top[0].data[...] = self.rows.pop(0)


class Raising(UserLayer):
    """Raises in the method that its parameter names."""

    class Own(Exception):
        pass

    def setup(self, bottom, top):
        self.step("setup")

    def reshape(self, bottom, top):
        top[0].reshape(*bottom[0].shape)

    def forward(self, bottom, top):
        self.step("forward")

    def backward(self, top, propagate_down, bottom):
        self.step("backward")

    def step(self, name):
        if self.param_str == name:
            raise self.Own(f"in {name}")


@pytest.fixture(autouse=True)
def layers(monkeypatch):
    module = ModuleType("my_layers")
    vars(module).update(Scaled=Scaled, Source=Source, Raising=Raising)
    monkeypatch.setitem(sys.modules, "my_layers", module)


def make(text):
    return Net.of(netdef.loads(text, phase="TRAIN", allow_python=True))


def layer(kind, bottom, top, param_str=""):
    bottom = f'bottom: "{bottom}"' if bottom else ""
    return (f'layer {{ name: "{top}" type: "Python" {bottom} top: "{top}" '
            f'python_param {{ module: "my_layers" layer: "{kind}" param_str: "{param_str}" }} }}\n')


INPUT = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 3 dim: 2 } } }\n'


def test_a_layer_is_the_users_object():
    net = make("force_backward: true\n" + INPUT + layer("Scaled", "data", "y", "2"))
    mine = net.layers[1]
    assert isinstance(mine, Scaled) and net.layer_dict["y"] is mine and mine.type == "Python"
    assert mine.phase == 0 and str(mine.phase) == "TRAIN" and np.float32(mine.phase) == 0
    x = np.arange(6.0).reshape(3, 2)
    assert np.array_equal(net.forward(data=x)["y"], 2 * x)
    mine.blobs[0].data[1] = 5
    assert np.array_equal(net.params["y"][0].data, [2, 5])
    assert np.array_equal(net.forward()["y"], x * [2, 5])
    found = net.backward(y=np.ones((3, 2)))
    assert np.array_equal(found["data"], np.tile([2, 5], (3, 1)))
    assert np.array_equal(net.params["y"][0].diff, x.sum(0)) and np.array_equal(mine.blobs[0].diff, x.sum(0))
    assert mine.calls == ["forward", "forward", ("backward", [True])]


def test_weights_of_a_file_reach_the_object(tmp_path):
    net = make(INPUT + layer("Scaled", "data", "y", "2"))
    net.save(tmp_path / "weights")
    net.layers[1].blobs[0].data[...] = -1
    net.copy_from(tmp_path / "weights")
    assert np.array_equal(net.layers[1].blobs[0].data, [2, 2])


def test_a_data_layer_can_be_told_what_to_give():
    net = make(layer("Source", "", "rows") + layer("Scaled", "rows", "y", "3"))
    net.layers[0].set_rows([[1, 2], [3, 4]])
    assert np.array_equal(net.forward()["y"], [[3, 6]]) and np.array_equal(net.forward(["rows"])["rows"], [[3, 4]])
    assert net.layers[0].rows == []


def test_exceptions_arrive_as_themselves(tmp_path):
    def text(when):
        return "force_backward: true\n" + INPUT + layer("Raising", "data", "y", when)

    (tmp_path / "net.prototxt").write_text(text("setup"))
    from netdef.pycaffe import mode

    mode.choices.allow_python = True
    try:
        with pytest.raises(Raising.Own, match="in setup"):
            Net(tmp_path / "net.prototxt", 0)
    finally:
        mode.choices.allow_python = False
    with pytest.raises(Raising.Own, match="in forward") as raised:
        make(text("forward")).forward()
    if sys.version_info >= (3, 11):
        assert "layer `y` (Python)" in raised.value.__notes__[0]
    with pytest.raises(Raising.Own, match="in backward"):
        net = make(text("backward"))
        net.forward()
        net.backward()


def test_code_beside_a_net_runs_only_where_that_is_allowed(tmp_path):
    (tmp_path / "net.prototxt").write_text(INPUT + layer("Scaled", "data", "y", "2"))
    with pytest.raises(netdef.SpecError, match="allow it with"):
        Net(tmp_path / "net.prototxt", 0)
