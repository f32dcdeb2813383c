"""The steps of a pass layer by layer."""

from __future__ import annotations

import netdef
from netdef.pycaffe.net import Net
from netdef.pycaffe.steps import steps_of

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "mask" type: "Mask" top: "mask" }
layer { name: "ip" type: "InnerProduct" bottom: "data" bottom: "mask" top: "ip" inner_product_param { num_output: 4 } }
layer { name: "sum" type: "Eltwise" bottom: "ip" bottom: "ip" top: "sum" }
"""


def test_every_turn_has_a_step():
    net = Net.of(netdef.loads(TEXT, phase="TEST"))
    memories = {name: blob.data_memory for name, blob in net.blobs.items()}
    steps = steps_of(net.passes.layers, list(memories.values()))
    assert [step.number for step in steps] == list(range(5))
    assert net._layer_names == ["data", "mask", "ip", "ip_ip_0_split", "sum"]
    layers = net.module.layers
    assert [step.run for step in steps] == [None, None, layers["ip"], None, layers["sum"]]
    assert steps[2].bottoms == [memories["data"]] and steps[2].tops == [memories["ip"]]  # a mask is no bottom of the module
    assert steps[4].bottoms == [memories["ip"]] * 2 and steps[4].tops == [memories["sum"]]
