"""Masks attached to the blobs that they cover, and refused masks."""

from __future__ import annotations

import pytest
from small_nets import INPUT, complaints, ip

import netdef

MASK = 'layer { name: "m" type: "Mask" top: "m" }\n'


@pytest.mark.parametrize(("text", "said"), [
    (MASK + 'layer { name: "r" type: "ReLU" bottom: "x" bottom: "m" top: "y" }',
     "layer `r` (ReLU) takes mask `m`, but has no weights that a mask can cover"),
    (MASK.replace("top:", "mask_param { blob: 1 } top:") + ip("a", "x", 4, 'bottom: "m"'),
     "layer `a` (InnerProduct) takes mask `m` for its blob 1; a mask can cover blob 0"),
    (MASK + ip("a", "x", 4, 'bottom: "m"') + ip("b", "x", 5, 'bottom: "m"'),
     "layer `b` (InnerProduct) takes mask `m`, whose shape is (4, 3) from layer `a`, for weights of shape (5, 3)"),
    (MASK + MASK.replace('"m"', '"n"') + ip("a", "x", 4, 'bottom: "m" bottom: "n"'),
     "layer `a` (InnerProduct) takes a second mask for its blob 0"),
    (MASK.replace("top:", "mask_param { sparsity: 1 } top:") + ip("a", "x", 4, 'bottom: "m"'),
     "layer `m` (Mask) has `sparsity` 1; it must be at least 0 and below 1"),
])
def test_wrong_masks_are_refused(text, said):
    assert complaints(text) == [said]


def test_a_mask_takes_the_shape_of_the_blob_that_it_covers():
    net = netdef.loads(INPUT + MASK + ip("a", "x", 4, 'bottom: "m"') + ip("b", "x", 4, 'bottom: "m"'))
    assert net.masked == {"m": [("a", "weight"), ("b", "weight")]}
    assert net.masks["m"].shape == (4, 3)
    assert net.layers["a"].masks["weight"] is net.layers["b"].masks["weight"] is net.masks["m"]
