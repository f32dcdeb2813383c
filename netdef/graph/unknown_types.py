"""Leave layers of unknown types that nothing reads out of a net, for ``lenient`` reading."""

from __future__ import annotations

import netdef.data.catalogue
import netdef.layers.catalogue  # noqa: F401
from netdef.definition.definitions import NetDefinition
from netdef.errors import warn_at
from netdef.layers.core.registry import registered


def without_unread_unknowns(net: NetDefinition) -> NetDefinition:
    """The net without the layers of unknown types whose tops no other layer reads; one warning names them.

    Most are a fork's loss, score or output; the net then ends with the blobs that they read.
    """
    kept = list(net.layers)
    for layer in reversed(net.layers):
        if not layer.type or not layer.bottoms or registered(layer.type) is not None:
            continue
        if not any(top in other.bottoms for other in kept if other is not layer for top in layer.tops):
            kept.remove(layer)
    left_out = [layer for layer in net.layers if layer not in kept]
    if not left_out:
        return net
    names = ", ".join(f"`{layer.name}` ({layer.type})" for layer in left_out)
    warn_at(left_out[0].span("type"), f"left out, of unknown types, and nothing reads what they make: {names}")
    return net.with_layers((layer.message, layer.where) for layer in kept)
