"""Give Filter layers of channel pruning (He et al. 2017), which select by a blob, a type of their own."""

from __future__ import annotations

from netdef.definition.definitions import NetDefinition
from netdef.schema.messages import LayerParameter


def upgrade_channel_filters(net: NetDefinition) -> NetDefinition:
    """The net with a ChannelFilter for each Filter with a ``filter_param``, which Caffe's own does not have."""
    found = [layer for layer in net.layers if layer.type == "Filter" and layer.message.HasField("filter_param")]
    return net.with_changed(found, _rename) if found else net


def _rename(message: LayerParameter) -> None:
    message.type = "ChannelFilter"
