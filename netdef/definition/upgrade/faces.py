"""Tell happynear's Normalize from SSD's, where the layer has no fields of either."""

from __future__ import annotations

import warnings

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import LayerParameter

_ONLY_THERE = {"LabelSpecificAdd", "LabelSpecificRescale", "ChannelScale", "InnerDistance", "GeneralContrastiveLoss",
               "GeneralTripletLoss"}


def upgrade_faces(net: NetDefinition) -> NetDefinition:
    """The net with an empty ``normalize_param`` in bare Normalize layers, if a layer of it is of happynear's fork only.

    The first is warned about.
    """
    bare = [layer for layer in net.layers if layer.type == "Normalize"
            and not layer.message.HasField("norm_param") and not layer.message.HasField("normalize_param")]
    if not bare or not any(_is_happynears(layer) for layer in net.layers):
        return net
    warnings.warn(f"{bare[0].span('type')}: layer `{bare[0].name}` (Normalize) is read as in happynear's fork, of which the net "
                  "has other layers: by place, without a scale", stacklevel=2)
    return net.with_layers([(_marked(layer.message) if layer in bare else layer.message, layer.where) for layer in net.layers])


def _is_happynears(layer: LayerDefinition) -> bool:
    return layer.type in _ONLY_THERE or layer.message.inner_product_param.normalize


def _marked(message: LayerParameter) -> LayerParameter:
    marked = LayerParameter()
    marked.CopyFrom(message)
    marked.normalize_param.SetInParent()
    return marked
