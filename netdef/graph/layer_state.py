"""Run single layers: their tops as a list, and their state restored afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from netdef.layers.core.base import Layer


def as_list(tops: Tensor | Sequence[Tensor]) -> list[Tensor]:
    """The result of a layer as a list."""
    return [tops] if isinstance(tops, Tensor) else list(tops)


@contextmanager
def state_kept(layers: Iterable[Layer]) -> Iterator[None]:
    """Context manager that restores the statistics and the carried state of layers at its end."""
    before = [(layer, name, buffer, buffer.clone()) for layer in layers for name, buffer in layer.named_buffers(recurse=False)]
    try:
        yield
    finally:
        with torch.no_grad():
            for layer, name, buffer, values in before:
                if not torch.equal(buffer, values):
                    buffer.copy_(values)
                if getattr(layer, name) is not buffer:
                    setattr(layer, name, buffer)
