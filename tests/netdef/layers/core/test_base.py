"""The base class of layers: blobs, constants, masks, carried state, and defaults."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from netdef.definition.read import read_net_text
from netdef.layers.core.base import Entry, Layer
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.fillers import constant
from netdef.layers.core.torch_code import NotWritable, Variable

SPEC = read_net_text('layer { name: "l" type: "Own" bottom: "x" top: "y" top: "z" }').layers[0]


class Own(Layer):
    maskable = ("weight",)
    torch_names = {"weight": "kernel"}  # noqa: RUF012  as a user writes it

    def __init__(self):
        super().__init__(SPEC, [(2, 3)])
        self.add_blob("weight", (4, 3), constant(0.5))
        self.add_blob("count", (2,), learnable=False)
        self.add_constant("h", (1, 5), constant(7))
        self.carried = ("h",)


class Cut:
    """A mask that keeps the first row."""

    def cover(self, weight: Tensor) -> Tensor:
        return torch.cat([weight[:1], torch.zeros_like(weight[1:])])


def test_blobs_are_in_order_without_constants():
    layer = Own()
    assert layer.blob_names == ["weight", "count"] and [tuple(blob.shape) for blob in layer.blobs] == [(4, 3), (2,)]
    assert [name for name, _ in layer.named_parameters()] == ["weight"]
    assert set(layer.state_dict()) == {"weight", "count"}  # the constant is no part of it
    for name, fill in layer.fills.items():
        fill(getattr(layer, name))
    assert (layer.weight == 0.5).all() and not layer.get_buffer("count").any() and (layer.get_buffer("h") == 7).all()
    assert layer.extra_repr() == "weight=(4, 3), count=(2,)"


@pytest.mark.parametrize("name", ["weight", "count"])
@pytest.mark.parametrize("value", [3, (1.0, 2.0), "x"])
def test_a_blob_cannot_become_a_plain_value(name, value):
    with pytest.raises(TypeError, match=name):
        setattr(Own(), name, value)


def test_plain_values_and_tensors_are_attributes():
    layer, tensor = Own(), torch.zeros(6)
    layer.passes, layer.kept, layer.buffer = 3, tensor, None
    assert (layer.passes, layer.buffer) == (3, None) and layer.kept is tensor and "passes" not in layer.state_dict()


def test_a_users_layer_may_have_attributes_before_its_blobs():
    class Early(Own):
        def __init__(self):
            self.factor = 3
            super().__init__()

    assert Early().factor == 3


def test_a_blob_is_read_under_its_mask():
    layer = Own()
    layer.weight.data.fill_(2)
    layer.masks["weight"] = Cut()
    assert layer.blob("weight").sum() == 6 and layer.blobs[0].sum() == 24
    assert layer.optional_blob("bias") is None and layer.optional_blob("weight").sum() == 6


def test_a_shared_blob_is_viewed_in_the_layers_own_shape():
    layer, owner = Own(), torch.nn.Parameter(torch.arange(12.0))
    layer.share_blob("weight", owner)
    assert layer.weight is owner and layer.blob("weight").equal(torch.arange(12.0).view(4, 3))
    assert "weight" not in layer.fills


def test_reset_sets_carried_state_to_zeros_of_its_present_shape():
    layer = Own()
    layer.h = torch.ones(1, 9)
    layer.reset_state()
    assert layer.h.equal(torch.zeros(1, 9))


def test_blobs_survive_torchs_layout():
    layer = Own()
    layer.weight.data.normal_()
    layer.masks["weight"] = Cut()
    state = layer.to_torch()
    assert list(state) == ["kernel", "count"] and not state["kernel"][1:].any()
    weight, count = layer.from_torch({"kernel": torch.ones(12), "count": torch.zeros(2)})
    assert weight.shape == (4, 3) and count.shape == (2,)


def test_defaults_of_a_layer_type():
    layer = Own()
    assert layer.channel_layout("weight") == ChannelLayout()
    assert Own.weight_indices(SPEC, 1) == (0,)
    assert layer.channel_affine() is None and layer.folding_param() is None
    assert layer.random_bottom(0, (2, 3), torch.Generator()) is None
    assert layer.multiply_adds([(2, 3)], [(2, 4)]) == 0
    with pytest.raises(NotWritable, match="cannot be written in plain torch"):
        layer.torch_code("self.l", [Variable("x", (2, 3))])


def test_losses_and_scores_are_not_written():
    for attribute in ("is_loss", "is_score"):
        layer = type("Judge", (Own,), {attribute: True})()
        with pytest.raises(NotWritable, match="computes a loss or a score"):
            layer.torch_code("self.l", [])


def test_an_entry_has_tops_without_bottoms():
    entry = Entry(SPEC)
    assert (entry.name, entry.tops, entry.shapes) == ("l", ("y", "z"), {})
    assert Entry.n_bottoms.admits(0) and not Entry.n_bottoms.admits(1)
