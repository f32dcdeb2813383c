"""Cut a net to the layers that some of its blobs need."""

from __future__ import annotations

from collections.abc import Sequence

from netdef.definition.definitions import NetDefinition
from netdef.errors import NetdefError, did_you_mean


def cut_to(net: NetDefinition, outputs: Sequence[str]) -> NetDefinition:
    """The filtered net without the layers that none of these blobs needs.

    Raises `NetdefError` for a blob that is not there, and for one that another of them is computed from: nets have
    no outputs that their own layers read.
    """
    makers: dict[str, list[int]] = {}
    for i, layer in enumerate(net.layers):
        for top in layer.tops:
            makers.setdefault(top, []).append(i)
    for blob in outputs:
        if blob not in makers:
            raise NetdefError(f"the net has no blob `{blob}`{did_you_mean(blob, makers)}")
    needed = _needed(net, makers, outputs)
    for i in needed:
        layer = net.layers[i]
        for blob in set(layer.bottoms) & set(outputs):
            if blob not in layer.tops:
                raise NetdefError(f"`{blob}` is no output of what is left: layer `{layer.name}` reads it for another")
    kept = [net.layers[i] for i in sorted(needed)]
    return net.with_layers((layer.message, layer.where) for layer in kept)


def _needed(net: NetDefinition, makers: dict[str, list[int]], outputs: Sequence[str]) -> set[int]:
    """The indices of the layers that the outputs are computed by."""
    needed: set[int] = set()
    pending = [makers[blob][-1] for blob in outputs]
    while pending:
        i = pending.pop()
        if i not in needed:
            needed.add(i)
            for bottom in net.layers[i].bottoms:  # the version that it reads: the last one made before it
                pending += [j for j in makers.get(bottom, ()) if j < i][-1:]
    return needed
