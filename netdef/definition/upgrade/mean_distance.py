"""Rename the EuclideanLoss of naibaf7's fork, which divides by all numbers, and not by the items as Caffe's does."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter

_ONLY_THERE = {"MergeCrop", "MalisLoss", "Affinity"}


def upgrade_mean_distance(net: NetDefinition) -> NetDefinition:
    """The net with a MeanEuclideanLoss for each EuclideanLoss, if it has layers that only that fork has.

    A warning names the first.
    """
    losses = [layer for layer in net.layers if layer.type == "EuclideanLoss"]
    if not losses or not any(_is_theirs(layer) for layer in net.layers):
        return net
    loss = losses[0]
    warn_at(loss.span("type"), f"layer `{loss.name}` (EuclideanLoss) is read as in naibaf7's fork, of which the net has other "
            "layers: it divides by all numbers, not by the items")
    return net.with_changed(losses, _rename)


def _is_theirs(layer: LayerDefinition) -> bool:
    return layer.type in _ONLY_THERE or bool(layer.message.memory_data_param.dim)


def _rename(message: LayerParameter) -> None:
    message.type = "MeanEuclideanLoss"
