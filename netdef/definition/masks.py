"""Mask layers put into a net that has none, as a user would write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import did_you_mean
from netdef.schema.messages import LayerParameter, NetParameter
from netdef.schema.where import Where

# Layers whose weights the DSD paper prunes; Embed can be masked too, but only by name.
_MASKED_TYPES = ("Convolution", "Deconvolution", "InnerProduct", "LSTM", "RNN")
_RECURRENT = {"LSTM": (2, 1), "RNN": (1, 2)}  # how many states; how many weights beside those of its inputs


def maskable(net: NetDefinition) -> tuple[str, ...]:
    """The layers to mask when nobody names any: all with a large weight but the first convolution, as in the paper.

    Layers that read a Mask already are not among them.
    """
    masks = {top for layer in net.layers if layer.type == "Mask" for top in layer.tops}
    first = next((layer for layer in net.layers if layer.type == "Convolution"), None)
    return tuple(
        layer.name for layer in net.layers
        if layer.type in _MASKED_TYPES and layer is not first and masks.isdisjoint(layer.bottoms)
    )  # fmt: skip


def attach_masks(net: NetDefinition, layers: Mapping[str, float | None], blobs: Sequence[int] | None = None) -> NetDefinition:
    """The net with a Mask layer for each weight of the named layers, before the layer, and its top as a last bottom.

    ``layers`` maps layer name to the sparsity to write, None for none. ``blobs`` are the indices of the blobs to mask
    instead of the layer's weights. Mask and top are called ``<layer>_mask``, in a layer of several weights (LSTM, RNN)
    ``<layer>_mask_<blob>``, with a number behind it where that is taken. Places stay those of the text; a Mask's place
    is its layer's. Raises ValueError for a name that the net does not have.
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
    # One for a layer's name and blob: layers of one name are versions of one layer for other phases.
    masks: dict[tuple[str, int], str] = {}
    for layer in net.layers:
        if layer.name not in layers:
            message.layer.add().CopyFrom(layer.message)
            where.append(layer.where)
            continue
        masked = LayerParameter()
        masked.CopyFrom(layer.message)
        weights = _weights(net, layer)
        for blob in weights if blobs is None else blobs:
            name = f"{layer.name}_mask" if len(weights) == 1 else f"{layer.name}_mask_{blob}"
            mask = masks.get((layer.name, blob)) or _unique(name, taken)
            masks[layer.name, blob] = mask
            added = message.layer.add(name=mask, type="Mask", top=[mask])
            added.include.extend(layer.message.include)
            added.exclude.extend(layer.message.exclude)
            if layers[layer.name] is not None:
                added.mask_param.sparsity = layers[layer.name]
            if blob:
                added.mask_param.blob = blob
            where.append(Where(layer.where.span, layer.where.name))
            masked.bottom.append(mask)
        message.layer.add().CopyFrom(masked)
        where.append(layer.where)
    return replace(net, message=message, where=net.where.replace(layer=where))


def strip_masks(net: NetDefinition) -> NetDefinition:
    """The net without Mask layers, as stock Caffe reads it."""
    masks = {top for layer in net.layers if layer.type == "Mask" for top in layer.tops}
    if not masks:
        return net
    kept = [i for i, layer in enumerate(net.layers) if layer.type != "Mask"]
    message = NetParameter()
    message.CopyFrom(net.message)
    del message.layer[:]
    where = []
    for i in kept:
        layer, place = message.layer.add(), net.where.child("layer", i)
        layer.CopyFrom(net.message.layer[i])
        read = [j for j, bottom in enumerate(layer.bottom) if bottom not in masks]
        place = place.replace(bottom=[place.child("bottom", j) for j in read])
        bottoms = [layer.bottom[j] for j in read]
        del layer.bottom[:]
        layer.bottom.extend(bottoms)
        where.append(place)
    return replace(net, message=message, where=net.where.replace(layer=where))


def _weights(net: NetDefinition, layer: LayerDefinition) -> tuple[int, ...]:
    """Which blobs of a layer are weights: the first, or of a recurrent layer all but the biases."""
    if layer.type not in _RECURRENT:
        return (0,)
    states, others = _RECURRENT[layer.type]
    masks = {top for maker in net.layers if maker.type == "Mask" for top in maker.tops}
    inputs = sum(bottom not in masks for bottom in layer.bottoms) - 1  # x, a static one, states; not the markers
    if layer.message.recurrent_param.expose_hidden:
        inputs -= states
    return (0, *range(2, 1 + inputs + others))  # blob 1 is the bias of the first


def _unique(name: str, taken: set[str]) -> str:
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name}{number}"
    taken.add(unique)
    return unique
