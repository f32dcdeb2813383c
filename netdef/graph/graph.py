"""The net as a graph of values: no torch, no numbers, only who makes what and who reads it."""

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
    """A layer of the graph. ``key`` is its name, made unique; ``masks`` holds the values that come from Mask layers.

    ``bottoms`` are the other values, in the text's order; ``places`` and ``mask_places`` are their indices among the
    text's ``bottom`` lines, for complaints and ``propagate_down``.
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
    """All layers in the order of the text. ``outputs`` are the values nobody reads, by name as Caffe lists them, then
    the losses that somebody reads. ``unfit`` are the indices of nodes that something is wrong with: none in a graph
    that a net can be built of.
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
