"""Split the fused layers of SkimCaffe: ConvolutionReLUPool is a Convolution, a ReLU and a Pooling.

``MKL`` before a type only names the library that computes it there.
"""

from __future__ import annotations

import re
from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.schema.messages import LayerParameter
from netdef.schema.where import Where

_PARTS = {
    "Convolution": ("Convolution", "convolution_param"),
    "InnerProduct": ("InnerProduct", "inner_product_param"),
    "ReLU": ("ReLU", "relu_param"),
    "Pooling": ("Pooling", "pooling_param"),
    "Pool": ("Pooling", "pooling_param"),
    "LRN": ("LRN", "lrn_param"),
    "Dropout": ("Dropout", "dropout_param"),
}
_PART = "|".join(_PARTS)
_FUSED = re.compile(rf"MKL({_PART})|({_PART})({_PART})+")


def upgrade_fused(net: NetDefinition) -> NetDefinition:
    """The net with every fused layer as several. The first keeps its name, and so its weights; the last its top."""
    if not any(_FUSED.fullmatch(layer.type) for layer in net.layers):
        return net
    layers: list[tuple[LayerParameter, Where]] = []
    for layer in net.layers:
        if _FUSED.fullmatch(layer.type) and len(layer.bottoms) == len(layer.tops) == 1:
            layers += [(part, layer.where) for part in _split(layer)]
        else:
            layers.append((layer.message, layer.where))
    return net.with_layers(layers)


def _split(layer: LayerDefinition) -> list[LayerParameter]:
    """The layers that a fused layer consists of."""
    parts: list[LayerParameter] = []
    kinds = re.findall(_PART, layer.type)
    for i, (kind, param) in enumerate(_PARTS[kind] for kind in kinds):
        part = deepcopy(layer.message)
        part.type = kind
        for _, other in _PARTS.values():
            if other != param:
                part.ClearField(other)
        if i > 0:
            part.name = f"{layer.name}/{kind}"
            part.bottom[0] = parts[-1].top[0]
            part.ClearField("param")
        if i < len(kinds) - 1:
            part.top[0] = f"{layer.tops[0]}/{kind}"
        parts.append(part)
    return parts
