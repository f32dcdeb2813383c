"""Give SRNNFormat layers that make planes of sequences the planes that the sequences came from. Of DSCLRCN (nian-liu)."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import LayerParameter
from netdef.schema.where import Where


def upgrade_stream_sizes(net: NetDefinition) -> NetDefinition:
    """The net in which SRNNFormat with UNFORMAT has a third bottom, the planes whose height its second bottom is.

    The second is the third top of an SRNNFormat with FORMAT. Its value is a number of rows, known in Caffe when the layers are
    given their sizes; here the sizes of the planes say it.
    """
    if not any(layer.type == "SRNNFormat" for layer in net.layers):
        return net
    planes: dict[str, str] = {}  # blobs with a height, and the blobs of that height
    layers: list[tuple[LayerParameter, Where]] = []
    for layer in net.layers:
        if layer.type == "SRNNFormat" and len(layer.tops) == 3:
            planes[layer.tops[2]] = layer.bottoms[0]
        layers.append((_with_planes(layer, planes), layer.where))
    return net.with_layers(layers)


def _with_planes(layer: LayerDefinition, planes: dict[str, str]) -> LayerParameter:
    if layer.type != "SRNNFormat" or len(layer.bottoms) != 2 or layer.bottoms[1] not in planes:
        return layer.message
    message = deepcopy(layer.message)
    message.bottom.append(planes[layer.bottoms[1]])
    if message.propagate_down:
        message.propagate_down.append(False)
    return message
