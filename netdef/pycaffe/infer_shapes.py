"""Compute the shapes of all blobs from those of the inputs: each layer runs on torch's meta device."""

from __future__ import annotations

import torch
from torch import Tensor

from netdef.graph.layer_errors import INSIDE
from netdef.graph.layer_state import as_list
from netdef.layers.core.base import Layer
from netdef.layers.mask import Mask
from netdef.pycaffe.errors import raise_named
from netdef.pycaffe.passes import Passes


@torch.no_grad()
def reshape(passes: Passes) -> None:
    """Reshape every blob to the shape that its layer computes."""
    for wired in passes.layers:
        layer = wired.layer
        if layer is None or isinstance(layer, Mask):
            continue
        bottoms = [torch.empty(passes.blobs[wired.bottoms[place]].shape, device="meta") for place in wired.places]
        if not bottoms:
            continue
        try:
            tops = _without_numbers(layer, bottoms)
        except INSIDE as error:
            raise_named(passes.net, wired, bottoms, error)
        for top, made in zip(wired.tops, tops):
            passes.blobs[top].data_memory.reshape(tuple(made.shape))


def _without_numbers(layer: Layer, bottoms: list[Tensor]) -> list[Tensor]:
    own = {name: tensor.to("meta") for name, tensor in (*layer.named_parameters(), *layer.named_buffers())}
    return as_list(torch.func.functional_call(layer, own, tuple(bottoms)))
