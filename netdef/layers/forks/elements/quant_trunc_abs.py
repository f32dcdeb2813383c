"""QuantTruncAbs: residuals of images rounded, cut and made positive. Of GuanshuoXu's fork for steganalysis (Xu et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_PARAM = "quant_trunc_abs_param"


@register("QuantTruncAbs")
class QuantTruncAbs(Layer):
    """Numbers rounded, cut and made positive, as ``process`` says, in this order. No gradient.

    QUANT: to the nearest whole number, of two the greater in size. TRUNC: to at most ``threshold`` in size. ABS: the size.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.quant_trunc_abs_param
        words = param.ProcessMethod.Name(param.process)
        self.rounds, self.positive = "QUANT" in words, "ABS" in words
        self.most: int | None = param.threshold if "TRUNC" in words else None

    def forward(self, x: Tensor) -> Tensor:
        return quant_trunc_abs(x, self.rounds, self.most, self.positive)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        words = f"{self.rounds}, {self.most}, {self.positive}"
        return TorchCode(f"quant_trunc_abs({bottoms[0]}, {words})", functions=(quant_trunc_abs,))


def quant_trunc_abs(x: Tensor, rounds: bool, most: int | None, positive: bool) -> Tensor:
    """Numbers rounded, cut to at most ``most`` in size, and made positive, without a gradient."""
    size = x.detach().abs()
    if rounds:
        whole = size.trunc()
        size = whole + (size - whole >= 0.5)
    if most is not None:
        size = size.clamp(max=most)
    return size if positive else torch.copysign(size, x.detach())
