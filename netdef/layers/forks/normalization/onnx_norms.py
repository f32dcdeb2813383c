"""LayerNorm, LpNormalization and LogSoftmax, ONNX's, of Synopsys' fork."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_least_axes, check_positive
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("LayerNorm")
class LayerNorm(Layer):
    """``(x - mean) / sqrt(variance + eps)`` of each item, all its axes together.

    Blobs, unless ``elementwise_affine`` is false: a factor and an addend for each place of an item, ones and zeros in a fresh
    net. The fork has no gradient; here it has its own.
    """

    keeps_shape = True
    family = "norm"
    needs_float32 = True
    torch_names = MappingProxyType({"scale": "weight"})

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        param = spec.message.layer_norm_param
        self.eps: float = param.eps
        if param.elementwise_affine:
            self.add_blob("scale", shapes[0][1:], constant(1.0))
            self.add_blob("bias", shapes[0][1:])

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, x.shape[1:], self.optional_blob("scale"), self.optional_blob("bias"), self.eps)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        (x,), eps = bottoms, number(self.eps)
        if not self.blob_names:
            return TorchCode(f"F.layer_norm({x}, {x}.shape[1:], eps={eps})")
        return TorchCode.of_member(f"{me}({x})", f"nn.LayerNorm({tuple(x.shape[1:])}, eps={eps})", self.to_torch())


@register("LpNormalization")
class LpNormalization(Layer):
    """x over ``(sum of |x|^p)^(1/p)`` along the axes of ``axis``, all of them one vector; without an axis over ``|x|``.

    Zeros give NaN, as in the fork, which has no gradient; here it has its own.
    """

    keeps_shape = True
    family = "norm"
    needs_float32 = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.lp_normalization_param
        check_positive(spec, param.p, "lp_normalization_param", "p")
        self.p: int = param.p
        axes = [canonical_axis(spec, axis, len(shapes[0]), "lp_normalization_param", "axis", i)
                for i, axis in enumerate(param.axis)]
        self.axes = tuple(sorted(set(axes)))
        if len(self.axes) < len(axes):
            raise spec.refuse(f"has an axis twice: {list(param.axis)}", "lp_normalization_param", "axis")

    def forward(self, x: Tensor) -> Tensor:
        return x / torch.linalg.vector_norm(x, float(self.p), self.axes, keepdim=True) if self.axes else x / x.abs()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        if not self.axes:
            return TorchCode(f"{x} / {x}.abs()")
        return TorchCode(f"{x} / torch.linalg.vector_norm({x}, {self.p}, {self.axes}, keepdim=True)")


@register("LogSoftmax")
class LogSoftmax(Layer):
    """The logarithm of the softmax along ``axis`` (1 by default), at least that of the smallest float32, 1.4e-45.

    The fork has no gradient; here it has its own, 0 where the bound holds.
    """

    keeps_shape = True
    family = "score"
    needs_float32 = True
    least = -149 * math.log(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.log_softmax_param
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), "log_softmax_param", "axis")

    def forward(self, x: Tensor) -> Tensor:
        return torch.log_softmax(x, self.axis).clamp(min=self.least)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.log_softmax({bottoms[0]}, dim={self.axis}).clamp(min={number(self.least)})")
