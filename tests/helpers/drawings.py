"""Drawings: of a small net, and of layers with every kind of name."""

from __future__ import annotations

import re

from dsd.drawing.drawing import Arrow, Box, Drawing, draw
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.graph.build import known_shapes
from netdef.graph.link import link

NET = """
    layer { name: "data" type: "Input" top: "data" top: "label"
            input_param { shape { dim: 7 dim: 2 dim: 9 dim: 11 } shape { dim: 7 } } }
    layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
            convolution_param { num_output: 4 kernel_size: 3 stride: 2 } }
    layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" }
    layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" relu_param { negative_slope: 0.1 } }
    layer { name: "m" type: "Mask" top: "mask" mask_param { sparsity: 0.25 } }
    layer { name: "ip" type: "InnerProduct" bottom: "conv" bottom: "mask" top: "ip"
            inner_product_param { num_output: 5 } }
    layer { name: "cut" type: "Slice" bottom: "ip" top: "a" top: "b" slice_param { slice_point: 2 } }
    layer { name: "abs" type: "ReLU" bottom: "a" top: "a" }
    layer { name: "sum" type: "Concat" bottom: "b" bottom: "a" top: "sum" }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "sum" bottom: "label" top: "loss" loss_weight: 0.3 }
    layer { name: "top1" type: "Accuracy" bottom: "sum" bottom: "label" top: "accuracy" }
"""


def drawing(text: str) -> Drawing:
    net = filter_net(read_net_text(text), "TRAIN")
    graph = link(net)
    return draw(graph, "toy, TRAIN", known_shapes(graph)[0], net)


NAMES = [
    "a/b", 'say "hi"', "two words", "größe 日本 🙂", "<b>x</b>", "1. item", "*star*", "`tick`", "end", "a|b]})",
    "%% no", "&amp;", "line\nbreak", "it's", "back\\slash", "#quot;", "$$x$$", ":::data", "--> n0", "fa:fa-car", "",
    "\x01",
]  # fmt: skip


def named() -> Drawing:
    boxes = [Box("weights", name, "Type", [name], [Box("pointwise", name, "ReLU")]) for name in NAMES]
    arrows = [Arrow(i, i + 1, name, i % 2 == 0) for i, name in enumerate(NAMES[:-1])]
    return Drawing('the "net"\n', boxes, arrows, [("<one>", "5", "0.1", "0.5")])


def seen(name: str) -> str:
    """A name as a reader sees it: what cannot be shown is a space."""
    return re.sub(r"[\x00-\x1f]", " ", name)
