"""The steps of a forward pass: the computation in the turn of each layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from torch import Tensor

from netdef.graph.net import Net
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


def quick_steps(net: Net, turns: Sequence[Turn], steps: Sequence[TurnStep]) -> Iterator[TurnStep]:
    """The steps of a pass that no hook looks into: what has nothing to do is left out, and layers are run by ``forward``.

    Pairs of layers that the net runs as one are one step, if both write to one blob.
    """
    numbers = {turn.layer: number for number, turn in enumerate(turns)}
    pairs = {numbers[pair.norm]: pair for pair in net.fused
             if turns[numbers[pair.norm]].tops == turns[numbers[pair.scale]].tops}
    seconds = {numbers[pair.scale] for pair in pairs.values()}
    for step, turn in zip(steps, turns):
        if turn.is_split or turn.type == "Input" or step.number in seconds:
            continue
        runs = pairs.get(step.number, turn.layer)
        yield step if step.run is None or runs is None else step._replace(run=runs.forward)
