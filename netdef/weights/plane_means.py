"""Fit the mean images that DataAugmentation of FlowNet 2 stores to a net for images of another size."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import torch
from torch import Tensor

from netdef.graph.net import Net
from netdef.weights.stored_layers import StoredBlob, StoredLayer

_MEAN = 1
"""The index of the mean image, (1, C, H, W)."""


def spread_plane_means(net: Net, stored: Mapping[str, StoredLayer]) -> None:
    """Replace mean images of another size, in place, by the mean of each of their planes, as the fork does."""
    params = net.params
    for spec in net.spec.layers:
        if spec.message.type == "DataAugmentation" and spec.name in stored and len(params.get(spec.name, ())) == 3:
            blobs, shape = stored[spec.name].blobs, tuple(params[spec.name][_MEAN].shape)
            image = blobs.get(_MEAN)
            if image is not None and len(image.shape) == 4 and image.shape != shape and image.shape[:2] == shape[:2]:
                blobs[_MEAN] = StoredBlob(shape, partial(_read_spread, image))


def _read_spread(image: StoredBlob, into: Tensor) -> None:
    planes = torch.empty(image.shape)
    image.read(planes)
    into.copy_(planes.mean((2, 3), keepdim=True).expand(into.shape))
