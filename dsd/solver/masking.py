"""Masks inside an optimisation step: pruned weights stay +0.0, their gradients and histories are masked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from dsd.solver.bitwise import keep_bits, norm, zero_pruned_
from dsd.solver.choices import ClipScope, Constraint, StateRule
from dsd.solver.histories import HistoryOptimizer, SolverError


class Masking(ABC):
    """Masks on the parameters of an optimiser. Subclasses have its histories, and call the private methods in its steps.

    ``constraint`` and ``clip_scope`` are those of the phase in force.
    """

    def __init__(self) -> None:
        self.constraint = Constraint.MASK_BLOB
        self.clip_scope = ClipScope.ACTIVE
        self._keep: dict[Tensor, Tensor] = {}  # masks as `zero_pruned_` wants them
        self._under: dict[Tensor, Tensor] = {}

    @abstractmethod
    def histories_of(self, parameter: Tensor) -> Iterable[Tensor]:
        """The histories of one parameter that have its shape; none before its first step."""

    @abstractmethod
    def clear_histories(self) -> None:
        """Make all histories as in a new run."""

    @property
    def masks(self) -> dict[Tensor, Tensor]:
        """The masks in force: parameter -> bool tensor, true = kept. Parameters that keep everything are not listed."""
        return {p: keep.bool() for p, keep in self._keep.items()}

    @torch.no_grad()
    def enter(
        self,
        masks: Mapping[Tensor, Tensor],
        constraint: Constraint = Constraint.MASK_BLOB,
        clip_scope: ClipScope = ClipScope.ACTIVE,
        under: Mapping[Tensor, Tensor] | None = None,
    ) -> None:
        """Put masks (bool, true = kept) into force: pruned weights are +0.0, at once and after every step.

        ``MASK_BLOB`` also empties their histories, whatever the state rule: momentum carried into the phase would move
        the weights. A mask that keeps everything is dropped. Entering again with the same masks changes nothing.
        Weights written from outside during the phase are not masked until the phase is entered again.

        ``under`` lets pruned weights keep learning: {parameter: tensor like it} of their values, 0 where weights are kept.
        A step updates these with the gradient at the masked weights. It needs ``ZERO_AFTER_STEP``, whose updates are
        dense.

        Raises `SolverError` for a mask of another shape than its parameter.
        """
        try:
            found = {p: keep_bits(p, kept) for p, kept in masks.items()}
        except ValueError as error:
            raise SolverError(str(error)) from None
        if under and constraint is not Constraint.ZERO_AFTER_STEP:
            raise SolverError(f"weights that learn under a mask want ZERO_AFTER_STEP, not {constraint.name}")
        self._keep = {p: keep for p, keep in found.items() if keep is not None}
        self.constraint, self.clip_scope = constraint, clip_scope
        self._under = dict(under or {})
        self._zero_pruned(list(self._keep))
        self._zero_pruned_histories()

    def leave(self) -> None:
        """Lift all masks. Pruned weights start from zero; histories stay as they are."""
        self._keep, self._under = {}, {}

    def begin_phase(
        self,
        masks: Mapping[Tensor, Tensor],
        constraint: Constraint = Constraint.MASK_BLOB,
        clip_scope: ClipScope = ClipScope.ACTIVE,
        state_rule: StateRule = StateRule.RESET,
        under: Mapping[Tensor, Tensor] | None = None,
    ) -> None:
        """Begin a phase: treat the histories by ``state_rule``, then `enter` (``masks`` empty for a dense phase).

        ``CARRY_ACTIVE`` keeps the history of a weight that survived the phase before and survives the next.
        """
        self.reset_state(state_rule)
        self.enter(masks, constraint, clip_scope, under)
        if state_rule is StateRule.CARRY_ACTIVE:
            self.reset_state(state_rule)

    @torch.no_grad()
    def reset_state(self, rule: StateRule) -> None:
        """Reset or keep histories by ``rule``; the masks in force say which weights survive."""
        if rule is StateRule.RESET:
            self.clear_histories()
        elif rule is StateRule.CARRY_ACTIVE:
            self._zero_pruned_histories(always=True)

    def _uncover(self, params: Iterable[Tensor]) -> None:
        """Add the values under the masks to the weights, which are 0 there."""
        for p in params:
            if p in self._under:
                p.add_(self._under[p])

    def _cover(self, params: Iterable[Tensor]) -> None:
        """Save pruned weights under the masks before they are zeroed."""
        for p in params:
            if (under := self._under.get(p)) is not None:
                if (keep := self._keep.get(p)) is None:
                    under.zero_()
                else:
                    zero_pruned_(under.copy_(p), ~keep)

    def _zero_pruned(self, params: Iterable[Tensor], tensors: Iterable[Tensor] | None = None) -> None:
        """Zero the pruned elements of the parameters, or of ``tensors``, one for each parameter."""
        if self._keep:
            for p, tensor in zip(params, params if tensors is None else tensors):
                if (keep := self._keep.get(p)) is not None:
                    zero_pruned_(tensor, keep)

    def _zero_pruned_histories(self, always: bool = False) -> None:
        if always or self.constraint is Constraint.MASK_BLOB:
            for p in self._keep:
                for tensor in self.histories_of(p):
                    zero_pruned_(tensor, self._keep[p])


class MaskingOptimizer(HistoryOptimizer, Masking):
    """An optimiser whose own steps hold masks."""

    def __init__(self, params: ParamsT, defaults: dict[str, Any]):
        Masking.__init__(self)
        HistoryOptimizer.__init__(self, params, defaults)

    @torch.no_grad()
    def enter(
        self,
        masks: Mapping[Tensor, Tensor],
        constraint: Constraint = Constraint.MASK_BLOB,
        clip_scope: ClipScope = ClipScope.ACTIVE,
        under: Mapping[Tensor, Tensor] | None = None,
    ) -> None:
        """As `Masking.enter`. Raises `SolverError` also for a mask on a parameter that is not the solver's."""
        own = {p for group in self.param_groups for p in group["params"]}
        for p in masks:
            if p not in own:
                raise SolverError(f"a mask is given for a parameter of shape {tuple(p.shape)}, which this solver does not train")
        super().enter(masks, constraint, clip_scope, under)

    @torch.no_grad()
    def load_history(self, params: Sequence[Tensor], tensors: Sequence[Tensor]) -> None:
        """As `HistoryOptimizer.load_history`.

        Under ``MASK_BLOB`` the histories of pruned weights are emptied, also those that another constraint wrote.
        """
        super().load_history(params, tensors)
        self._zero_pruned_histories()

    @torch.no_grad()
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load what `state_dict` returned; histories of pruned weights are treated as in `load_history`. Masks are not part
        of the state: they belong to the phase."""
        super().load_state_dict(state_dict)
        self._zero_pruned_histories()

    def _scale(self, params: Sequence[Tensor], limit: float, divisor: int) -> float | Tensor:
        """The factor that clips gradients to the norm ``limit`` (none if negative) and divides them. A norm of ``ACTIVE``
        leaves pruned elements out."""
        if limit < 0:
            return 1 / divisor
        active = self.clip_scope is ClipScope.ACTIVE
        size = norm((grad, self._keep.get(p) if active else None) for p, grad in zip(params, gradients(params)))
        # A tensor: reading its value here would make a GPU wait.
        return torch.where(size > limit, limit / size, 1.0) * (1 / divisor)


def gradients(params: Iterable[Tensor]) -> list[Tensor]:
    """The gradients of parameters, each of which has one."""
    return cast(list[Tensor], [p.grad for p in params])
