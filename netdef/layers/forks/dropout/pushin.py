"""Pushin: a dropout whose first numbers stay, a few more in each pass. Of jwcom79's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import constant
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "pushin_param"
_MORE_IN_TRAIN, _MORE_IN_TEST, _UNCHANGED_IN_TEST = 4, 20, 100


@register("Pushin")
class Pushin(Layer):
    """The first k numbers of the whole batch times ``1 / (1 - pushin_ratio)``, the others 0.

    k is ``pushin_ratio`` of all numbers in the first pass, and 4 more in each pass of TRAIN, until it is all. The gradient has
    the k of the next pass. In TEST the first 100 passes write nothing: in place the top is the bottom, else all 0. After them k
    begins as above and grows by 20. The gradient passes there. This is what the fork does on the CPU; its kernel for GPUs
    compares a mask of 0 and 1 with a limit far above 1, and so makes all 0.
    """

    depends_on_data = True
    keeps_shape = True
    passes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.ratio: float = spec.message.pushin_param.pushin_ratio
        if not 0 < self.ratio < 1:
            raise spec.refuse(f"has a `pushin_ratio` of {self.ratio:g}; it must be above 0 and below 1", PARAM, "pushin_ratio")
        self.in_place = spec.tops == spec.bottoms
        self.add_constant("passes", (1, 1), constant(0.0))
        self.carried = ("passes",)

    def forward(self, x: Tensor) -> Tensor:
        if x.is_meta:
            return x
        passed = int(self.passes.item())
        self.passes = self.passes + 1
        start = int(torch.tensor(self.ratio) * x.numel())
        if self.training:
            return with_gradient(x * self.factors(x, start + _MORE_IN_TRAIN * passed), x,
                                 self.factors(x, start + _MORE_IN_TRAIN * (passed + 1)))
        if passed < _UNCHANGED_IN_TEST:
            return x if self.in_place else with_gradient(torch.zeros_like(x), x, torch.ones_like(x))
        kept = self.factors(x, start + _MORE_IN_TEST * (passed - _UNCHANGED_IN_TEST))
        return with_gradient(x * kept, x, torch.ones_like(x))

    def factors(self, x: Tensor, count: int) -> Tensor:
        """Return the factor of each number: ``1 / (1 - pushin_ratio)`` for the first ``count``, 0 for the others."""
        kept = torch.arange(x.numel(), device=x.device) < count
        return kept.reshape(x.shape) / torch.tensor(1 - self.ratio, dtype=x.dtype, device=x.device)
