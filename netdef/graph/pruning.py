"""Choose the layers of a net to prune, and give them Mask layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import netdef.layers.catalogue  # noqa: F401  (the types)
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.masks import insert_masks, mask_blobs
from netdef.errors import did_you_mean
from netdef.layers.convolution import Convolution
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import registered


def pruned_by_default(net: NetDefinition) -> tuple[str, ...]:
    """The layers to prune when none are named: all that are ``pruned_by_default`` but the first convolution.

    So did the DSD paper (Han et al. 2017). Layers that read a Mask already are left out, and layers whose weights are
    frozen: what is pruned there could never grow again. Layers that share a weight (``param { name }``) are pruned
    together or not at all.
    """
    masks, frozen = mask_blobs(net), frozen_layers(net)
    first = next((layer for layer in net.layers if registered(layer.type) is Convolution), None)
    kept_dense = {weight_key(first, 0)} if first is not None else set()
    kept_dense |= {
        weight_key(layer, blob) for layer in net.layers if not can_be_masked(layer)
        for blob in range(len(layer.message.param))}
    return tuple(
        layer.name for layer in net.layers
        if masks.isdisjoint(layer.bottoms) and layer.name not in frozen
        and (cls := registered(layer.type)) is not None and cls.pruned_by_default
        and kept_dense.isdisjoint(weight_key(layer, blob) for blob in _weights(net, layer))
    )  # fmt: skip


def frozen_layers(net: NetDefinition) -> set[str]:
    """The layers that a Mask could cover and whose weights are not learned: ``param { lr_mult: 0 }`` on all of them."""
    fixed = {
        weight_key(layer, blob) for layer in net.layers for blob, param in enumerate(layer.message.param)
        if param.HasField("lr_mult") and param.lr_mult == 0}
    return {
        layer.name for layer in net.layers
        if can_be_masked(layer) and all(weight_key(layer, blob) in fixed for blob in _weights(net, layer))}


def shared_with(net: NetDefinition) -> dict[str, str]:
    """{layer: the first layer that has its weights} of layers that share all of theirs with an earlier one."""
    owners: dict[tuple[str, int], str] = {}
    found = {}
    for layer in net.layers:
        if can_be_masked(layer):
            names = {owners.setdefault(weight_key(layer, blob), layer.name) for blob in _weights(net, layer)}
            if len(names) == 1 and layer.name not in names:
                found[layer.name] = names.pop()
    return found


def weight_key(layer: LayerDefinition, blob: int) -> tuple[str, int]:
    """The identity of a weight: the ``param { name }`` under which layers share it, else its layer and index."""
    param = layer.message.param
    shared = param[blob].name if blob < len(param) else ""
    return (shared, -1) if shared else (layer.name, blob)


def can_be_masked(layer: LayerDefinition) -> bool:
    """Whether a layer is of a type with weights that a Mask may cover; False for an unknown type."""
    cls = registered(layer.type)
    return cls is not None and issubclass(cls, Layer) and bool(cls.maskable)


def attach_masks(
    net: NetDefinition, layers: Mapping[str, float | None], blobs: Sequence[int] | None = None
) -> NetDefinition:
    """The net with a Mask layer for each weight of the named layers; see `insert_masks`.

    ``layers`` maps layer name to the sparsity to write, None for none. ``blobs`` are the indices of the blobs to mask
    instead of the layer's weights. A weight that several layers share gets one Mask, which all of them read. Mask and top
    are called ``<layer>_mask`` after the first layer of the weight, in a layer of several weights (LSTM, RNN)
    ``<layer>_mask_<blob>``. Raises ValueError for a name that the net does not have.
    """
    names = {layer.name for layer in net.layers}
    for name in layers:
        if name not in names:
            raise ValueError(f"the net has no layer `{name}`{did_you_mean(name, names)}")
    wanted: dict[tuple[str, int], str] = {}
    sparsities: dict[str, float | None] = {}
    for layer in net.layers:
        if layer.name in layers:
            weights = _weights(net, layer)
            for blob in weights if blobs is None else blobs:
                name = f"{layer.name}_mask" if len(weights) == 1 else f"{layer.name}_mask_{blob}"
                sparsities.setdefault(wanted.setdefault(weight_key(layer, blob), name), layers[layer.name])
    masks = {
        index: {blob: wanted[key] for blob, key in enumerate(_weight_keys(net, layer, blobs)) if key in wanted}
        for index, layer in enumerate(net.layers)}
    return insert_masks(net, masks, sparsities)


def _weight_keys(net: NetDefinition, layer: LayerDefinition, blobs: Sequence[int] | None) -> list[tuple[str, int]]:
    """The keys of a layer's blobs that may be masked."""
    last = max(*_weights(net, layer), *(blobs or ()), len(layer.message.param) - 1, 0)
    return [weight_key(layer, blob) for blob in range(last + 1)]


def _weights(net: NetDefinition, layer: LayerDefinition) -> tuple[int, ...]:
    cls = registered(layer.type)
    if cls is None or not issubclass(cls, Layer):
        return (0,)
    return cls.weight_indices(layer, len([bottom for bottom in layer.bottoms if bottom not in mask_blobs(net)]))
