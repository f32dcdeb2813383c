"""Split what intel/caffe has fused when it compiled a net: a ReLU, and before it a sum, in the layer before."""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import FusedSum, LayerParameter
from netdef.schema.where import Where

_PARAMS = {"Convolution": "convolution_param", "InnerProduct": "inner_product_param", "BatchNorm": "batch_norm_param"}


def upgrade_fused_relu(net: NetDefinition) -> NetDefinition:
    """The net with each fused layer as two or three. The first keeps its name, and so its weights; the last makes its top.

    ``fusion_type: SUM_FUSION`` of a Convolution adds its second bottom to what it computes of the first.
    """
    if not any(_fused(layer) for layer in net.layers):
        return net
    layers: list[tuple[LayerParameter, Where]] = []
    for layer in net.layers:
        layers += [(part, layer.where) for part in (_split(layer) if _fused(layer) else [layer.message])]
    return net.with_layers(layers)


def _fused(layer: LayerDefinition) -> list[str]:
    """The types of the layers that are fused into this one."""
    name = _PARAMS.get(layer.type)
    if name is None or not layer.message.HasField(name) or not layer.bottoms or len(layer.tops) != 1:
        return []
    param = getattr(layer.message, name)
    summed = layer.type == "Convolution" and param.fusion_type == FusedSum.SUM_FUSION and len(layer.bottoms) == 2
    return ["Eltwise"] * summed + ["ReLU"] * bool(param.relu)


def _split(layer: LayerDefinition) -> list[LayerParameter]:
    first = deepcopy(layer.message)
    param = getattr(first, _PARAMS[layer.type])
    slope = param.negative_slope if layer.type == "Convolution" else 0
    for field in ("relu", "negative_slope", "fusion_type"):
        if field in param.DESCRIPTOR.fields_by_name:
            param.ClearField(field)
    parts = [first]
    for kind in _fused(layer):
        part = LayerParameter(name=f"{layer.name}/{kind}", type=kind)
        between = f"{layer.tops[0]}/{parts[-1].type}"
        parts[-1].top[:] = [between]
        part.bottom.append(between)
        if kind == "Eltwise":
            part.bottom.append(first.bottom.pop())
        elif slope:
            part.relu_param.negative_slope = slope
        for rules in ("include", "exclude"):
            getattr(part, rules).extend(getattr(layer.message, rules))
        parts.append(part)
    parts[-1].top[:] = layer.tops
    return parts
