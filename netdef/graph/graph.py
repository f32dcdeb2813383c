"""The graph of a net: the maker and the readers of each value, without torch and numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from netdef.definition.definitions import LayerDefinition, NetDefinition


@dataclass(frozen=True)
class Value:
    """A blob at one version. A layer whose top is its bottom ("in place") makes the next version of the blob."""

    blob: str
    version: int
    producer: int  # index of the node that makes it
    top: int  # which of the producer's tops


@dataclass(frozen=True)
class Node:
    """A layer of the graph.

    Attributes:
        spec: its definition.
        key: its name, made unique.
        bottoms: the values that it reads, but masks, in the order of the text.
        places: their indices among the ``bottom`` lines of the text, for errors and ``propagate_down``.
        masks, mask_places: the same for values that Mask layers make.
        tops: the values that it makes.
        loss_weights: for each top.
    """

    spec: LayerDefinition
    key: str
    bottoms: tuple[Value, ...]
    places: tuple[int, ...]
    masks: tuple[Value, ...]
    mask_places: tuple[int, ...]
    tops: tuple[Value, ...]
    loss_weights: tuple[float, ...]


@dataclass(frozen=True)
class Graph:
    """All layers of a net in the order of the text.

    Attributes:
        spec: the net's definition.
        nodes: the layers.
        outputs: the values that no layer reads, by name as Caffe lists them, then losses that some layer reads.
        readers: {value: indices of the nodes that read it}.
        unfit: indices of nodes with errors; none in a graph that a net can be built of.
    """

    spec: NetDefinition
    nodes: tuple[Node, ...]
    outputs: tuple[Value, ...]
    readers: dict[Value, tuple[int, ...]] = field(repr=False)
    unfit: frozenset[int] = frozenset()

    @property
    def last_versions(self) -> dict[str, Value]:
        """Every blob by name, at its last version, in order of first appearance."""
        return {value.blob: value for node in self.nodes for value in node.tops}
