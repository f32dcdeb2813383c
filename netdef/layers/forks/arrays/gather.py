"""Gather and Scatter, of yjxiong's fork (TSN): between layers that each process runs and layers that one runs for all."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Gather")
class Gather(Layer):
    """The bottoms, unchanged.

    In the fork the batches of all processes are joined, so that a fully connected layer is computed once for all; here every
    process computes all layers for its own batch, with the same gradient.
    """

    n_bottoms = at_least(1)
    n_tops = at_least(1)
    equal_bottoms_tops = True
    keeps_shape = True
    family = "join"

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        return bottoms

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(", ".join(bottoms))


@register("Scatter")
class Scatter(Gather):
    """The bottoms, unchanged: the inverse of `Gather`."""
