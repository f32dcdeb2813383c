"""BatchReindex and Filter: select items of a batch by another blob, which gets no gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("BatchReindex")
class BatchReindex(Layer):
    """The items of bottom 0 whose numbers bottom 1, shape (items of the top,), lists, in that order.

    Raises NetdefError on a number that is no item (on the CPU; a GPU reports it through CUDA).
    """

    n_bottoms = exactly(2)
    fresh_output = True
    depends_on_data = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 1)
        check_axes(spec, shapes, 1, index=1)

    def forward(self, x: Tensor, items: Tensor) -> Tensor:
        items = items.long()
        try:
            return x.index_select(0, items)
        except (IndexError, RuntimeError):
            wrong = () if items.is_meta else items[(items < 0) | (items >= len(x))].tolist()
            if not wrong:
                raise
            raise NetdefError(f"layer `{self.name}` ({self.type_name}) is to take item {wrong[0]} of a batch of "
                              f"{len(x)}, which has items 0 to {len(x) - 1}") from None


@register("Filter")
class Filter(Layer):
    """The items of each bottom but the last for which the last is not 0; there may be none.

    The last has one number an item: shape (items,), or with further axes of size 1. How many items the tops have
    depends on the data: the shapes that a net states are those of whole batches, as Caffe's before its first pass.
    """

    n_bottoms = at_least(2)
    n_tops = at_least(1)
    depends_on_data = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if len(spec.tops) != len(shapes) - 1:
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(spec.tops)} tops; it wants a top for each bottom "
                              "but the last, which selects", "top")
        last = len(shapes) - 1
        if not shapes[last] or math.prod(shapes[last][1:]) != 1:
            raise spec.refuse(f"selects by a bottom of shape {shapes[last]}; it wants one number an item, so all axes "
                              "after the first of size 1", "bottom", last)
        for i, shape in enumerate(shapes[:last]):
            if shape[:1] != shapes[last][:1]:
                raise spec.refuse(f"has a bottom of shape {shape} (`{spec.bottoms[i]}`) and selects by one of shape "
                                  f"{shapes[last]} (`{spec.bottoms[last]}`); their first axes must agree", "bottom", i)

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        *given, selector = bottoms
        if selector.is_meta:
            return tuple(given)
        selected = selector.flatten().nonzero().squeeze(1)
        return tuple(x.index_select(0, selected) for x in given)
