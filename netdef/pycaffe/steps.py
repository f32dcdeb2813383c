"""The steps of a forward pass: the computation in the turn of each layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from torch import Tensor

from netdef.layers.mask import Mask
from netdef.pycaffe.memory import Memory
from netdef.pycaffe.wiring import Turn


class TurnStep(NamedTuple):
    """The turn of layer number ``number``: ``run`` makes the tensors of ``tops`` from those of ``bottoms``.

    ``run`` is None for a layer that no blob goes through: an Input, a data layer, a Split or a Mask.
    """

    number: int
    run: Callable[..., Tensor | Sequence[Tensor]] | None
    bottoms: Sequence[Memory]
    tops: Sequence[Memory]


def steps_of(turns: Sequence[Turn], memories: Sequence[Memory]) -> list[TurnStep]:
    """The step of each turn, with the memories of blobs by their numbers."""
    return [
        TurnStep(number, None if isinstance(turn.layer, Mask) else turn.layer,
                 [memories[turn.bottoms[place]] for place in turn.places], [memories[top] for top in turn.tops])
        for number, turn in enumerate(turns)]
