"""AllPass, Cos and Atan: the bottom, of zzqiuzz's fork, its cosine, of pose-drl (aleksispi), its arctangent, of Synopsys'."""

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
    """``cos(x)``, x in radians."""

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
