"""Replace the pruned layers of Dynamic Network Surgery (Guo, Yao and Chen 2016) by usual layers with a Mask each."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.masks import insert_masks
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter
from netdef.schema.where import Where

_TYPES = {
    "CConvolution": ("Convolution", "cconvolution_param"),
    "CInnerProduct": ("InnerProduct", "cinner_product_param"),
    "DNSConvolution": ("Convolution", "dns_convolution_param"),
    "DNSInnerProduct": ("InnerProduct", "dns_inner_product_param"),
}


def upgrade_surgery(net: NetDefinition) -> NetDefinition:
    """The net with a Convolution or InnerProduct and a Mask for each CConvolution or CInnerProduct.

    32l's fork calls them DNSConvolution and DNSInnerProduct.
    Their `param` for mask blobs are left out. So is their schedule of mask changes, which belongs in phases of the solver
    here; a warning names the first.
    """
    pruned = {layer.name for layer in net.layers if layer.type in _TYPES}
    if not pruned:
        return net
    for layer in net.layers:
        if layer.type in _TYPES and layer.message.HasField(_TYPES[layer.type][1]):
            schedule = _TYPES[layer.type][1]
            warn_at(layer.span(schedule), f"`{schedule}` is ignored: `dsd_phase {{ mask_policy: DYNAMIC }}` in the solver says "
                    "when masks change")
            break
    usual = net.with_layers(
        _usual(layer) if layer.type in _TYPES else (layer.message, layer.where) for layer in net.layers)
    return insert_masks(usual, {i: {0: f"{layer.name}_mask"} for i, layer in enumerate(net.layers) if layer.name in pruned})


def _usual(layer: LayerDefinition) -> tuple[LayerParameter, Where]:
    """The layer without the fields of surgery, and its places."""
    message = deepcopy(layer.message)
    message.type, schedule = _TYPES[layer.type]
    message.ClearField(schedule)
    has_bias = (message.convolution_param if message.type == "Convolution" else message.inner_product_param).bias_term
    blobs = 2 if has_bias else 1
    del message.param[blobs:]
    return message, layer.where.replace(**{schedule: [], "param": layer.where.fields.get("param", ())[:blobs]})
