"""Split the fused layers of SkimCaffe: ConvolutionReLUPool is a Convolution, a ReLU and a Pooling.

``MKL`` before a type only names the library that computes it there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.upgrade.parts import chained, split_layers
from netdef.schema.messages import LayerParameter

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
    return split_layers(net, _split)


def _split(layer: LayerDefinition) -> Sequence[LayerParameter]:
    """The layers that a fused layer consists of; a layer that is not fused itself."""
    if not (_FUSED.fullmatch(layer.type) and len(layer.bottoms) == len(layer.tops) == 1):
        return [layer.message]
    parts: list[LayerParameter] = []
    for kind, param in (_PARTS[kind] for kind in re.findall(_PART, layer.type)):
        part = deepcopy(layer.message)
        part.type = kind
        for _, other in _PARTS.values():
            if other != param:
                part.ClearField(other)
        if parts:
            part.ClearField("bottom")
            part.ClearField("param")
        parts.append(part)
    return chained(layer, *parts)
