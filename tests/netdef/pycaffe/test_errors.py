"""Errors of a user's layers pass through; those of other layers say where they are; others stay."""

from __future__ import annotations

import pytest

import netdef
from netdef.errors import FileError, NetdefError
from netdef.graph.layer_errors import LayerError
from netdef.pycaffe.errors import own_exceptions, raise_named
from netdef.pycaffe.net import Net
from netdef.pycaffe.recorder import PassRecorder


def test_the_cause_is_raised_in_place_of_the_error():
    own = KeyError("lost")
    with pytest.raises(KeyError) as caught, own_exceptions():
        raise NetdefError("layer `l` raised KeyError") from own
    assert caught.value is own and getattr(own, "__notes__", ["layer `l` raised KeyError"]) == ["layer `l` raised KeyError"]


@pytest.mark.parametrize("error, cause", [
    (NetdefError("no cause"), None), (FileError("w: is damaged"), OSError()), (NetdefError("outer"), NetdefError("inner"))])
def test_errors_of_the_project_are_raised_unchanged(error: NetdefError, cause: Exception | None):
    with pytest.raises(NetdefError) as caught, own_exceptions():
        raise error from cause
    assert caught.value is error


TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4 } }
layer { name: "loss" type: "Reduction" bottom: "ip" top: "loss" loss_weight: 1 }
"""
WAYS = {
    "reshape": lambda net: net.reshape(),
    "forward": lambda net: net.forward(),
    "from a layer to itself": lambda net: net.forward(start="ip", end="ip"),
    "a trainer's pass": lambda net: PassRecorder(net).forward(),
}


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("run", WAYS.values(), ids=WAYS)
def test_an_error_inside_a_layer_names_layer_place_and_bottoms(phase, run):
    net = Net.of(netdef.loads(TEXT, phase=phase))
    net.blobs["data"].reshape(2, 5)
    with pytest.raises(RuntimeError, match=r"<text>:3:1: layer `ip` \(InnerProduct\) cannot work on `data` \(2, 5\)") as caught:
        run(net)
    assert isinstance(caught.value, LayerError) and isinstance(caught.value.__cause__, RuntimeError)


def test_an_error_that_is_not_about_the_bottoms_is_raised_unchanged():
    net = Net.of(netdef.loads(TEXT, phase="TEST"))
    error = RuntimeError("CUDA error: out of memory")
    with pytest.raises(RuntimeError) as caught:
        raise_named(net.module, net.passes.layers[1], [], error)
    assert caught.value is error
