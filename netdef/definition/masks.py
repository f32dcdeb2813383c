"""Insert Mask layers into a net's text, and remove them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import LayerParameter
from netdef.schema.where import Where


def insert_masks(
    net: NetDefinition, masks: Mapping[int, Mapping[int, str]], sparsities: Mapping[str, float | None] | None = None
) -> NetDefinition:
    """The net with Mask layers for these blobs, each before the first layer that reads it, whose last bottom is its top.

    ``masks`` is {index of a layer: {index of a blob: name of Mask and top}}; a name that is taken gets a number behind
    it. Blobs of one mask name share that Mask, which is there in the phases of its layers. ``sparsities`` is {mask name:
    the sparsity to write}. Places stay those of the text; a Mask's place is its layer's.
    """
    sparsities = sparsities or {}
    taken = {layer.name for layer in net.layers}
    taken |= {blob for layer in net.layers for blob in (*layer.tops, *layer.bottoms)}
    layers: list[tuple[LayerParameter, Where]] = []
    names: dict[str, str] = {}
    always = {
        name for index, blobs in masks.items() for name in blobs.values()
        if not (net.layers[index].message.include or net.layers[index].message.exclude)}
    made: list[LayerParameter] = []
    for index, layer in enumerate(net.layers):
        copied = deepcopy(layer.message)
        for blob, wanted in masks.get(index, {}).items():
            if wanted not in names:
                names[wanted] = _unique(wanted, taken)
            name = names[wanted]
            mask = _mask_layer(layer, name, blob, sparsities.get(wanted), wanted in always)
            if mask not in made:
                made.append(mask)
                layers.append((mask, Where(layer.where.span, layer.where.name)))
            copied.bottom.append(name)
        layers.append((copied, layer.where))
    return net.with_layers(layers)


def mask_blobs(net: NetDefinition) -> set[str]:
    """The tops of the net's Mask layers."""
    return {top for layer in net.layers if layer.type == "Mask" for top in layer.tops}


def strip_masks(net: NetDefinition) -> NetDefinition:
    """The net without Mask layers, as stock Caffe reads it."""
    masks = mask_blobs(net)
    if not masks:
        return net
    layers = []
    for layer in net.layers:
        if layer.type != "Mask":
            copied = deepcopy(layer.message)
            read = [j for j, bottom in enumerate(layer.bottoms) if bottom not in masks]
            copied.bottom[:] = [layer.bottoms[j] for j in read]
            layers.append((copied, layer.where.replace(bottom=[layer.where.child("bottom", j) for j in read])))
    return net.with_layers(layers)


def _mask_layer(
    layer: LayerDefinition, name: str, blob: int, sparsity: float | None, always: bool
) -> LayerParameter:
    """A Mask for a blob of a layer, there in the same phases, or ``always``."""
    mask = LayerParameter(name=name, type="Mask", top=[name])
    if not always:
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
