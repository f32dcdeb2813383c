"""What a pass asks of one layer: its tops as a list, versions of its weights, its statistics kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from netdef.layers.core.base import Layer


def versions(layer: Layer) -> list[int]:
    """The version counters of a layer's weights."""
    return [parameter._version for parameter in layer.parameters()]


def listed(tops: Tensor | Sequence[Tensor]) -> list[Tensor]:
    """The result of a layer as a list."""
    return [tops] if isinstance(tops, Tensor) else list(tops)


@contextmanager
def state_kept(layer: Layer) -> Iterator[None]:
    """Context manager that restores the layer's statistics at its end."""
    before = [(tensor, tensor.clone()) for tensor in layer.buffers()]
    try:
        yield
    finally:
        for tensor, old in before:
            if not torch.equal(tensor, old):
                tensor.copy_(old)
