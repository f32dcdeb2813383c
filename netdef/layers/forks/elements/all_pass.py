"""AllPass, of zzqiuzz's fork: a copy."""

from __future__ import annotations

from collections.abc import Sequence

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
