"""Gather, GatherV2, GatherND and ScatterND of Synopsys' fork."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

X = (4, 5, 6)


@pytest.mark.parametrize("param, wanted", [
    ("axis: 1 indices: [4, 0, 4] shape: 3", lambda x: x[:, [4, 0, 4]]),
    ("axis: -1 indices: [1, 2, 3, 0] shape: [2, 2]", lambda x: torch.stack((x[..., 1:3], x[..., [3, 0]]), 2)),
    ("indices: 2 shape: 0", lambda x: x[2]), ("indices: 2 shape: 1", lambda x: x[2:3])])
def test_entries_by_indices_of_the_text(param, wanted):
    x = draw(*X)
    assert torch.equal(top_of("Gather", f"gather_param {{ {param} }}", x=x), wanted(x))


def test_entries_by_indices_of_a_bottom():
    x, indices = draw(*X), torch.tensor([[3.9, 0], [1, 1], [4, 2]]).double()
    top = top_of("GatherV2", "gather_v2_param { axis: 1 batch_flag: true }", x=x, i=indices)
    assert top.shape == (4, 3, 2, 6) and torch.equal(top[:, 0, 0], x[:, 3]) and torch.equal(top[:, 2, 1], x[:, 2])
    with pytest.raises(netdef.NetdefError, match="out of range"):
        top_of("GatherV2", "", x=x, i=torch.tensor([4.0]).double())


def test_entries_by_tuples():
    x = draw(*X)
    top = top_of("GatherND", "gather_nd_param { indices: [0, 4, 3, 1, 2, 2] indices_shape: [3, 1, 2] }", x=x)
    assert torch.equal(top, torch.stack((x[0, 4], x[3, 1], x[2, 2]))[:, None])
    assert top_of("GatherND", "gather_nd_param { indices: [0, 4, 3] indices_shape: 3 }", x=x) == x[0, 4, 3]


@pytest.mark.parametrize("given", [(), ("data",), ("indices", "updates"), ("updates",)])
def test_updates_at_places(given):
    blobs = {"data": draw(4, 3, 2), "indices": torch.tensor([[[3.0, 1]], [[0, 2]]]).double(), "updates": draw(2, 1, 2, seed=2)}
    param = " ".join(f"is_{name}_param: true {name}_shape: {list(blobs[name].shape)}" for name in given)
    bottoms = {name: blob for name, blob in blobs.items() if name not in given}
    net = one_layer("ScatterND", f"scatter_nd_param {{ {param} }}", **bottoms)
    with torch.no_grad():
        for name, blob in zip(given, net.params.get("l", [])):
            blob.copy_(blobs[name])
    wanted = blobs["data"].clone()
    wanted[3, 1], wanted[0, 2] = blobs["updates"][:, 0]
    assert torch.equal(net(**bottoms)["y0"], wanted)


@pytest.mark.parametrize("kind, param, said", [
    ("Gather", "gather_param { indices: [1, 2] shape: 3 }", "has 2 `indices`; their shape .3,. wants 3"),
    ("Gather", "gather_param { indices: 5 shape: 1 axis: 1 }", "an index 5 for an axis of size 5"),
    ("GatherND", "gather_nd_param { indices: [1, 2] indices_shape: 2 }", None),
    ("GatherND", "gather_nd_param { indices: [1, 5] indices_shape: [1, 2] }", "an index 5 for an axis of size 5"),
    ("GatherND", "gather_nd_param { indices: [1, 2, 3, 4] indices_shape: 4 }", "indices of 4 numbers for a bottom of 3 axes"),
    ("ScatterND", "scatter_nd_param { is_data_param: true data_shape: 3 }", "wants the other 2 as bottoms; it has 1")])
def test_indices_that_do_not_fit_are_refused(kind, param, said):
    if said is None:
        one_layer(kind, param, x=X)
        return
    with pytest.raises(netdef.SpecError, match=said):
        one_layer(kind, param, x=X)


def test_updates_that_do_not_fit_are_refused():
    with pytest.raises(netdef.SpecError, match="updates of shape .2, 3.; .* want .2, 2."):
        one_layer("ScatterND", "", d=(4, 3, 2), i=(2, 2), u=(2, 3))
    with pytest.raises(netdef.SpecError, match="their last axis says for how many of them"):
        one_layer("ScatterND", "", d=(4, 3), i=(2, 3), u=(2, 3))
