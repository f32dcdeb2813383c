"""``connectivity_mode`` of the fork of SSL (Wen et al. 2016): zeros of a file of weights stay zeros, by a Mask."""

from __future__ import annotations

from dataclasses import replace

from netdef.definition.definitions import NetDefinition
from netdef.definition.masks import insert_masks
from netdef.schema.messages import MaskParameter, NetParameter

_ZEROS = {
    MaskParameter.DISCONNECTED_ELTWISE: MaskParameter.STAY,
    MaskParameter.DISCONNECTED_GRPWISE: MaskParameter.STAY_IN_GROUPS,
}
_TYPES = ("Convolution", "Deconvolution", "Embed", "InnerProduct")


def upgrade_connectivity(net: NetDefinition) -> NetDefinition:
    """The net with a Mask for each layer whose `connectivity_mode` is not CONNECTED. Raises `SpecError` for others than
    layers with a weight."""
    if not any(layer.message.HasField("connectivity_mode") for layer in net.layers):
        return net
    modes = {layer.name: layer.message.connectivity_mode for layer in net.layers
             if layer.message.connectivity_mode != MaskParameter.CONNECTED}
    message = NetParameter()
    message.CopyFrom(net.message)
    places = []
    for layer, spec in zip(message.layer, net.layers):
        if layer.name in modes and layer.type not in _TYPES:
            raise spec.refuse(f"has no weight to mask: `connectivity_mode` is for layers with weights, "
                              f"{', '.join(_TYPES)}", "connectivity_mode")
        layer.ClearField("connectivity_mode")
        places.append(spec.where.replace(connectivity_mode=[]))
    masks = {i: {0: f"{layer.name}_mask"} for i, layer in enumerate(net.layers) if layer.name in modes}
    masked = insert_masks(replace(net, message=message, where=net.where.replace(layer=places)), masks)
    known = {layer.name for layer in net.layers}
    makers = {layer.top[0]: layer for layer in masked.message.layer if layer.type == "Mask" and layer.name not in known}
    for layer in masked.message.layer:
        for bottom in layer.bottom:
            if bottom in makers:
                makers[bottom].mask_param.zeros = _ZEROS[modes[layer.name]]
    return masked
