"""FastFood: a square weight of diagonals and Hadamard transforms, as in deep-fried convnets (Yang et al. 2015). Of yl-1993."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "fastfood_param"


@register("FastFood")
class FastFood(Layer):
    """``S H G P H B x + bias`` of each item, of D values, a power of 2, as is ``num_output``: (N, D, 1, 1).

    Blobs s, g, b of D numbers each are diagonals, H is the Hadamard matrix, P puts value ``permutation[i]`` at place i; the
    permutation is drawn and never learned. The fork takes the first item's gradient for all in those of b and of the bottom;
    here they are the derivatives.
    """

    maskable = ("s", "g", "b")
    family = "weighted"
    permutation: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.fastfood_param, shapes[0]
        self.axis = canonical_axis(spec, param.axis, len(shape), PARAM, "axis")
        size = math.prod(shape[self.axis :])
        if math.prod(shape[: self.axis]) != shape[0]:
            raise spec.refuse(f"wants one row an item; from axis {self.axis} on, `{spec.bottoms[0]}` of shape {shape} has more",
                              PARAM)
        if size < 1 or size & (size - 1):
            raise spec.refuse(f"wants a power of 2 values an item; `{spec.bottoms[0]}` of shape {shape} has {size}", "bottom", 0)
        if param.num_output != size:
            raise spec.refuse(f"has `num_output` {param.num_output}; it must be the number of values an item, {size}", PARAM,
                              *["num_output"] * param.HasField("num_output"))
        for name, field in (("s", "s_filler"), ("g", "g_filler"), ("b", "b_filler")):
            self.add_blob(name, (size,), filler(spec, PARAM, field, shape=(size,)))
        self.add_blob("permutation", (size,), _draw_order, learnable=False)
        if param.bias_term:
            self.add_blob("bias", (size,), filler(spec, PARAM, "bias_filler", shape=(size,)))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], math.prod(bottoms[0][self.axis :]), 1, 1)]

    def forward(self, x: Tensor) -> Tensor:
        x = hadamard(x.flatten(self.axis).reshape(len(x), -1) * self.blob("b"))
        x = x.index_select(1, self.permutation.round().long())
        x = hadamard(x * self.blob("g")) * self.blob("s")
        bias = self.optional_blob("bias")
        return (x if bias is None else x + bias)[:, :, None, None]

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        size = tops[0][1]
        return math.prod(tops[0]) * (2 * (size.bit_length() - 1) + 3)


def hadamard(x: Tensor) -> Tensor:
    """Each row times the Hadamard matrix of its length, a power of 2, in the order of Sylvester, not normalised."""
    size = x.shape[1]
    half = size // 2
    while half:
        pairs = x.reshape(len(x), -1, 2, half)
        x = torch.stack([pairs[:, :, 0] + pairs[:, :, 1], pairs[:, :, 0] - pairs[:, :, 1]], 2).reshape(len(x), size)
        half //= 2
    return x


@torch.no_grad()
def _draw_order(blob: Tensor) -> None:
    """Fill with the numbers from 0 on, in an order that is drawn."""
    blob.copy_(torch.randperm(blob.numel()).to(blob))
