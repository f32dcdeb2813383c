"""Mark the Embed layers of peteanderson80's fork, which differ from Caffe's, by the net's other layers."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter

_ONLY_THERE = {"LSTMNode", "BeamSearchNode", "BeamSearch", "ConstrainedBeamSearch", "SequenceConstrainedBeamSearch"}


def upgrade_embed(net: NetDefinition) -> NetDefinition:
    """The net with ``replaces_last_axis`` in each Embed layer, if it has a layer that only that fork has.

    There a last axis of 1 becomes that of the row. A warning names the first such layer.
    """
    found = [layer for layer in net.layers if layer.type == "Embed" and not layer.message.embed_param.replaces_last_axis]
    if not found or not any(_is_theirs(layer) for layer in net.layers):
        return net
    warn_at(found[0].span("type"), f"layer `{found[0].name}` (Embed) is read as in peteanderson80's fork, of which the net has "
            "other layers: a last axis of 1 is replaced by the row")
    return net.with_layers([(_marked(layer.message) if layer in found else layer.message, layer.where) for layer in net.layers])


def _is_theirs(layer: LayerDefinition) -> bool:
    return layer.type in _ONLY_THERE


def _marked(message: LayerParameter) -> LayerParameter:
    marked = deepcopy(message)
    marked.embed_param.replaces_last_axis = True
    return marked
