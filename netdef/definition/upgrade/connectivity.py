"""Replace ``connectivity_mode`` of the SSL fork (Wen et al. 2016) by Masks that keep the zeros of a weight file."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.masks import insert_masks
from netdef.schema.messages import LayerParameter, MaskParameter
from netdef.schema.where import Where

_ZEROS = {
    MaskParameter.DISCONNECTED_ELTWISE: MaskParameter.STAY,
    MaskParameter.DISCONNECTED_GRPWISE: MaskParameter.STAY_IN_GROUPS,
}
_TYPES = ("Convolution", "Deconvolution", "Embed", "InnerProduct")


def upgrade_connectivity(net: NetDefinition) -> NetDefinition:
    """The net with a Mask for each layer whose `connectivity_mode` is not CONNECTED.

    Raises `SpecError` for such a layer without a weight.
    """
    if not any(layer.message.HasField("connectivity_mode") for layer in net.layers):
        return net
    modes = {layer.name: layer.message.connectivity_mode for layer in net.layers
             if layer.message.connectivity_mode != MaskParameter.CONNECTED}
    for layer in net.layers:
        if layer.name in modes and layer.type not in _TYPES:
            raise layer.refuse(f"has no weight to mask: `connectivity_mode` is for layers with weights, "
                               f"{', '.join(_TYPES)}", "connectivity_mode")
    masks = {i: {0: f"{layer.name}_mask"} for i, layer in enumerate(net.layers) if layer.name in modes}
    masked = insert_masks(net.with_layers(map(_without_mode, net.layers)), masks)
    known = {layer.name for layer in net.layers}
    makers = {layer.top[0]: layer for layer in masked.message.layer if layer.type == "Mask" and layer.name not in known}
    for reader in masked.message.layer:
        for bottom in reader.bottom:
            if bottom in makers:
                makers[bottom].mask_param.zeros = _ZEROS[modes[reader.name]]
    return masked


def _without_mode(layer: LayerDefinition) -> tuple[LayerParameter, Where]:
    message = deepcopy(layer.message)
    message.ClearField("connectivity_mode")
    return message, layer.where.replace(connectivity_mode=[])
