"""Write the norm of old Normalize layers of happynear's fork, which is in ``softmax_param``, where later ones have it."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import LayerParameter


def upgrade_normalize(net: NetDefinition) -> NetDefinition:
    """The net with ``normalize_param { normalize_type }`` for ``softmax_param { normalize_type }`` of Normalize layers."""
    old = [layer for layer in net.layers if _is_old(layer)]
    return net.with_changed(old, _rename) if old else net


def _is_old(layer: LayerDefinition) -> bool:
    return layer.type == "Normalize" and layer.message.softmax_param.HasField("normalize_type")


def _rename(message: LayerParameter) -> None:
    message.normalize_param.normalize_type = message.softmax_param.normalize_type
    message.ClearField("softmax_param")
