"""Name the Threshold layers of HoldenCaulfieldRye's fork of 2014, which multiply scores by the shares of their classes."""

from __future__ import annotations

from netdef.definition.definitions import NetDefinition
from netdef.schema.messages import LayerParameter


def upgrade_shares(net: NetDefinition) -> NetDefinition:
    """The net with ScoresTimesShares for Threshold of two bottoms, scores and labels, and two tops."""
    found = [layer for layer in net.layers if layer.type == "Threshold" and len(layer.bottoms) == 2 == len(layer.tops)]
    return net.with_changed(found, _rename) if found else net


def _rename(message: LayerParameter) -> None:
    message.type = "ScoresTimesShares"
