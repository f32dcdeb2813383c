"""Layers that only draw pictures."""

from __future__ import annotations

import pytest

import netdef

NET = ('layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 dim: 3 dim: 4 } } } '
       'layer { name: "c" type: "CoordsFromHeatMaps" bottom: "x" top: "c" } '
       'layer { name: "v" type: "VisualizedHeatMaps2" bottom: "x" %s visual_heat_maps_param { visual_type: 1 } }')


def test_they_are_left_out_with_a_warning():
    with pytest.warns(UserWarning, match=r"^<text>:1:\d+: left out, .* pictures into files: `v` .VisualizedHeatMaps2."):
        net = netdef.loads(NET % "")
    assert list(net.layers) == ["c"] and net.outputs == ["c"]


def test_one_with_a_top_is_of_an_unknown_type():
    with pytest.raises(netdef.SpecError, match="unknown type `VisualizedHeatMaps2`"):
        netdef.loads(NET % 'top: "v"')
