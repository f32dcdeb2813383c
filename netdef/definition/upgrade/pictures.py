"""Leave out layers that only draw pictures."""

from __future__ import annotations

from netdef.definition.definitions import NetDefinition
from netdef.errors import warn_at

_TYPES = {"VisualizedHeatMaps", "VisualizedHeatMaps2", "VisualizedPoseCoords", "VisualizedPoseCoords2"}


def leave_out_pictures(net: NetDefinition) -> NetDefinition:
    """The net without the layers of zimenglan's fork that draw maps and joints into files. A warning names them."""
    left_out = [layer for layer in net.layers if layer.type in _TYPES and not layer.tops]
    if not left_out:
        return net
    names = ", ".join(dict.fromkeys(f"`{layer.name}` ({layer.type})" for layer in left_out))
    warn_at(left_out[0].span("type"), f"left out, as they only draw pictures into files: {names}")
    return net.with_layers((layer.message, layer.where) for layer in net.layers if layer not in left_out)
