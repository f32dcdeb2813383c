"""Split the layers that clCaffe has fused, as their ``fuse_type`` says: a Convolution and its ReLU, an LRN and its Pooling."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import FusedConvolution, LayerParameter
from netdef.schema.where import Where


def upgrade_fuse_type(net: NetDefinition) -> NetDefinition:
    """The net with two layers for each fused one. The first keeps its name, and so its weights; the second makes its top."""
    layers: list[tuple[LayerParameter, Where]] = []
    for layer in net.layers:
        layers += [(part, layer.where) for part in _split(layer)]
    return net if len(layers) == len(net.layers) else net.with_layers(layers)


def _split(layer: LayerDefinition) -> list[LayerParameter]:
    message = layer.message
    if message.convolution_param.fuse_type:
        kind = FusedConvolution.FuseType.Name(message.convolution_param.fuse_type)
        if kind != "FUSED_CONV_RELU":
            raise layer.refuse(f"has `fuse_type` {kind}; only FUSED_CONV_RELU is implemented", "convolution_param", "fuse_type")
        return _parts(layer, "convolution_param", "ReLU", "relu_param")
    if message.lrn_param.fuse_type:
        return _parts(layer, "lrn_param", "Pooling", "pooling_param")
    return [message]


def _parts(layer: LayerDefinition, own: str, kind: str, param: str) -> list[LayerParameter]:
    """The layer without what is fused into its message ``own``, and a layer of that kind."""
    if len(layer.bottoms) != 1 or len(layer.tops) != 1:
        raise layer.refuse("has a `fuse_type`, and so one bottom and one top", "bottom" if len(layer.bottoms) != 1 else "top")
    first, second = deepcopy(layer.message), LayerParameter()
    between = f"{layer.tops[0]}/{layer.type}"
    message = getattr(first, own)
    getattr(second, param).CopyFrom(getattr(message, param))
    message.ClearField("fuse_type")
    message.ClearField(param)
    first.top[0] = between
    second.name, second.type = f"{layer.name}/{kind}", kind
    second.bottom.append(between)
    second.top.append(layer.tops[0])
    for rules in ("include", "exclude"):
        getattr(second, rules).extend(getattr(layer.message, rules))
    return [first, second]
