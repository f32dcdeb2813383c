"""Let the scale of GlobalLSEMargin, of happynear's fork, go without decay, as there."""

from __future__ import annotations

from netdef.definition.definitions import NetDefinition
from netdef.schema.messages import LayerParameter


def upgrade_margins(net: NetDefinition) -> NetDefinition:
    """The net with ``param { lr_mult: 1 decay_mult: 0 }`` in each GlobalLSEMargin without a ``param``; with lengths lr_mult 0."""
    found = [layer for layer in net.layers if layer.type == "GlobalLSEMargin" and not layer.message.param]
    return net.with_changed(found, _without_decay) if found else net


def _without_decay(message: LayerParameter) -> None:
    message.param.add(lr_mult=0 if len(message.bottom) == 3 else 1, decay_mult=0)
