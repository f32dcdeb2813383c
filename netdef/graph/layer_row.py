"""A row of the table of a net's layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from netdef.graph.graph import Node
from netdef.layers.core.shapes import Shape


class LayerRow(NamedTuple):
    """A layer as a table shows it: its bottoms and masks, its tops with their shapes, and its costs."""

    name: str
    type: str
    bottoms: tuple[str, ...]
    masks: tuple[str, ...]
    tops: tuple[tuple[str, Shape], ...]
    parameters: int
    multiply_adds: int

    @classmethod
    def of(cls, node: Node, shapes: Sequence[Shape], parameters: int = 0, multiply_adds: int = 0) -> LayerRow:
        """The row of a node whose tops have these shapes; tops without a shape are left out."""
        tops = tuple((value.blob, shape) for value, shape in zip(node.tops, shapes))
        bottoms, masks = (tuple(v.blob for v in values) for values in (node.bottoms, node.masks))
        return cls(node.key, node.spec.type, bottoms, masks, tops, parameters, multiply_adds)
