"""Nets of Dynamic Network Surgery (Guo, Yao and Chen 2016): their pruned layers as usual layers with a Mask each."""

from __future__ import annotations

import warnings
from dataclasses import replace

from netdef.definition.definitions import NetDefinition
from netdef.definition.masks import insert_masks
from netdef.schema.messages import NetParameter
from netdef.schema.where import Where

_TYPES = {
    "CConvolution": ("Convolution", "cconvolution_param"),
    "CInnerProduct": ("InnerProduct", "cinner_product_param"),
}


def upgrade_surgery(net: NetDefinition) -> NetDefinition:
    """The net with a Convolution or InnerProduct and a Mask for each CConvolution or CInnerProduct.

    Their `param` for mask blobs are left out. So is when masks change, which phases of the solver say here: that is
    warned about once.
    """
    pruned = [layer for layer in net.layers if layer.type in _TYPES]
    if not pruned:
        return net
    message = NetParameter()
    message.CopyFrom(net.message)
    places: list[Where] = []
    told = False
    for layer, spec in zip(message.layer, net.layers):
        where = spec.where
        if layer.type in _TYPES:
            layer.type, schedule = _TYPES[spec.type]
            if layer.HasField(schedule) and not told:
                warnings.warn(
                    f"{where.at(schedule)}: `{schedule}` is ignored: `dsd_phase {{ mask_policy: DYNAMIC }}` in "
                    "the solver says when masks change",
                    stacklevel=2,
                )
                told = True
            layer.ClearField(schedule)
            blobs = (
                1
                + getattr(
                    layer, "convolution_param" if layer.type == "Convolution" else "inner_product_param"
                ).bias_term
            )
            del layer.param[blobs:]
            where = where.replace(**{schedule: [], "param": where.fields.get("param", ())[:blobs]})
        places.append(where)
    usual = replace(net, message=message, where=net.where.replace(layer=places))
    names = {layer.name for layer in pruned}
    return insert_masks(usual, {i: {0: f"{layer.name}_mask"} for i, layer in enumerate(net.layers) if layer.name in names})
