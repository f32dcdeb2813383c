"""Silence, RBMReturn and XCLProgram: do nothing."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Silence")
class Silence(Layer):
    """Take bottoms, so that they are not outputs of the net."""

    n_bottoms = at_least(1)
    n_tops = exactly(0)

    def forward(self, *bottoms: Tensor) -> tuple[()]:
        return ()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode("")


@register("RBMReturn")
class RBMReturn(Silence):
    """Silence of two bottoms. In szymonzareba's fork it copies one to the other, where only backward of its RBMs reads it."""

    n_bottoms = exactly(2)


@register("XCLProgram")
class XCLProgram(Silence):
    """Nothing. In dicecco1's fork it loads a program into an FPGA."""

    n_bottoms = exactly(0)


@register("BlackHole")
class BlackHole(Layer):
    """Take bottoms, and give one number, 0, of five axes. Of C3D (facebook)."""

    n_bottoms = at_least(1)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1,) * 5]

    def forward(self, *bottoms: Tensor) -> Tensor:
        return bottoms[0].new_zeros((1,) * 5)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.new_zeros((1,) * 5)")
