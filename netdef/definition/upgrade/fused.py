"""Layers that SkimCaffe runs as one kernel: ConvolutionReLUPool is a Convolution, a ReLU and a Pooling.

``MKL`` before a type names the library that computes it there, and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import replace

from netdef.definition.definitions import NetDefinition
from netdef.schema.messages import NetParameter

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
    message = NetParameter()
    message.CopyFrom(net.message)
    del message.layer[:]
    places = []
    for layer in net.layers:
        fused = _FUSED.fullmatch(layer.type) and len(layer.bottoms) == len(layer.tops) == 1
        parts = re.findall(_PART, layer.type) if fused else []
        for i, (kind, param) in enumerate(map(_PARTS.get, parts)):
            part = message.layer.add()
            part.CopyFrom(layer.message)
            part.type = kind
            for _, other in _PARTS.values():
                if other != param:
                    part.ClearField(other)
            if i:
                part.name = f"{layer.name}/{kind}"
                part.bottom[0] = message.layer[-2].top[0]
                part.ClearField("param")
            if i < len(parts) - 1:
                part.top[0] = f"{layer.tops[0]}/{kind}"
            places.append(layer.where)
        if not parts:
            message.layer.add().CopyFrom(layer.message)
            places.append(layer.where)
    return replace(net, message=message, where=net.where.replace(layer=places))
