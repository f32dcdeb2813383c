"""Share by name the blobs that layers take from their last bottoms. Of a pull request to BVLC/caffe for several GPUs, 2015."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import LayerParameter
from netdef.schema.where import Where


def upgrade_param_bottoms(net: NetDefinition) -> NetDefinition:
    """The net in which the blob of a Parameter layer has a name, by which the layers that read it as a weight share it.

    ``param_bottoms`` says how many of a layer's last bottoms are its first blobs. Tops of Parameter layers that nothing else
    reads go into a Silence layer, so that they are no outputs. A blob that another layer makes is refused.
    """
    if not any(layer.message.param_bottoms for layer in net.layers):
        return net
    makers = {layer.tops[0]: layer for layer in net.layers if layer.type == "Parameter" and len(layer.tops) == 1}
    taken: dict[str, str] = {}  # the top of a Parameter layer, and the name of its blob
    layers: list[tuple[LayerParameter, Where]] = []
    for layer in net.layers:
        layers.append((_shared(layer, makers, taken) if layer.message.param_bottoms else layer.message, layer.where))
    for i, layer in enumerate(net.layers):
        if layer.type == "Parameter" and taken.keys() >= set(layer.tops):
            message = deepcopy(layer.message)
            (message.param[0] if message.param else message.param.add()).name = taken[layer.tops[0]]
            layers[i] = message, layer.where
    read = {bottom for message, _ in layers for bottom in message.bottom}
    if unread := [top for top in taken if top not in read]:
        layers.append((LayerParameter(name="param_bottoms", type="Silence", bottom=unread), layers[-1][1]))
    return net.with_layers(layers)


def _shared(layer: LayerDefinition, makers: dict[str, LayerDefinition], taken: dict[str, str]) -> LayerParameter:
    """The layer without its last bottoms, which its ``param`` name instead; they are added to ``taken``."""
    count = layer.message.param_bottoms
    if not 0 < count <= len(layer.bottoms):
        raise layer.refuse(f"has `param_bottoms` {count} and {len(layer.bottoms)} bottoms", "param_bottoms")
    message = deepcopy(layer.message)
    message.ClearField("param_bottoms")
    first = len(layer.bottoms) - count
    del message.bottom[first:]
    while len(message.param) < count:
        message.param.add()
    for i, (blob, param) in enumerate(zip(layer.bottoms[first:], message.param)):
        if blob not in makers:
            raise layer.refuse(f"takes a blob from `{blob}`, which no Parameter layer makes", "bottom", first + i)
        own = makers[blob].message.param
        param.name = taken.setdefault(blob, own[0].name if own and own[0].name else blob)
    return message
