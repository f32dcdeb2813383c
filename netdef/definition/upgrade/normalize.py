"""Mark the Normalize layers of happynear's fork, which are not those of SSD: by an old field, or by the net's other layers."""

from __future__ import annotations

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter

_ONLY_THERE = {"LabelSpecificAdd", "LabelSpecificRescale", "ChannelScale", "InnerDistance", "GeneralContrastiveLoss",
               "GeneralTripletLoss"}


def upgrade_normalize(net: NetDefinition) -> NetDefinition:
    """The net with a ``normalize_param`` in each Normalize layer of happynear's fork.

    An old one has ``softmax_param { normalize_type }``. One without fields is taken for that fork's if the net has a layer that
    only this fork has; a warning names the first.
    """
    if old := [layer for layer in net.layers if _is_old(layer)]:
        net = net.with_changed(old, _rename)
    bare = [layer for layer in net.layers if layer.type == "Normalize"
            and not layer.message.HasField("norm_param") and not layer.message.HasField("normalize_param")]
    if not bare or not any(_is_happynears(layer) for layer in net.layers):
        return net
    warn_at(bare[0].span("type"), f"layer `{bare[0].name}` (Normalize) is read as in happynear's fork, of which the net has "
            "other layers: by place, without a scale")
    return net.with_changed(bare, lambda message: message.normalize_param.SetInParent())


def _is_happynears(layer: LayerDefinition) -> bool:
    return layer.type in _ONLY_THERE or layer.message.inner_product_param.normalize


def _is_old(layer: LayerDefinition) -> bool:
    return layer.type == "Normalize" and layer.message.softmax_param.HasField("normalize_type")


def _rename(message: LayerParameter) -> None:
    message.normalize_param.normalize_type = message.softmax_param.normalize_type
    message.ClearField("softmax_param")
