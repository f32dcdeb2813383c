"""Mask layers inserted into a text, and removed."""

from __future__ import annotations

from netdef.definition.masks import insert_masks, mask_blobs, strip_masks
from netdef.definition.read import read_net_text

NET = """
layer { name: "a" type: "InnerProduct" bottom: "x" top: "a" include { phase: TRAIN } }
layer { name: "a" type: "InnerProduct" bottom: "x" top: "a" include { phase: TEST } }
layer { name: "b" type: "InnerProduct" bottom: "a" top: "b_mask" }
"""


def test_layers_of_one_name_share_a_mask_and_taken_names_get_a_number():
    net = read_net_text(NET)
    masked = insert_masks(net, {0: {0: "a_mask"}, 1: {0: "a_mask"}, 2: {1: "b_mask"}}, {"b_mask": 0.25})
    assert [(layer.name, layer.type) for layer in masked.layers] == [
        ("a_mask", "Mask"), ("a", "InnerProduct"), ("a_mask", "Mask"), ("a", "InnerProduct"),
        ("b_mask2", "Mask"), ("b", "InnerProduct")]
    assert [layer.bottoms for layer in masked.layers if layer.type != "Mask"] == [
        ("x", "a_mask"), ("x", "a_mask"), ("a", "b_mask2")]
    assert masked.layers[0].message.include == net.layers[0].message.include
    param = masked.layers[4].message.mask_param
    assert (param.blob, param.sparsity) == (1, 0.25) and masked.layers[4].span() == net.layers[2].span()
    assert mask_blobs(masked) == {"a_mask", "b_mask2"}


def test_stripped_masks_leave_the_net_as_it_was():
    net = read_net_text(NET)
    masked = insert_masks(net, {2: {0: "b_mask"}})
    stripped = strip_masks(masked)
    assert stripped.message == net.message and stripped.layers[2].span("bottom", 0).text == 'bottom: "a"'
    assert strip_masks(net) is net
