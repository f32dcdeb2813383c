"""Which layers a backward pass runs, and to which bottoms they give gradients: Caffe's rules.

A layer needs backward if it learns, or something that it reads was made by a layer that does, and if a loss depends on it.
`propagate_down` in the text is heeded, and `force_backward` wants everything.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.pycaffe.wiring import Turn, Wiring

# The bottom that gets no gradient even with `force_backward`; of other losses it is the second, the label.
_NEVER = {"LSTM": 1, "RNN": 1, "ContrastiveLoss": 2, "EuclideanLoss": None}


def mark_backward(net: Net, wiring: Wiring) -> None:
    """Set ``needs_backward`` and ``propagate_down`` of every turn."""
    layers = net.layers
    _mark_below_what_learns(layers, wiring)
    _drop_what_reaches_no_loss(wiring)
    if net.spec.message.force_backward:
        for turn in wiring.turns:
            turn.needs_backward = True
            turn.propagate_down = [
                down or _allows_force(layers, turn, index) for index, down in enumerate(turn.propagate_down)]


def _mark_below_what_learns(layers: Mapping[str, Layer], wiring: Wiring) -> None:
    needed = [False] * len(wiring.blob_names)
    for turn in wiring.turns:
        stated = list(turn.node.spec.message.propagate_down) if turn.node is not None else []
        turn.propagate_down = [
            stated[index] if index < len(stated) else needed[blob] for index, blob in enumerate(turn.bottoms)]
        turn.needs_backward = any(needed[blob] for blob in turn.bottoms) or _learns(layers, turn)
        if turn.needs_backward:
            for top in turn.tops:
                needed[top] = True


def _drop_what_reaches_no_loss(wiring: Wiring) -> None:
    names = wiring.blob_names
    under_loss: set[str] = set()
    without: set[str] = set()  # blobs that some reader gives no gradient
    for turn in reversed(wiring.turns):
        tops = [names[top] for top in turn.tops]
        contributes = any(weight for weight in turn.loss_weights) or not under_loss.isdisjoint(tops)
        if turn.needs_backward and without.issuperset(tops):
            turn.needs_backward, turn.propagate_down = False, [False] * len(turn.bottoms)
        if not contributes:
            turn.needs_backward, turn.propagate_down = False, [False] * len(turn.bottoms)
        else:
            under_loss.update(names[blob] for blob in turn.bottoms)
        without.update(names[blob] for blob, down in zip(turn.bottoms, turn.propagate_down) if not down)


def _learns(layers: Mapping[str, Layer], turn: Turn) -> bool:
    layer = layers.get(turn.node.key) if turn.node is not None else None
    if layer is None:
        return False
    params = turn.node.spec.message.param
    rates = {name: params[i].lr_mult if i < len(params) else 1.0 for i, name in enumerate(layer.blob_names)}
    return any(rate != 0 and isinstance(getattr(layer, name), nn.Parameter) for name, rate in rates.items())


def _allows_force(layers: Mapping[str, Layer], turn: Turn, index: int) -> bool:
    if turn.type in _NEVER:
        return index != _NEVER[turn.type]
    layer = layers.get(turn.node.key) if turn.node is not None else None
    return not (layer is not None and layer.is_loss and index == 1)
