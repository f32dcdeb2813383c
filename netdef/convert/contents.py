"""List the contents of a weight file, without the text of its net and without data."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

import torch
from rich.table import Table
from torch import Tensor

from netdef.convert.embedded import embedded_net
from netdef.convert.report import LayerWeights, layers_table
from netdef.errors import NetdefError
from netdef.weights.formats import format_to_read
from netdef.weights.stored_layers import StoredBlob, StoredLayer


def contents_table(path: str | os.PathLike[str]) -> Table:
    """A row for each layer with blobs: type, shapes, numbers, and the share of zeros in blobs of several axes.

    Types are those of the net that a ``.caffemodel`` carries; other files have none. A state dict of torch has a row for
    each tensor. Raises `FileError` for a file that is damaged or holds no weights.
    """
    types = _types(path)
    with format_to_read(path).read(path) as stored:
        return layers_table(os.fspath(path), (
            LayerWeights(name, types.get(name, ""), [tuple(tensor.shape) for tensor in tensors],
                         [_zeros(tensor) for tensor in tensors if tensor.ndim > 1 and tensor.numel()],
                         is_mask=any(tensor.dtype == torch.bool for tensor in tensors))
            for name, tensors in _rows(stored)))


def _types(path: str | os.PathLike[str]) -> dict[str, str]:
    """{layer: type} of the net in a file; empty for a file without a net."""
    try:
        return {layer.name: layer.type for layer in embedded_net(path).spec.layers}
    except NetdefError:
        return {}


def _rows(stored: Sequence[StoredLayer] | Mapping[str, Tensor]) -> Iterator[tuple[str, list[Tensor]]]:
    """Layers with their blobs, read one layer at a time; masks are tensors of one more row."""
    if isinstance(stored, Mapping):
        yield from ((name, [tensor]) for name, tensor in stored.items())
        return
    for layer in stored:
        if layer.blobs:
            yield layer.name, [_read(blob) for blob in layer.blobs.values()]
        if layer.mask is not None and (kept := layer.mask.kept()) is not None:
            yield layer.name, [kept]


def _read(blob: StoredBlob) -> Tensor:
    """The values of a blob; those of a file before 2014 without leading axes of 1."""
    tensor = torch.empty(blob.shape)
    blob.read(tensor)
    while blob.old_style and tensor.ndim > 1 and tensor.shape[0] == 1:
        tensor = tensor[0]
    return tensor


def _zeros(tensor: Tensor) -> float:
    return 1 - int(tensor.count_nonzero()) / tensor.numel()
