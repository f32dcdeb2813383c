"""Mark the SoftmaxWithLoss layers of JAA-Net with weights, which differ from intel's, by the net's other layers."""

from __future__ import annotations

from netdef.definition.definitions import NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter

_ONLY_THERE = {"AUMaskBasedLand", "AlignDataTransform"}


def upgrade_label_weights(net: NetDefinition) -> NetDefinition:
    """The net with ``weights_keep_divisor`` in each SoftmaxWithLoss of three bottoms, if it has a layer that only JAA-Net has.

    There the divisor counts labels and not their weights. A warning names the first such layer.
    """
    found = [layer for layer in net.layers if layer.type == "SoftmaxWithLoss" and len(layer.bottoms) == 3]
    found = [layer for layer in found if not layer.message.loss_param.weights_keep_divisor]
    if not found or not any(layer.type in _ONLY_THERE for layer in net.layers):
        return net
    warn_at(found[0].span("type"), f"layer `{found[0].name}` (SoftmaxWithLoss) is read as in JAA-Net's fork, of which the net "
            "has other layers: its weights do not change the divisor")
    return net.with_changed(found, _mark)


def _mark(message: LayerParameter) -> None:
    message.loss_param.weights_keep_divisor = True
