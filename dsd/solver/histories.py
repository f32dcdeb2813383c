"""Histories: the state tensors of each parameter, by name and in the order of a ``.solverstate``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import unwrap
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.optimizer import ParamsT

from netdef.errors import NetdefError


class SolverError(NetdefError, ValueError):
    """The error for an argument or a history that does not fit the solver."""


class HistoryOptimizer(Optimizer):
    """A `torch.optim.Optimizer` with histories: tensors of a parameter's shape, zeros at first.

    ``iteration`` counts the steps and may be set. ``fresh_since`` is the iteration at which the histories were last all
    zero.
    """

    slots: ClassVar[tuple[str, ...]] = ("history",)  # names of the histories, in the order of .solverstate

    def __init__(self, params: ParamsT, defaults: dict[str, Any]):
        self.iteration = 0
        self.fresh_since = 0
        super().__init__(params, defaults)

    # Torch wraps these two to keep them out of compiled graphs, and imports torch._dynamo, a second or more, to do so.

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        unwrap(Optimizer.add_param_group)(self, param_group)

    def zero_grad(self, set_to_none: bool = True) -> None:
        unwrap(Optimizer.zero_grad)(self, set_to_none)

    def slot(self, params: Iterable[Tensor], name: str) -> list[Tensor]:
        """The history ``name`` of each parameter, zeros where there was none."""
        found = []
        for p in params:
            state = self.state[p]
            if name not in state:
                state[name] = torch.zeros_like(p, requires_grad=False)
            found.append(state[name])
        return found

    def history(self, params: Sequence[Tensor]) -> list[Tensor]:
        """The histories as `.solverstate` lists them: slot by slot, each in the order of ``params`` (the net's
        learnable parameters, owners of shared ones only). The tensors are the solver's own.
        """
        return [tensor for name in self.slots for tensor in self.slot(params, name)]

    def histories_of(self, parameter: Tensor) -> Iterable[Tensor]:
        """The histories of one parameter; none before its first step."""
        return self.state.get(parameter, {}).values()

    @torch.no_grad()
    def load_history(self, params: Sequence[Tensor], tensors: Sequence[Tensor]) -> None:
        """Copy histories in the order of `history`. Raises `SolverError` when number or shapes do not fit."""
        own = self.history(params)
        if len(own) != len(tensors):
            raise SolverError(
                f"{len(tensors)} histories, {type(self).__name__} keeps {len(own)} ({len(self.slots)} for each of"
                f" {len(params)} parameters)"
            )
        for index, (mine, theirs) in enumerate(zip(own, tensors)):
            if mine.shape != theirs.shape:
                raise SolverError(
                    f"history {index}: shape {tuple(theirs.shape)}, the parameter has {tuple(mine.shape)}"
                )
        for mine, theirs in zip(own, tensors):
            mine.copy_(theirs)

    @torch.no_grad()
    def clear_histories(self) -> None:
        """Make all histories zero, as in a new run."""
        for state in self.state.values():
            for tensor in state.values():
                tensor.zero_()
        self.fresh_since = self.iteration

    def state_dict(self) -> dict[str, Any]:
        """The state as in torch, with ``iteration`` and ``fresh_since``."""
        return {**super().state_dict(), "iteration": self.iteration, "fresh_since": self.fresh_since}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load what `state_dict` returned."""
        super().load_state_dict(state_dict)
        self.iteration, self.fresh_since = state_dict["iteration"], state_dict["fresh_since"]
