"""Load layers of a file into several layers of a net, whose names end in theirs: ``copy_postfix_name`` of zimenglan's fork."""

from __future__ import annotations

from netdef.graph.net import Net
from netdef.weights.stored_layers import StoredLayer


def spread_by_postfix(net: Net, stored: dict[str, StoredLayer]) -> None:
    """Replace each layer of a file that the net names as ``copy_postfix_name``, in place, by one for each layer that does.

    A layer `primary_fc6` with the postfix `fc6` takes the weights of `fc6`, if the file has none of its own name and the net has
    no layer `fc6`.
    """
    names = {layer.name for layer in net.spec.layers}
    wanting: dict[str, list[str]] = {}
    for layer in net.spec.layers:
        postfix = layer.message.copy_postfix_name
        if postfix and layer.name.endswith(postfix) and postfix not in names and layer.name not in stored:
            wanting.setdefault(postfix, []).append(layer.name)
    for postfix, takers in wanting.items():
        if postfix in stored:
            blobs = stored.pop(postfix).blobs
            stored.update({name: StoredLayer(name, dict(blobs)) for name in takers})
