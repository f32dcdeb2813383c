"""Rename the class-balanced loss of HED's fork, which has the type name of Caffe's plain SigmoidCrossEntropyLoss."""

from __future__ import annotations

from netdef.definition.definitions import NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter

_DATA, _LOSS, _BALANCED = "ImageLabelmapData", "SigmoidCrossEntropyLoss", "ClassBalancedSigmoidCrossEntropyLoss"


def upgrade_balanced_loss(net: NetDefinition) -> NetDefinition:
    """The net with class-balanced losses, if its data layer is ImageLabelmapData, which only that fork has.

    A warning names the first.
    """
    losses = [layer for layer in net.layers if layer.type == _LOSS]
    if not losses or not any(layer.type == _DATA for layer in net.layers):
        return net
    loss = losses[0]
    warn_at(loss.span("type"), f"layer `{loss.name}` ({_LOSS}) is read as {_BALANCED}, as in HED's fork, the only one that has "
            f"{_DATA}")
    return net.with_changed(losses, _balance)


def _balance(message: LayerParameter) -> None:
    message.type = _BALANCED
