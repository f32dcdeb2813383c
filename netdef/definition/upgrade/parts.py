"""Replace a layer by several, one behind the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import LayerParameter


def split_layers(net: NetDefinition, parts_of: Callable[[LayerDefinition], Sequence[LayerParameter]]) -> NetDefinition:
    """The net with the parts of each layer in its place. Those of a layer that stays are its message alone."""
    parts = [(layer, parts_of(layer)) for layer in net.layers]
    if all(len(found) == 1 and found[0] is layer.message for layer, found in parts):
        return net
    return net.with_layers((part, layer.where) for layer, found in parts for part in found)


def chained(layer: LayerDefinition, *parts: LayerParameter) -> Sequence[LayerParameter]:
    """Link the parts of a layer: each reads the top of the one before as its first bottom, and the last makes the layer's.

    The first part keeps the layer's name, and so its weights. All have its rules.
    """
    for before, part in pairwise(parts):
        before.top[:] = [f"{layer.tops[0]}/{before.type}"]
        part.name = f"{layer.name}/{part.type}"
        part.bottom[:] = [*before.top, *part.bottom]
        for rules in ("include", "exclude"):
            part.ClearField(rules)
            getattr(part, rules).extend(getattr(layer.message, rules))
    parts[-1].top[:] = layer.tops
    return parts
