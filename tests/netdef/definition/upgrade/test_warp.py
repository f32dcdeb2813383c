"""Warp layers in nets of LiteFlowNet, and in others."""

from __future__ import annotations

import warnings

import pytest
import torch

import netdef

SHAPE = "input_param { shape { dim: 1 dim: 2 dim: 3 dim: 4 } }"
WARP = "".join(f'layer {{ name: "{name}" type: "Input" top: "{name}" {SHAPE} }} ' for name in ("image", "where"))
WARP += 'layer { name: "w" type: "Warp" bottom: "image" bottom: "where" top: "y" } '
GRID = 'layer { name: "g" type: "Grid" bottom: "image" top: "places" }'


def test_beside_a_layer_of_liteflownet_it_samples_at_places():
    with pytest.warns(UserWarning, match=r"^<text>:1:\d+: layer `w` .Warp. is read as in LiteFlowNet"):
        net = netdef.loads(WARP + GRID)
    image = torch.arange(24.0).reshape(1, 2, 3, 4)
    tops = net(image=image, where=torch.ones(1, 2, 3, 4))
    assert torch.equal(tops["y"], image[:, :, 1:2, 1:2].expand(1, 2, 3, 4))
    assert torch.equal(net(image=image, where=tops["places"])["y"], image)


def test_any_other_follows_flows():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net = netdef.loads(WARP)
    image = torch.arange(24.0).reshape(1, 2, 3, 4)
    assert torch.equal(net(image=image, where=torch.ones(1, 2, 3, 4))["y"][:, :, :2, :3], image[:, :, 1:, 1:])


def test_the_mark_itself_is_read_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        netdef.loads(WARP.replace('top: "y"', 'top: "y" flow_warp_param { at_places: true }') + GRID)
