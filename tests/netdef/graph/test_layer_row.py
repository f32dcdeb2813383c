"""The rows of the table of layers."""

from __future__ import annotations

from small_nets import INPUT, ip

import netdef


def test_rows_have_shapes_and_costs():
    mask = 'layer { name: "m" type: "Mask" top: "m" }\n'
    net = netdef.loads(INPUT + mask + ip("a", "x", 5, 'bottom: "m"') + ip("b", "a", 7), device="meta")
    entry, masked, a, b = net.rows
    assert (entry.name, entry.type, entry.tops, entry.parameters) == ("in", "Input", (("x", (2, 3)),), 0)
    assert (masked.name, masked.tops) == ("m", ())
    assert (a.bottoms, a.masks, a.tops) == (("x",), ("m",), (("a", (2, 5)),))
    assert (a.parameters, a.multiply_adds) == (3 * 5 + 5, 2 * 3 * 5)
    assert (b.tops, b.multiply_adds) == ((("b", (2, 7)),), 2 * 5 * 7)
