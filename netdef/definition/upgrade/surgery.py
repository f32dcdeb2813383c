"""Replace the pruned layers of Dynamic Network Surgery (Guo, Yao and Chen 2016), and of kaveena's fork, by layers with Masks."""

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
    "SqueezeConvolution": ("Convolution", "dns_convolution_param"),
    "SqueezeDeconvolution": ("Deconvolution", "dns_convolution_param"),
    "SqueezeInnerProduct": ("InnerProduct", "dns_inner_product_param"),
}


def upgrade_surgery(net: NetDefinition) -> NetDefinition:
    """The net with a Convolution or InnerProduct and a Mask for each CConvolution or CInnerProduct.

    So for a Convolution with a ``convolution_mask_param``, of kaveena's fork. Biases, which both forks mask, too, have none here.
    32l's fork calls them DNSConvolution and DNSInnerProduct, Synopsys' SqueezeConvolution, SqueezeDeconvolution and
    SqueezeInnerProduct.
    Their `param` for mask blobs are left out. So is their schedule of mask changes, which belongs in phases of the solver
    here; a warning names the first.
    """
    masked = {i for i, layer in enumerate(net.layers)
              if layer.type == "Convolution" and layer.message.convolution_mask_param.mask_term}
    pruned = masked | {i for i, layer in enumerate(net.layers) if layer.type in _TYPES}
    if not pruned:
        return net
    for layer in net.layers:
        if layer.type in _TYPES and layer.message.HasField(_TYPES[layer.type][1]):
            schedule = _TYPES[layer.type][1]
            warn_at(layer.span(schedule), f"`{schedule}` is ignored: `dsd_phase {{ mask_policy: DYNAMIC }}` in the solver says "
                    "when masks change")
            break
    usual = net.with_layers(
        _usual(layer) if i in pruned else (layer.message, layer.where) for i, layer in enumerate(net.layers))
    return insert_masks(usual, {i: {0: f"{net.layers[i].name}_mask"} for i in pruned})


def _usual(layer: LayerDefinition) -> tuple[LayerParameter, Where]:
    """The layer without the fields of masks, and its places."""
    message = deepcopy(layer.message)
    if not message.convolution_mask_param.default_init:
        raise layer.refuse("fills its masks; only masks of ones are implemented", "convolution_mask_param", "default_init")
    message.type, schedule = _TYPES.get(layer.type, (layer.type, "convolution_mask_param"))
    message.ClearField(schedule)
    has_bias = (message.inner_product_param if message.type == "InnerProduct" else message.convolution_param).bias_term
    blobs = 2 if has_bias else 1
    del message.param[blobs:]
    return message, layer.where.replace(**{schedule: [], "param": layer.where.fields.get("param", ())[:blobs]})
