"""Blobs are released after their last reader, and bottoms get no gradient where the text says so."""

from __future__ import annotations

import gc
import weakref

import torch
from small_nets import INPUT, ip

import netdef
from netdef.graph.steps import slots_of
from netdef.layers.core import registry
from netdef.layers.powers import Power


def test_blobs_are_released_after_their_last_reader():
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "p" type: "Power" bottom: "x" top: "p" power_param { scale: 2 } }
        layer { name: "q" type: "Power" bottom: "p" top: "q" power_param { scale: 3 } }
        layer { name: "r" type: "Power" bottom: "q" top: "r" power_param { scale: 5 } }
    """)
    alive = []

    def watch(_, __, out):
        alive.append(weakref.ref(out))

    def look(*_):
        gc.collect()
        alive.append(alive[0]() is not None)

    net.layers["p"].register_forward_hook(watch)
    net.layers["r"].register_forward_pre_hook(look)
    with torch.no_grad():
        out = net(torch.ones(2, 3))
    assert alive[1] is False and out["r"][0, 0] == 30


def test_blobs_are_released_in_passes_without_hooks(monkeypatch):
    made = []

    class Watched(Power):
        def forward(self, x):
            gc.collect()
            top = super().forward(x)
            alive.append([top() is not None for top in made])
            made.append(weakref.ref(top))
            return top

    alive: list[list[bool]] = []
    monkeypatch.setitem(registry._registry, "Power", Watched)
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "p" type: "Power" bottom: "x" top: "p" power_param { scale: 2 } }
        layer { name: "q" type: "Power" bottom: "p" top: "q" power_param { scale: 3 } }
        layer { name: "r" type: "Power" bottom: "q" top: "r" power_param { scale: 5 } }
        layer { name: "s" type: "Eltwise" bottom: "r" bottom: "x" top: "s" }
    """)
    made.clear(), alive.clear()  # of the run for shapes
    with torch.no_grad():
        out = net(torch.ones(2, 3))
    assert alive == [[], [True], [False, True]] and out["s"][0, 0] == 31


def test_propagate_down_false_stops_the_gradient():
    text = INPUT + ip("a", "x", 5) + """
        layer { name: "loss" type: "EuclideanLoss" bottom: "a" bottom: "a" top: "loss" propagate_down: [false, false] }"""
    net = netdef.loads(text)
    x = torch.randn(2, 3, requires_grad=True)
    assert not net.loss(net(x)).requires_grad
    assert netdef.loads(text.replace("[false, false]", "[true, false]"))(x)["loss"].requires_grad


def test_every_version_of_a_blob_has_a_slot():
    net = netdef.loads(INPUT + ip("a", "x", 5) + 'layer { name: "r" type: "ReLU" bottom: "a" top: "a" }')
    assert {(value.blob, value.version): slot for value, slot in slots_of(net.graph).items()} == {
        ("x", 0): 0, ("a", 0): 1, ("a", 1): 2}
