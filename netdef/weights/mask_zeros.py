"""Make masks from the zeros in a weight file, for Mask layers with ``zeros`` that the file has no mask for."""

from __future__ import annotations

from collections.abc import Container, Iterator

import torch
from torch import Tensor

from netdef.graph.net import Net
from netdef.schema.messages import MaskParameter

ZERO = 1e-4
"""Magnitudes below it count as zeros, as in the fork of SSL."""


def masks_of_zeros(net: Net, in_file: Container[str], known: Container[str]) -> Iterator[tuple[str, Tensor | None]]:
    """Yield the name and mask (None keeps all) of each Mask layer with ``zeros`` that is not ``known``.

    The layer that reads the Mask must be ``in_file``.
    """
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
    """The mask reduced to whole pruned rows and columns of each group's matrix: first axis by all others."""
    matrix = kept.reshape(groups, kept.shape[0] // groups, -1)
    rows, columns = matrix.any(2, keepdim=True), matrix.any(1, keepdim=True)
    return torch.logical_and(rows, columns).reshape(kept.shape)
