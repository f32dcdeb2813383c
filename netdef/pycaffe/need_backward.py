"""Caffe's rules for the layers that a backward pass runs, and the bottoms that get gradients.

A layer needs a backward pass if it learns, or reads a blob that depends on a layer that learns, and if a loss depends on it.
`propagate_down` in the prototxt overrides this, and `force_backward` asks for all layers and bottoms.
"""

from __future__ import annotations

from torch import nn

from netdef.graph.net import Net
from netdef.pycaffe.wiring import WiredLayer, Wiring
from netdef.schema.messages import LayerParameter


def mark_backward(net: Net, wiring: Wiring) -> None:
    """Set ``needs_backward`` and ``propagate_down`` of every layer."""
    messages = {node.key: node.spec.message for node in net.graph.nodes}
    _mark_below_what_learns(wiring, messages)
    _drop_what_reaches_no_loss(wiring)
    if net.spec.message.force_backward:
        for wired in wiring.layers:
            wired.needs_backward = True
            wired.propagate_down = [down or _allows_force(wired, place) for place, down in enumerate(wired.propagate_down)]


def _mark_below_what_learns(wiring: Wiring, messages: dict[str, LayerParameter]) -> None:
    needed = [False] * len(wiring.blob_names)
    for wired in wiring.layers:
        message = LayerParameter() if wired.is_split else messages[wired.key]
        stated = message.propagate_down
        wired.propagate_down = [
            stated[place] if place < len(stated) else needed[blob] for place, blob in enumerate(wired.bottoms)]
        wired.needs_backward = any(needed[blob] for blob in wired.bottoms) or _learns(wired, message)
        if wired.needs_backward:
            for top in wired.tops:
                needed[top] = True


def _drop_what_reaches_no_loss(wiring: Wiring) -> None:
    names = wiring.blob_names
    under_loss: set[str] = set()
    without: set[str] = set()  # blobs that some reader gives no gradient
    for wired in reversed(wiring.layers):
        tops = [names[top] for top in wired.tops]
        contributes = any(wired.loss_weights) or not under_loss.isdisjoint(tops)
        if not contributes or (wired.needs_backward and without.issuperset(tops)):
            wired.needs_backward, wired.propagate_down = False, [False] * len(wired.bottoms)
        if contributes:
            under_loss.update(names[blob] for blob in wired.bottoms)
        without.update(names[blob] for blob, down in zip(wired.bottoms, wired.propagate_down) if not down)


def _learns(wired: WiredLayer, message: LayerParameter) -> bool:
    rates = [param.lr_mult for param in message.param]
    return wired.layer is not None and any(
        isinstance(getattr(wired.layer, name), nn.Parameter) and (index >= len(rates) or rates[index] != 0)
        for index, name in enumerate(wired.layer.blob_names))


def _allows_force(wired: WiredLayer, place: int) -> bool:
    return wired.layer is None or wired.layer.allows_force_backward(place)
