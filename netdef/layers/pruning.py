"""Choose the layers of a net to prune, and give them Mask layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import netdef.layers.catalogue  # noqa: F401  (registers the layers)
from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.masks import insert_masks, mask_blobs
from netdef.errors import did_you_mean
from netdef.layers.convolution import Convolution
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import registered


def pruned_by_default(net: NetDefinition) -> tuple[str, ...]:
    """The layers to prune when none are named: all that are ``pruned_by_default`` but the first convolution.

    So did the DSD paper (Han et al. 2017). Layers that read a Mask already are left out.
    """
    masks = mask_blobs(net)
    first = next((layer for layer in net.layers if registered(layer.type) is Convolution), None)
    return tuple(
        layer.name for layer in net.layers
        if layer is not first and masks.isdisjoint(layer.bottoms)
        and (cls := registered(layer.type)) is not None and cls.pruned_by_default
    )  # fmt: skip


def can_be_masked(layer: LayerDefinition) -> bool:
    """Whether a layer is of a type with weights that a Mask may cover; False for an unknown type."""
    cls = registered(layer.type)
    return cls is not None and issubclass(cls, Layer) and bool(cls.maskable)


def attach_masks(
    net: NetDefinition, layers: Mapping[str, float | None], blobs: Sequence[int] | None = None
) -> NetDefinition:
    """The net with a Mask layer for each weight of the named layers; see `insert_masks`.

    ``layers`` maps layer name to the sparsity to write, None for none. ``blobs`` are the indices of the blobs to mask
    instead of the layer's weights. Mask and top are called ``<layer>_mask``, in a layer of several weights (LSTM, RNN)
    ``<layer>_mask_<blob>``. Raises ValueError for a name that the net does not have.
    """
    names = {layer.name for layer in net.layers}
    for name in layers:
        if name not in names:
            raise ValueError(f"the net has no layer `{name}`{did_you_mean(name, names)}")
    masks = {}
    for index, layer in enumerate(net.layers):
        if layer.name in layers:
            weights = _weights(net, layer)
            masks[index] = {
                blob: f"{layer.name}_mask" if len(weights) == 1 else f"{layer.name}_mask_{blob}"
                for blob in (weights if blobs is None else blobs)
            }
    return insert_masks(net, masks, layers)


def _weights(net: NetDefinition, layer: LayerDefinition) -> tuple[int, ...]:
    cls = registered(layer.type)
    if cls is None or not issubclass(cls, Layer):
        return (0,)
    return cls.weight_indices(layer, len([bottom for bottom in layer.bottoms if bottom not in mask_blobs(net)]))
