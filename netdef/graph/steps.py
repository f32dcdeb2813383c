"""The order in which a net runs its layers, and when it releases blobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from netdef.graph.graph import Graph, Node, Value
from netdef.layers.core.base import Layer
from netdef.layers.mask import Mask


class Step(NamedTuple):
    """A layer's run. Blobs are in slots, one for each value of the graph.

    Attributes:
        run: the layer, or a function that computes several.
        bottoms, tops: the slots that it reads and writes.
        done: slots that no later layer reads.
        detached: bottoms, by index, that get no gradient.
    """

    run: Callable[..., Any]
    bottoms: tuple[int, ...]
    tops: tuple[int, ...]
    done: tuple[int, ...]
    detached: tuple[int, ...]


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
        yield Step(
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
