"""Layers that draw maps at joints, in the two forms in which nets have them."""

from __future__ import annotations

import pytest
import torch

import netdef

INPUTS = ('input: "data" input_shape { dim: 2 dim: 3 dim: 5 dim: 7 } input: "infos" input_shape { dim: 2 dim: 5 dim: 1 dim: 1 } '
          'input: "joints" input_shape { dim: 2 dim: 4 dim: 1 dim: 1 } ')
MASKS = ('layer { name: "m" type: "CoordsToBboxesMasks" bottom: "joints" bottom: "%s" top: "m" coord_to_bbox_masks_param '
         '{ top_id: 0 bottom_id: 1 top_id2: 0 bottom_id2: 1 value: 1 } } ')
JOIN = 'layer { name: "c" type: "Concat" bottom: "data" bottom: "m" top: "c" }'


def test_the_maps_are_as_large_as_what_is_made_with_the_infos():
    net = netdef.loads(INPUTS + MASKS % "infos" + JOIN)
    assert net.shapes["c"] == (2, 4, 5, 7)
    infos = torch.tensor([[0.0, 7, 5, 1, 0]] * 2)[..., None, None]
    joints = torch.tensor([[1.0, 2, 4, 3], [0, 0, 9, 9]])[..., None, None]
    masks = net(data=torch.zeros(2, 3, 5, 9), infos=infos, joints=joints)["c"][:, 3]  # another width
    assert masks.shape == (2, 5, 9) and masks[0].sum() == 8 and masks[0, 2:4, 1:5].all() and not masks[1].any()


def test_infos_that_a_layer_computes_have_no_images():
    power = 'layer { name: "p" type: "Power" bottom: "infos" top: "p" } '
    with pytest.raises(netdef.SpecError, match="takes 3 bottoms, the text gives 2"):
        netdef.loads(INPUTS + power + MASKS % "p")


def test_images_that_the_text_gives_stay():
    net = netdef.loads(INPUTS + MASKS.replace("top:", 'bottom: "data" top:', 1) % "infos")
    assert net.shapes["m"] == (2, 1, 5, 7)
