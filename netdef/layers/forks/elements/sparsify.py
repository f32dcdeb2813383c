"""Sparsify: a soft threshold that also pulls its values to zero. From Wen et al.'s fork (SSL)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.given_gradient import with_added_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Sparsify")
class Sparsify(Layer):
    """``sign(x) * max(|x| - thre, 0)``; backward adds ``coef * sign(top)`` to the gradient of each value that is not 0.

    That is the gradient of an L1 penalty on the top, which the loss shown does not contain. With a ``thre`` of 0 the top is
    the bottom.
    """

    keeps_shape = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.sparsify_param
        check_at_least(spec, param.thre, 0, "sparsify_param", "thre")
        self.threshold: float = param.thre
        self.penalty: float = param.coef

    def forward(self, x: Tensor) -> Tensor:
        top = F.softshrink(x, self.threshold) if self.threshold else x
        if not self.penalty or not torch.is_grad_enabled():
            return top
        return with_added_gradient(top, self.penalty * top.sign())

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.softshrink({bottoms[0]}, {number(self.threshold)})" if self.threshold else str(bottoms[0]))
