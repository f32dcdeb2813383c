"""Mark the Warp layers of LiteFlowNet, which sample at places and not along flows, by the net's other layers."""

from __future__ import annotations

from netdef.definition.definitions import NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter

_ONLY_THERE = {"Grid", "NegSquare", "ExpMax"}


def upgrade_warp(net: NetDefinition) -> NetDefinition:
    """The net with ``at_places`` in each Warp layer, if it has a layer that only LiteFlowNet has. A warning names the first."""
    found = [layer for layer in net.layers if layer.type == "Warp" and not layer.message.flow_warp_param.at_places]
    if not found or not any(layer.type in _ONLY_THERE for layer in net.layers):
        return net
    warn_at(found[0].span("type"), f"layer `{found[0].name}` (Warp) is read as in LiteFlowNet, of which the net has other "
            "layers: its second bottom holds places, not flows")
    return net.with_changed(found, _mark)


def _mark(message: LayerParameter) -> None:
    message.flow_warp_param.at_places = True
