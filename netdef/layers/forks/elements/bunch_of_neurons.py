"""BunchOfNeurons and Binarization, of szymonzareba's fork for perturb-and-MAP learning."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("BunchOfNeurons")
class BunchOfNeurons(Layer):
    """``y = 1 - (1 - sigmoid(x)^a)^b``, with a and b ``bunch_a`` and ``bunch_b``.

    The gradient is ``a b (1 - y) y^a (1 - y^a)^(b - 1)``, as the fork's on a GPU: its derivative has y in place of the sigmoid.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.bunch_param
        self.a: float = param.bunch_a
        self.b: float = param.bunch_b

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            y = 1 - (1 - x.sigmoid() ** self.a) ** self.b
            gradient = self.a * self.b * (1 - y) * y**self.a * (1 - y**self.a) ** (self.b - 1)
        return with_gradient(y, x, gradient)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"1 - (1 - torch.sigmoid({bottoms[0]}) ** {number(self.a)}) ** {number(self.b)}")


@register("Binarization")
class Binarization(Layer):
    """1 where ``x > threshold``, 0 elsewhere, with ``work``; else x. Without a gradient in either case, as in the fork."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.bin_param
        self.threshold: float | None = param.threshold if param.work else None

    def forward(self, x: Tensor) -> Tensor:
        return x.detach().clone() if self.threshold is None else (x > self.threshold).to(x.dtype)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"{x}.clone()" if self.threshold is None else f"({x} > {number(self.threshold)}).to({x}.dtype)")
