"""Masks for any `torch.optim.Optimizer`, held before, in and after its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import torch
from torch import Tensor, optim
from torch.utils.hooks import RemovableHandle

from dsd.solver.bitwise import zero_pruned_
from dsd.solver.choices import ClipScope, Constraint
from dsd.solver.histories import HistoryOptimizer
from dsd.solver.masking import Masking

# A weight of 0 with zero gradients and no history gets no history and no update from these.
_STAY_EMPTY = (
    optim.SGD, optim.Adam, optim.AdamW, optim.NAdam, optim.RAdam, optim.RMSprop, optim.Adagrad, optim.Adadelta, optim.ASGD)
_FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


class HookedOptimizer(Masking):
    """A `MaskedOptimizer` (`dsd.engine.optimizer`) of any optimiser.

    Under ``MASK_BLOB`` gradients are masked as they are accumulated, so that a norm counts survivors only (with ``clip_scope:
    ALL`` in the step, after it was taken), and again in the step if anything has changed them since. Weights are zeroed
    after the step, and so are their histories, for optimisers that would fill them.
    """

    def __init__(self, optimizer: optim.Optimizer):
        super().__init__()
        self.optimizer = optimizer
        self._hooks: list[RemovableHandle] = []
        self._masked: dict[Tensor, tuple[Tensor, int]] = {}  # parameter: its masked gradient, and that one's version
        self._stays_empty = False

    def histories_of(self, parameter: Tensor) -> Iterable[Tensor]:
        for value in self.optimizer.state.get(parameter, {}).values():
            if isinstance(value, Tensor) and value.shape == parameter.shape and value.dtype in _FLOATS:
                yield value

    @torch.no_grad()
    def clear_histories(self) -> None:
        if isinstance(self.optimizer, HistoryOptimizer):
            self.optimizer.clear_histories()
        elif isinstance(self.optimizer, optim.Adagrad):  # makes its state in its constructor, and only there
            for group in self.optimizer.param_groups:
                for state in (self.optimizer.state[p] for p in group["params"] if p in self.optimizer.state):
                    state["step"].zero_()
                    state["sum"].fill_(group["initial_accumulator_value"])
        else:
            self.optimizer.state.clear()

    def enter(
        self,
        masks: Mapping[Tensor, Tensor],
        constraint: Constraint = Constraint.MASK_BLOB,
        clip_scope: ClipScope = ClipScope.ACTIVE,
        under: Mapping[Tensor, Tensor] | None = None,
    ) -> None:
        self.leave()
        super().enter(masks, constraint, clip_scope, under)
        groups = self.optimizer.param_groups
        self._stays_empty = type(self.optimizer) in _STAY_EMPTY and all(group.get("eps") != 0 for group in groups)
        if constraint is Constraint.MASK_BLOB and clip_scope is ClipScope.ACTIVE:
            self._hooks = [
                p.register_post_accumulate_grad_hook(self._mask_gradient) for p in self._keep if p.requires_grad]

    def leave(self) -> None:
        super().leave()
        for hook in self._hooks:
            hook.remove()
        self._hooks, self._masked = [], {}

    @torch.no_grad()
    def before_step(self) -> None:
        """Mask the gradients that are not masked yet, and restore the values under the masks."""
        if self.constraint is Constraint.MASK_BLOB:
            for p in self._keep:
                grad, version = self._masked.get(p, (None, 0))
                if p.grad is not None and (p.grad is not grad or p.grad._version != version):
                    self._mask_gradient(p)
        self._uncover(self._under)

    @torch.no_grad()
    def after_step(self) -> None:
        """Zero the pruned weights, and save the values under the masks."""
        self._cover(self._under)
        self._zero_pruned(self._keep)
        if not self._stays_empty:
            self._zero_pruned_histories()
        self._masked.clear()

    def masked_closure(self, closure: Callable[[], object]) -> Callable[[], object]:
        """The closure of a step, to be called within one: it computes gradients at the masked weights."""

        def masked() -> object:
            with torch.no_grad():
                self._cover(self._under)
                self._zero_pruned(self._under)
            found = closure()
            self.before_step()
            return found

        return masked

    def _mask_gradient(self, parameter: Tensor) -> None:
        if (grad := parameter.grad) is not None:
            zero_pruned_(grad, self._keep[parameter])
            self._masked[parameter] = (grad, grad._version)
