"""Records of layers' runs, which backward passes need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from torch import Tensor, nn

from netdef.layers.core.base import Layer
from netdef.pycaffe.wiring import WiredLayer


class Record(NamedTuple):
    """One run of a layer: its bottoms as leaves of autograd's graph, the tops made of them, its weights' versions."""

    bottoms: Sequence[Tensor]
    tops: Sequence[Tensor]
    versions: Sequence[int]


def versions(layer: Layer) -> list[int]:
    """The version counters of a layer's weights."""
    return [parameter._version for parameter in layer.parameters()]


def makers(layers: Sequence[WiredLayer], index: int) -> list[int]:
    """Numbers of the layers to run again for a layer's bottoms, where layers in place have overwritten them, and its own."""
    found, number = [index], index
    while overwritten := set(layers[number].bottoms) & set(layers[number].tops):
        number = next((i for i in range(number - 1, -1, -1) if overwritten & set(layers[i].tops)), -1)
        if number < 0 or layers[number].layer is None:
            break
        found.append(number)
    return found[::-1]


@contextmanager
def recordable(layers: Sequence[WiredLayer], forced: Iterable[nn.Parameter] = ()) -> Iterator[None]:
    """Context manager in which no layer overwrites its bottom, and the ``forced`` parameters, if frozen, get gradients."""
    inplace = [wired.layer for wired in layers if wired.layer is not None and wired.layer.inplace]
    frozen = [p for p in forced if not p.requires_grad]
    for layer in inplace:
        layer.inplace = False
    for parameter in frozen:
        parameter.requires_grad_(True)
    try:
        yield
    finally:
        for layer in inplace:
            layer.inplace = True
        for parameter in frozen:
            parameter.requires_grad_(False)
