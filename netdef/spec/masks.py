"""Mask layers put into a net that has none, as a user would write them."""

from __future__ import annotations

from collections.abc import Mapping

from netdef.errors import did_you_mean
from netdef.schema.messages import NetParameter
from netdef.schema.where import Where
from netdef.spec.spec import NetSpec

# Layers whose weights the DSD paper prunes; Embed can be masked too, but only by name.
_MASKED_TYPES = ("Convolution", "Deconvolution", "InnerProduct", "LSTM", "RNN")


def maskable(net: NetSpec) -> tuple[str, ...]:
    """The layers to mask when nobody names any: all with a large weight but the first convolution, as in the paper.

    Layers that read a Mask already are not among them.
    """
    masks = {top for layer in net.layers if layer.type == "Mask" for top in layer.tops}
    first = next((layer for layer in net.layers if layer.type == "Convolution"), None)
    return tuple(
        layer.name for layer in net.layers
        if layer.type in _MASKED_TYPES and layer is not first and masks.isdisjoint(layer.bottoms)
    )  # fmt: skip


def attach_masks(net: NetSpec, layers: Mapping[str, float | None]) -> NetSpec:
    """The net with a Mask layer before each named layer and its top as the layer's last bottom.

    ``layers`` maps layer name to the sparsity to write, None for none. Mask and top are called ``<layer>_mask``,
    with a number behind it where that is taken. Places stay those of the text; a Mask's place is its layer's.
    Raises ValueError for a name that the net does not have.
    """
    names = {layer.name for layer in net.layers}
    for name in layers:
        if name not in names:
            raise ValueError(f"the net has no layer `{name}`{did_you_mean(name, names)}")
    taken = names | {blob for layer in net.layers for blob in (*layer.tops, *layer.bottoms)}
    message = NetParameter()
    message.CopyFrom(net.message)
    del message.layer[:]
    where = []
    masks: dict[str, str] = {}  # one a name: layers of one name are versions of one layer for other phases
    for layer in net.layers:
        if layer.name not in layers:
            message.layer.add().CopyFrom(layer.message)
            where.append(layer.where)
            continue
        mask = masks.get(layer.name) or _unique(f"{layer.name}_mask", taken)
        masks[layer.name] = mask
        added = message.layer.add(name=mask, type="Mask", top=[mask])
        added.include.extend(layer.message.include)
        added.exclude.extend(layer.message.exclude)
        sparsity = layers[layer.name]
        if sparsity is not None:
            added.mask_param.sparsity = sparsity
        where.append(Where(layer.where.span, layer.where.name))
        masked = message.layer.add()
        masked.CopyFrom(layer.message)
        masked.bottom.append(mask)
        where.append(layer.where)
    return NetSpec(message, net.where.replace(layer=where), net.base_dir, net.phase)


def _unique(name: str, taken: set[str]) -> str:
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name}{number}"
    taken.add(unique)
    return unique
