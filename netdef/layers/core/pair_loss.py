"""The base class of losses that compare two bottoms number by number."""

from __future__ import annotations

from collections.abc import Sequence

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_same_batch, check_same_count
from netdef.layers.core.shapes import Shape


class PairLoss(Layer):
    """A loss of two bottoms of equally many numbers, with one number as its top."""

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        check_same_count(spec, shapes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]
