"""The steps of a forward pass: the computation of each layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from torch import Tensor

from netdef.layers.mask import Mask
from netdef.pycaffe.memory import Memory
from netdef.pycaffe.wiring import WiredLayer


class LayerStep(NamedTuple):
    """The step of layer number ``number``: ``run`` makes the tensors of ``tops`` from those of ``bottoms``.

    ``run`` is None for a layer that no blob goes through: an Input, a data layer, a Split or a Mask.
    """

    number: int
    run: Callable[..., Tensor | Sequence[Tensor]] | None
    bottoms: Sequence[Memory]
    tops: Sequence[Memory]


def steps_of(layers: Sequence[WiredLayer], memories: Sequence[Memory]) -> list[LayerStep]:
    """The step of each layer, with the memories of blobs by their numbers."""
    return [
        LayerStep(number, None if isinstance(wired.layer, Mask) else wired.layer,
                 [memories[wired.bottoms[place]] for place in wired.places], [memories[top] for top in wired.tops])
        for number, wired in enumerate(layers)]
