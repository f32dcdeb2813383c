"""Split the layers that clCaffe has fused, as their ``fuse_type`` says: a Convolution and its ReLU, an LRN and its Pooling."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.upgrade.parts import chained, split_layers
from netdef.schema.messages import FusedConvolution, LayerParameter


def upgrade_fuse_type(net: NetDefinition) -> NetDefinition:
    """The net with two layers for each fused one. The first keeps its name, and so its weights; the second makes its top."""
    return split_layers(net, _split)


def _split(layer: LayerDefinition) -> Sequence[LayerParameter]:
    message = layer.message
    if message.convolution_param.fuse_type:
        kind = FusedConvolution.FuseType.Name(message.convolution_param.fuse_type)
        if kind != "FUSED_CONV_RELU":
            raise layer.refuse(f"has `fuse_type` {kind}; only FUSED_CONV_RELU is implemented", "convolution_param", "fuse_type")
        return _parts(layer, "convolution_param", "ReLU", "relu_param")
    if message.lrn_param.fuse_type:
        return _parts(layer, "lrn_param", "Pooling", "pooling_param")
    return [message]


def _parts(layer: LayerDefinition, own: str, kind: str, param: str) -> Sequence[LayerParameter]:
    """The layer without what is fused into its message ``own``, and a layer of that kind."""
    if len(layer.bottoms) != 1 or len(layer.tops) != 1:
        raise layer.refuse("has a `fuse_type`, and so one bottom and one top", "bottom" if len(layer.bottoms) != 1 else "top")
    first, second = deepcopy(layer.message), LayerParameter(type=kind)
    message = getattr(first, own)
    getattr(second, param).CopyFrom(getattr(message, param))
    message.ClearField("fuse_type")
    message.ClearField(param)
    return chained(layer, first, second)
