"""Masks made of the zeros of a file of weights, where a Mask layer asks for it and the file has no mask."""

from __future__ import annotations

from collections.abc import Container, Iterator

import torch
from torch import Tensor

from netdef.graph.net import Net
from netdef.schema.messages import MaskParameter

ZERO = 1e-4
"""Magnitudes below it count as zeros, as in the fork that this is of."""


def masks_of_zeros(net: Net, in_file: Container[str], known: Container[str]) -> Iterator[tuple[str, Tensor | None]]:
    """(Mask layer, what it keeps; None for all) of each that asks for it, is not ``known``, and has a reader in the file."""
    for mask in net.spec.layers:
        param = mask.message.mask_param
        if param.zeros == MaskParameter.LEARN or mask.name in known:
            continue
        readers = (layer for layer in net.spec.layers if set(layer.message.bottom) & set(mask.message.top))
        reader = next((layer for layer in readers if layer.name in in_file), None)
        if reader is not None:
            kept = net.params[reader.name][param.blob].detach().abs() >= ZERO
            if param.zeros == MaskParameter.STAY_IN_GROUPS:
                kept = _without_groups(kept, reader.message.convolution_param.group)
            yield mask.name, None if kept.all() else kept


def _without_groups(kept: Tensor, groups: int) -> Tensor:
    """False for whole rows and columns of false only, of the matrix of the first axis by all others in each group."""
    matrix = kept.reshape(groups, kept.shape[0] // groups, -1)
    rows, columns = matrix.any(2, keepdim=True), matrix.any(1, keepdim=True)
    return torch.logical_and(rows, columns).reshape(kept.shape)
