"""Mark the Embed layers of peteanderson80's fork, which differ from Caffe's, by the net's other layers."""

from __future__ import annotations

from collections.abc import Sequence

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter

_ONLY_THERE = {"LSTMNode", "BeamSearchNode", "BeamSearch", "ConstrainedBeamSearch", "SequenceConstrainedBeamSearch"}


def upgrade_embed(net: NetDefinition) -> NetDefinition:
    """The net with ``replaces_last_axis`` in each Embed layer, if it has a layer, or a Concat, that only that fork has.

    There a last axis of 1 becomes that of the row. A warning names the first such layer.
    """
    found = [layer for layer in net.layers if layer.type == "Embed" and not layer.message.embed_param.replaces_last_axis]
    if found and any(_is_theirs(layer) for layer in net.layers):
        told_by = "of which the net has other layers"
    elif any(_joins_a_product(layer, net) for layer in found):
        told_by = "where its rows can be joined to an InnerProduct's"
    else:
        return net
    warn_at(found[0].span("type"), f"layer `{found[0].name}` (Embed) is read as in peteanderson80's fork, {told_by}: a last axis "
            "of 1 is replaced by the row")
    return net.with_changed(found, _mark)


def _is_theirs(layer: LayerDefinition) -> bool:
    return layer.type in _ONLY_THERE


def _joins_a_product(embed: LayerDefinition, net: NetDefinition) -> bool:
    """Whether a Concat reads the rows of an ArgMax' classes, (N, 1), beside an InnerProduct's top, (N, outputs)."""
    makers = {top: layer for layer in reversed(net.layers) for top in layer.tops if top not in layer.bottoms}

    def made_by(kind: str, blobs: Sequence[str]) -> list[LayerParameter]:
        return [makers[blob].message for blob in blobs if blob in makers and makers[blob].type == kind]

    if not any(maker.argmax_param.HasField("axis") for maker in made_by("ArgMax", embed.bottoms)):
        return False
    return any(maker.inner_product_param.axis == 1
               for layer in net.layers if layer.type == "Concat" and set(embed.tops) & set(layer.bottoms)
               for maker in made_by("InnerProduct", layer.bottoms))


def _mark(message: LayerParameter) -> None:
    message.embed_param.replaces_last_axis = True
