"""Maps of places with the original's results and errors."""

import json

import pytest

from netdef.builder.net_spec import NetSpec
from netdef.builder.net_spec import layers as L
from netdef.pycaffe.coord_map import (
    AxisMismatchException,
    UndefinedMapException,
    compose,
    coord_map,
    coord_map_from_to,
    crop,
    inverse,
)


def net(ks=3, stride=1, pad=0, dilation=1, factor=2):
    n = NetSpec()
    n.data = L.Input(shape=dict(dim=[2, 1, 100, 100]))
    n.conv = L.Convolution(n.data, num_output=10, kernel_size=ks, stride=stride, pad=pad, dilation=dilation)
    n.pool = L.Pooling(n.conv, kernel_size=2, stride=2)
    n.deconv = L.Deconvolution(n.pool, num_output=10, kernel_size=2 * factor, stride=factor)
    return n


def test_as_recorded(pyapi):
    for case in json.loads((pyapi / "coord_map.json").read_text()):
        n = net(case["ks"], case["stride"], case["pad"], case["dilation"])
        for names, (axis, a, b) in ((key.split("->"), case[key]) for key in case if "->" in key):
            found = coord_map_from_to(*(n[name] for name in names))
            assert (found[0], list(found[1]), list(found[2])) == (axis, a, b), names
        try:
            offset = list(crop(n.data, n.deconv).fn.message.crop_param.offset)
            assert f"offset: {offset[0]}" in case["crop"]
        except AssertionError as error:
            assert repr(error) == case["crop"]


def test_layers_place_by_place_map_nothing():
    top = L.ReLU(L.Input(shape=dict(dim=[1, 2, 3, 4])))
    assert coord_map(top.fn) == (None, 1, 0)
    assert coord_map_from_to(top, top) == (None, 1, 0)


def test_a_map_and_its_inverse_compose_to_nothing():
    axis, a, b = compose(coord_map(net(ks=5, stride=3).conv.fn), inverse(coord_map(net(ks=5, stride=3).conv.fn)))
    assert axis == 1 and a == pytest.approx(1) and b == pytest.approx(0)
    _, a, b = coord_map(net(ks=5, stride=2, pad=1).conv.fn)  # of the data in the conv: (x + 1 - 2) / 2
    assert a == pytest.approx(0.5) and b == pytest.approx(-0.5)


def test_errors():
    n = net()
    with pytest.raises(UndefinedMapException):
        coord_map(L.InnerProduct(n.data, num_output=3).fn)
    with pytest.raises(RuntimeError):
        coord_map_from_to(L.InnerProduct(n.deconv, num_output=3), n.data)
    with pytest.raises(AxisMismatchException):
        compose((1, 1, 0), (2, 1, 0))
    three, four = net(factor=3), net(ks=4)
    with pytest.raises(AssertionError, match="scale mismatch"):
        crop(three.deconv, three.data)
    with pytest.raises(AssertionError, match="noninteger"):
        crop(four.data, four.conv)
