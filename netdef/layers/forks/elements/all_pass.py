"""AllPass, of zzqiuzz's fork, Cos, of pose-drl (aleksispi), Arccos, of happynear's fork, and Atan, of Synopsys'."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.torch_code import TorchCode, Variable


@register("AllPass")
class AllPass(Layer):
    """A copy of x. The fork prints ``key`` in every pass."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        return x.clone()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.clone()")


@register("Cos")
class Cos(Layer):
    """``cos(x)``, x in radians. Cosine of happynear's fork is read as it."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"
    function = "cos"
    """The name of the function in torch."""

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = getattr(torch, self.function)(x)
        return y

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"torch.{self.function}({bottoms[0]})")


@register("Atan")
class Atan(Cos):
    """``atan(x)``, in radians. The fork has no gradient of it; here it has its own."""

    function = "atan"


@register("Arccos")
class Arccos(Cos):
    """``acos(x)`` of x within 0.0001 of -1 and 1; the gradient of an x beyond is that at the bound, as on happynear's GPU."""

    function = "acos"
    most = 1 - 1e-4

    def forward(self, x: Tensor) -> Tensor:
        return torch.acos(x + (x.clamp(-self.most, self.most) - x).detach())

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"torch.acos({bottoms[0]}.clamp({-self.most}, {self.most}))")
