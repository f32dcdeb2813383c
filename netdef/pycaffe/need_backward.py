"""Caffe's rules for the layers that a backward pass runs, and the bottoms that get gradients.

A layer needs a backward pass if it learns, or reads a blob that depends on a layer that learns, and if a loss depends on it.
`propagate_down` in the prototxt overrides this, and `force_backward` asks for all layers and bottoms.
"""

from __future__ import annotations

from torch import nn

from netdef.graph.net import Net
from netdef.pycaffe.wiring import Turn, Wiring
from netdef.schema.messages import LayerParameter


def mark_backward(net: Net, wiring: Wiring) -> None:
    """Set ``needs_backward`` and ``propagate_down`` of every turn."""
    messages = {node.key: node.spec.message for node in net.graph.nodes}
    _mark_below_what_learns(wiring, messages)
    _drop_what_reaches_no_loss(wiring)
    if net.spec.message.force_backward:
        for turn in wiring.turns:
            turn.needs_backward = True
            turn.propagate_down = [down or _allows_force(turn, place) for place, down in enumerate(turn.propagate_down)]


def _mark_below_what_learns(wiring: Wiring, messages: dict[str, LayerParameter]) -> None:
    needed = [False] * len(wiring.blob_names)
    for turn in wiring.turns:
        message = LayerParameter() if turn.is_split else messages[turn.key]
        stated = message.propagate_down
        turn.propagate_down = [
            stated[place] if place < len(stated) else needed[blob] for place, blob in enumerate(turn.bottoms)]
        turn.needs_backward = any(needed[blob] for blob in turn.bottoms) or _learns(turn, message)
        if turn.needs_backward:
            for top in turn.tops:
                needed[top] = True


def _drop_what_reaches_no_loss(wiring: Wiring) -> None:
    names = wiring.blob_names
    under_loss: set[str] = set()
    without: set[str] = set()  # blobs that some reader gives no gradient
    for turn in reversed(wiring.turns):
        tops = [names[top] for top in turn.tops]
        contributes = any(turn.loss_weights) or not under_loss.isdisjoint(tops)
        if not contributes or (turn.needs_backward and without.issuperset(tops)):
            turn.needs_backward, turn.propagate_down = False, [False] * len(turn.bottoms)
        if contributes:
            under_loss.update(names[blob] for blob in turn.bottoms)
        without.update(names[blob] for blob, down in zip(turn.bottoms, turn.propagate_down) if not down)


def _learns(turn: Turn, message: LayerParameter) -> bool:
    rates = [param.lr_mult for param in message.param]
    return turn.layer is not None and any(
        isinstance(getattr(turn.layer, name), nn.Parameter) and (index >= len(rates) or rates[index] != 0)
        for index, name in enumerate(turn.layer.blob_names))


def _allows_force(turn: Turn, place: int) -> bool:
    return turn.layer is None or turn.layer.allows_force_backward(place)
