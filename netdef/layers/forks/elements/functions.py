"""Functions of each value: Cos and Arccos, of pose-drl's and happynear's forks, and those of Synopsys' fork."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

_FUNCTIONS: Mapping[str, tuple[Callable[[Tensor], Tensor], str]] = {
    "Atan": (torch.atan, "torch.atan"),
    "Ceil": (torch.ceil, "torch.ceil"),
    "Cos": (torch.cos, "torch.cos"),
    "Floor": (torch.floor, "torch.floor"),
    "HardTanH": (F.hardtanh, "F.hardtanh"),
    "Round": (torch.round, "torch.round"),
    "Sin": (torch.sin, "torch.sin"),
    "Softsign": (F.softsign, "F.softsign"),
}


@register("Atan", "Ceil", "Cos", "Floor", "HardTanH", "Round", "Sin", "Softsign")
class Function(Layer):
    """The function of the type's name, angles in radians; HardTanH is x within -1 and 1, Softsign ``x / (1 + |x|)``.

    Round takes the even one of two numbers that are equally near. Cosine of happynear's fork is read as Cos. All but Cos are of
    Synopsys' fork, which has no gradient of them but that of Sin; here they have their own, 0 of Ceil, Floor and Round.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        function, _ = _FUNCTIONS[self.type_name]
        return function(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        _, name = _FUNCTIONS[self.type_name]
        return TorchCode(f"{name}({bottoms[0]})")


@register("Arccos")
class Arccos(Layer):
    """``acos(x)`` of x within 0.0001 of -1 and 1; the gradient of an x beyond is that at the bound, as on happynear's GPU."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"
    most = 1 - 1e-4

    def forward(self, x: Tensor) -> Tensor:
        return torch.acos(x + (x.clamp(-self.most, self.most) - x).detach())

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"torch.acos({bottoms[0]}.clamp({-self.most}, {self.most}))")


@register("HardSigmoid")
class HardSigmoid(Layer):
    """``alpha * x + beta`` within 0 and 1. Of Synopsys' fork, without a gradient there."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.alpha: float = spec.message.hard_sigmoid_param.alpha
        self.beta: float = spec.message.hard_sigmoid_param.beta

    def forward(self, x: Tensor) -> Tensor:
        return (self.alpha * x + self.beta).clamp(0, 1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"({number(self.alpha)} * {bottoms[0]} + {number(self.beta)}).clamp(0, 1)")


@register("ScaledTanH")
class ScaledTanH(Layer):
    """``alpha * tanh(beta * x)``; both numbers must be given. Of Synopsys' fork, without a gradient there."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.scaled_tanh_param
        if not spec.message.HasField("scaled_tanh_param"):
            raise spec.refuse("needs `alpha` and `beta`: `scaled_tanh_param`", "type")
        self.alpha: float = param.alpha
        self.beta: float = param.beta

    def forward(self, x: Tensor) -> Tensor:
        return self.alpha * torch.tanh(self.beta * x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{number(self.alpha)} * torch.tanh({number(self.beta)} * {bottoms[0]})")


@register("ThresholdedReLU")
class ThresholdedReLU(Layer):
    """x where it is above ``alpha``, else 0. Of Synopsys' fork, without a gradient there."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.alpha: float = spec.message.thresholded_relu_param.alpha

    def forward(self, x: Tensor) -> Tensor:
        return F.threshold(x, self.alpha, 0)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.threshold({bottoms[0]}, {number(self.alpha)}, 0)")
