"""Bias: add a blob, learned or given, along some axes; and the axes that Bias and Scale cover."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, broadcast


def covered_shape(spec: LayerDefinition, param: str, bottom: Shape, num_axes: int) -> tuple[Shape, Shape]:
    """The axes of the bottom that a blob covers: ``num_axes`` from ``axis`` on (-1: all from there, 0: a single number).

    Returns the blob's shape, and as many 1s as must be appended to it for torch to broadcast it over the bottom.
    ``param`` names the field of the layer's message, ``scale_param`` or ``bias_param``.
    """
    axis = canonical_axis(spec, getattr(spec.message, param).axis, len(bottom), param, "axis")
    if num_axes == 0:
        return (), ()
    end = len(bottom) if num_axes == -1 else axis + num_axes
    if num_axes < -1 or end > len(bottom):
        raise spec.refuse(
            f"covers {num_axes} axes from axis {axis} on, and its bottom has shape {bottom}", param, "num_axes")
    return bottom[axis:end], (1,) * (len(bottom) - end)


def given_shape(spec: LayerDefinition, param: str, bottom: Shape, given: Shape) -> tuple[Shape, Shape]:
    """`covered_shape` of a second bottom, which must have the sizes of the axes it covers; a scalar fits any bottom."""
    if not given:
        return (), ()
    axis = canonical_axis(spec, getattr(spec.message, param).axis, len(bottom), param, "axis")
    if bottom[axis : axis + len(given)] != given:
        raise spec.refuse(
            f"cannot apply `{spec.bottoms[1]}` of shape {given} from axis {axis} on to `{spec.bottoms[0]}` "
            f"of shape {bottom}", "bottom", 1)
    return given, (1,) * (len(bottom) - axis - len(given))


@register("Bias")
class Bias(Layer):
    """The first bottom plus the blob ``bias``, or plus the second bottom, along ``num_axes`` axes from ``axis`` on."""

    keeps_shape = True
    n_bottoms = between(1, 2)
    has_inplace_kernel = True
    fresh_output = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.bias_param
        bottom = tuple(shapes[0])
        if len(shapes) == 2:
            _, self.trailing = given_shape(spec, "bias_param", bottom, tuple(shapes[1]))
        else:
            shape, self.trailing = covered_shape(spec, "bias_param", bottom, param.num_axes)
            self.add_blob("bias", shape, filler(spec, "bias_param", "filler"))
        self.shifts_channels = len(shapes) == 1 and len(self.blobs[0].shape) == 1 and len(self.trailing) == len(bottom) - 2

    def forward(self, x: Tensor, bias: Tensor | None = None) -> Tensor:
        if bias is None:
            bias = self.blob("bias")
        bias = bias.reshape(bias.shape + self.trailing)
        return x.add_(bias) if self.inplace else x + bias

    def channel_affine(self) -> tuple[Tensor, Tensor] | None:
        if not self.shifts_channels:
            return None
        bias = self.blob("bias").double()
        return torch.ones_like(bias), bias

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if len(bottoms) == 2:
            return TorchCode(f"{bottoms[0]} + {broadcast(bottoms[1], self.trailing)}")
        return TorchCode.of_affine(me, bottoms[0], {"bias": self.blob("bias")}, self.trailing)
