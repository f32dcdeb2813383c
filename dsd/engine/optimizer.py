"""The interface of an optimiser that holds pruned weights at zero through its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from torch import Tensor

from dsd.solver.choices import ClipScope, Constraint, StateRule


class MaskedOptimizer(Protocol):
    """An optimiser with masks; `dsd.solver.solver.Solver` is one.

    Masks are {parameter: bool tensor, true = kept}. ``under`` is {parameter: what pruned weights learn under the mask}.
    """

    def begin_phase(
        self,
        masks: Mapping[Tensor, Tensor],
        constraint: Constraint,
        clip_scope: ClipScope,
        state_rule: StateRule,
        under: Mapping[Tensor, Tensor],
    ) -> None:
        """Lift the masks of the phase before, treat the histories by ``state_rule``, and `enter` with these masks."""

    def enter(
        self,
        masks: Mapping[Tensor, Tensor],
        constraint: Constraint,
        clip_scope: ClipScope,
        under: Mapping[Tensor, Tensor],
    ) -> None:
        """Hold the pruned weights at +0.0, at once and after every step."""

    def histories_of(self, parameter: Tensor) -> Iterable[Tensor]:
        """The state tensors of a parameter that have its shape; none before the first step."""
