"""Split what intel/caffe has fused when it compiled a net: a ReLU, and before it a sum, in the layer before."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.upgrade.parts import chained, split_layers
from netdef.schema.messages import FusedSum, LayerParameter

_PARAMS = {"Convolution": "convolution_param", "InnerProduct": "inner_product_param", "BatchNorm": "batch_norm_param"}


def upgrade_fused_relu(net: NetDefinition) -> NetDefinition:
    """The net with each fused layer as two or three. The first keeps its name, and so its weights; the last makes its top.

    ``fusion_type: SUM_FUSION`` of a Convolution adds its second bottom to what it computes of the first.
    """
    return split_layers(net, _split)


def _fused(layer: LayerDefinition) -> list[str]:
    """The types of the layers that are fused into this one."""
    name = _PARAMS.get(layer.type)
    if name is None or not layer.message.HasField(name) or not layer.bottoms or len(layer.tops) != 1:
        return []
    param = getattr(layer.message, name)
    summed = layer.type == "Convolution" and param.fusion_type == FusedSum.SUM_FUSION and len(layer.bottoms) == 2
    return ["Eltwise"] * summed + ["ReLU"] * bool(param.relu)


def _split(layer: LayerDefinition) -> Sequence[LayerParameter]:
    kinds = _fused(layer)
    if not kinds:
        return [layer.message]
    first = deepcopy(layer.message)
    param = getattr(first, _PARAMS[layer.type])
    parts = [LayerParameter(type=kind) for kind in kinds]
    if "Eltwise" in kinds:
        parts[0].bottom.append(first.bottom.pop())
    if parts[-1].type == "ReLU" and layer.type == "Convolution" and param.negative_slope:
        parts[-1].relu_param.negative_slope = param.negative_slope
    for field in ("relu", "negative_slope", "fusion_type"):
        if field in param.DESCRIPTOR.fields_by_name:
            param.ClearField(field)
    return chained(layer, first, *parts)
