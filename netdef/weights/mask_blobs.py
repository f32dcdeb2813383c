"""Read masks that forks store as further blobs of a layer: mask i after the layer's own blobs covers blob i.

Dynamic Network Surgery and its descendants write them. Here masks belong to Mask layers; where the net has none, the
masked weights are set to zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from netdef.graph.net import Net
from netdef.weights.batch_norm_blobs import lacks_scale
from netdef.weights.stored_layers import Params, StoredBlob, StoredLayer


def mask_blobs(params: Params, stored: Mapping[str, StoredLayer]) -> Iterator[tuple[str, int, StoredBlob]]:
    """Remove the masks from the stored layers; yield layer, index of the covered blob, and the mask.

    Only if the blobs before them fit the net, so that another layer of the same name is not taken for a pruned one.
    """
    for layer, blobs in params.items():
        found = stored[layer].blobs if layer in stored else {}
        own = len(blobs)
        if lacks_scale(found, blobs):  # its further blobs are no masks
            continue
        extra = [index for index in found if index >= own]
        fits = all(index in found and found[index].fits_reshaped(tuple(blob.shape)) for index, blob in enumerate(blobs))
        if fits and all(index < 2 * own and found[index].shape == found[index - own].shape for index in extra):
            for index in extra:
                yield layer, index - own, found.pop(index)


def read_mask(mask: StoredBlob) -> Tensor | str:
    """The mask as bool, true where a weight is kept; or a complaint about values that are no mask."""
    values = torch.empty(mask.shape)
    mask.read(values)
    others = values[(values != 0) & (values != 1)]
    if len(others):
        return (
            f"holds {others[0]:g}, where a mask is 0 or 1. A solver decays a mask blob whose `param` has no "
            "`lr_mult: 0 decay_mult: 0`, and which weights it should keep can no longer be told"
        )
    return values.bool()


def mask_layer(net: Net, layer: str, blob: int) -> str | None:
    """The Mask layer over a layer's blob, if the net has one."""
    bottoms = {bottom for spec in net.spec.layers if spec.name == layer for bottom in spec.bottoms}
    for spec in net.spec.layers:
        if spec.type == "Mask" and bottoms.intersection(spec.tops) and spec.message.mask_param.blob == blob:
            return spec.name
    return None
