"""The order in which a net runs its layers, and when it releases blobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from netdef.graph.graph import Graph, Node, Value
from netdef.layers.core.base import Layer
from netdef.layers.mask import Mask

Slots = list[Any]
"""The blobs of a pass, by slot: tensors, and None where no blob is yet or any more."""


class Runs(Protocol):
    """A layer, or several that are computed as one."""

    @property
    def forward(self) -> Callable[..., Any]:
        """The function from bottoms to tops."""


class Step(NamedTuple):
    """A layer's run. Blobs are in slots, one for each value of the graph.

    Attributes:
        run: the layer, or several as one.
        bottoms, tops: the slots that it reads and writes.
        done: slots that no later layer reads.
        detached: bottoms, by index, that get no gradient.
        only: the slot of its bottom, if it has one and that may get a gradient.
    """

    run: Runs
    bottoms: tuple[int, ...]
    tops: tuple[int, ...]
    done: tuple[int, ...]
    detached: tuple[int, ...]
    only: int | None

    @classmethod
    def of(
        cls, run: Runs, bottoms: tuple[int, ...], tops: tuple[int, ...], done: tuple[int, ...], detached: tuple[int, ...]
    ) -> Step:
        """A step, with the field that follows from the others."""
        return cls(run, bottoms, tops, done, detached, bottoms[0] if len(bottoms) == 1 and not detached else None)


def slots_of(graph: Graph) -> dict[Value, int]:
    """The slot of each value."""
    return {value: i for i, value in enumerate(value for node in graph.nodes for value in node.tops)}


def steps_of(graph: Graph, layers: Mapping[str, Layer]) -> Iterator[Step]:
    """The steps of a graph in the order of the text; Mask layers and entries have none."""
    slots = slots_of(graph)
    last = {value: max(indices) for value, indices in graph.readers.items()}
    keep = set(graph.outputs)
    for index, node in enumerate(graph.nodes):
        layer = layers.get(node.key)
        if layer is None or isinstance(layer, Mask):
            continue
        down = node.spec.message.propagate_down
        yield Step.of(
            layer,
            tuple(slots[v] for v in node.bottoms),
            tuple(slots[v] for v in node.tops),
            tuple({slots[v] for v in node.bottoms if last[v] == index and v not in keep}),
            tuple(i for i, place in enumerate(node.places) if place < len(down) and not down[place]),
        )


def may_overwrite(graph: Graph, node: Node, layers: Mapping[str, Layer]) -> bool:
    """Whether a layer may overwrite its bottom: the text asks for it, no other layer reads it, no backward needs it."""
    if not (layers[node.key].has_inplace_kernel and node.bottoms and node.tops[0].blob == node.bottoms[0].blob):
        return False
    bottom = node.bottoms[0]
    maker = layers.get(graph.nodes[bottom.producer].key)
    return maker is not None and maker.fresh_output and len(graph.readers[bottom]) == 1
