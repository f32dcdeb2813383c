"""Mark the Convolution layers of learnable dilation (SSAW14), whose second bottom holds dilations, by the net's other layers."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.masks import mask_blobs
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter


def upgrade_dilations(net: NetDefinition) -> NetDefinition:
    """The net with ``dilation_from_bottom`` in each Convolution of two bottoms, masks not counted, and one top.

    Only if it has a Duplicate, as nets of that fork have; else such a layer is refused, as it makes a top of each bottom. A
    warning names the first.
    """
    masks = mask_blobs(net)
    found = [layer for layer in net.layers if _takes_dilations(layer, masks)]
    if not found or not any(layer.type == "Duplicate" for layer in net.layers):
        return net
    warn_at(found[0].span("type"), f"layer `{found[0].name}` (Convolution) is read as in learnable dilation (SSAW14), of which "
            "the net has a Duplicate: its second bottom holds dilations")
    return net.with_changed(found, _mark)


def _takes_dilations(layer: LayerDefinition, masks: set[str]) -> bool:
    bottoms = [bottom for bottom in layer.bottoms if bottom not in masks]
    return layer.type == "Convolution" and len(bottoms) == 2 and len(layer.tops) == 1


def _mark(message: LayerParameter) -> None:
    message.convolution_param.dilation_from_bottom = True
