"""Insert Mask layers into a net's text, and take them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import LayerParameter, NetParameter
from netdef.schema.where import Where


def insert_masks(
    net: NetDefinition, masks: Mapping[int, Mapping[int, str]], sparsities: Mapping[str, float | None] | None = None
) -> NetDefinition:
    """The net with a Mask layer for each of these blobs, before the blob's layer, whose last bottom is its top.

    ``masks`` is {index of a layer: {index of a blob: name of Mask and top}}; a name that is taken gets a number behind
    it. Layers of one name, which are versions of one layer for other phases, share their masks. ``sparsities`` is
    {layer name: the sparsity to write}. Places stay those of the text; a Mask's place is its layer's.
    """
    sparsities = sparsities or {}
    taken = {layer.name for layer in net.layers}
    taken |= {blob for layer in net.layers for blob in (*layer.tops, *layer.bottoms)}
    message = NetParameter()
    message.CopyFrom(net.message)
    del message.layer[:]
    where = []
    names: dict[tuple[str, int], str] = {}
    for index, layer in enumerate(net.layers):
        copied = LayerParameter()
        copied.CopyFrom(layer.message)
        for blob, wanted in masks.get(index, {}).items():
            name = names.get((layer.name, blob)) or _unique(wanted, taken)
            names[layer.name, blob] = name
            message.layer.append(_mask_layer(layer, name, blob, sparsities.get(layer.name)))
            where.append(Where(layer.where.span, layer.where.name))
            copied.bottom.append(name)
        message.layer.append(copied)
        where.append(layer.where)
    return replace(net, message=message, where=net.where.replace(layer=where))


def mask_blobs(net: NetDefinition) -> set[str]:
    """The tops of the net's Mask layers."""
    return {top for layer in net.layers if layer.type == "Mask" for top in layer.tops}


def strip_masks(net: NetDefinition) -> NetDefinition:
    """The net without Mask layers, as stock Caffe reads it."""
    masks = mask_blobs(net)
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


def _mask_layer(layer: LayerDefinition, name: str, blob: int, sparsity: float | None) -> LayerParameter:
    """A Mask for a blob of a layer, there in the same phases."""
    mask = LayerParameter(name=name, type="Mask", top=[name])
    mask.include.extend(layer.message.include)
    mask.exclude.extend(layer.message.exclude)
    if sparsity is not None:
        mask.mask_param.sparsity = sparsity
    if blob:
        mask.mask_param.blob = blob
    return mask


def _unique(name: str, taken: set[str]) -> str:
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name}{number}"
    taken.add(unique)
    return unique
