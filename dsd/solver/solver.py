"""One optimisation step in Caffe's order, with the masks of a sparse phase inside it.

A `Solver` is a `torch.optim.Optimizer` for any module. What Caffe does to a gradient before the update rule sees it is
here; the six rules are in `dsd.solver.rules`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from dsd.solver.choices import ClipScope, Constraint, StateRule
from dsd.solver.local_rates import LocalRates
from dsd.solver.masking import keep_bits, norm, zero_pruned_
from netdef.errors import NetdefError


class SolverError(NetdefError, ValueError):
    """An argument or a history that a solver cannot take."""


class Solver(Optimizer, ABC):
    """What the six solvers share.

    One `step` does, in Caffe's order: clip by the L2 norm of the gradients' sum over ``iter_size`` passes; divide by
    ``iter_size``; add ``weight_decay * decay_mult`` times w (L2) or sign(w) (L1, sign(0) = 0); let the rule turn
    gradients into updates with the rate ``lr * lr_mult``; subtract.

    Arguments and options of parameter groups:

    * ``lr``: the rate of this iteration, to be set before each step; ``lr_mult`` and ``decay_mult`` scale rate and
      decay of a group. A group with ``lr_mult`` 0 is frozen as in Caffe: no gradient, not in the norm, no history.
    * ``weight_decay``, ``regularization`` ("L2" or "L1"; a group may have another) and, of groups, ``lassos``: further
      decays, each a `GroupLasso`.
    * ``clip_gradients``: the largest norm of the summed gradients; negative for no limit, 0 zeroes them.
    * ``iter_size``: backward passes accumulated in the gradients.
    * ``local_rates``: a rate for each blob by its norms, for rules that are linear in the gradient.

    Unlike torch's optimisers, a parameter without a gradient counts as one with a zero gradient, and gradients are
    working memory: after a step their contents mean nothing. Scalars are used as given; Caffe holds them in
    float32, as the fields of a SolverParameter arrive.

    ``iteration`` counts the steps and may be set. Adam's bias correction counts from ``fresh_since``, the iteration at
    which the histories were last fresh.

    Raises `SolverError` with everything that `check` finds.
    """

    slots: ClassVar[tuple[str, ...]] = ("history",)  # names of the histories, in the order of .solverstate
    options: ClassVar[tuple[str, ...]] = ()  # fields of SolverParameter that the rule reads or refuses

    def __init__(
        self,
        params: Iterable[Any],
        lr: float,
        *,
        weight_decay: float = 0.0,
        regularization: str = "L2",
        clip_gradients: float = -1.0,
        iter_size: int = 1,
        local_rates: LocalRates | None = None,
        **options: float,
    ):
        problems = self.check(
            regularization=regularization, clip_gradients=clip_gradients, iter_size=iter_size, **options
        )
        if problems:
            raise SolverError("; ".join(message for _, message in problems))
        self.regularization = regularization
        self.clip_gradients = clip_gradients
        self.iter_size = iter_size
        self.local_rates = local_rates
        self.iteration = 0
        self.fresh_since = 0
        self.constraint = Constraint.MASK_BLOB
        self.clip_scope = ClipScope.ACTIVE
        self._keep: dict[Tensor, Tensor] = {}
        self._under: dict[Tensor, Tensor] = {}
        usual = {"lr": lr, "lr_mult": 1.0, "decay_mult": 1.0, "weight_decay": weight_decay,
                 "regularization": regularization, "lassos": ()}
        super().__init__(params, {**usual, **options})

    @classmethod
    def check(
        cls, *, regularization: str = "L2", clip_gradients: float = -1.0, iter_size: int = 1, **options: float
    ) -> list[tuple[str, str]]:
        """What is wrong with the arguments, as (field of SolverParameter, complaint)."""
        problems = []
        if regularization not in ("L1", "L2"):
            complaint = f"unknown `regularization_type` \"{regularization}\"; it is L1 or L2"
            problems.append(("regularization_type", complaint))
        if math.isnan(clip_gradients):
            problems.append(("clip_gradients", "`clip_gradients` is nan"))
        if iter_size < 1:
            problems.append(("iter_size", f"`iter_size` is {iter_size}; it must be at least 1"))
        complaints = ((field, cls.check_option(field, value)) for field, value in options.items())
        return problems + [(field, complaint) for field, complaint in complaints if complaint]

    @classmethod
    def check_option(cls, field: str, value: float) -> str | None:
        """A complaint about one option of the rule, or None."""
        if field == "delta" and not 0 <= value < math.inf:
            return f"`delta` is {value:g}; it must be at least 0"
        return None

    @abstractmethod
    def update(self, group: dict[str, Any], rate: float, params: list[Tensor], grads: list[Tensor]) -> None:
        """The rule: move ``params`` and their histories, given finished gradients. ``grads`` may be overwritten."""

    @abstractmethod
    def updated(self, group: dict[str, Any], rate: float, param: Tensor) -> Tensor:
        """What `update` has just subtracted from a parameter, from its histories and what is left in its gradient."""

    @torch.no_grad()
    def last_update(self, param: Tensor) -> Tensor:
        """What the last step subtracted from a parameter; right until its gradient or its histories change.

        Raises `SolverError` for a parameter that is not the solver's.
        """
        for group in self.param_groups:
            if any(param is p for p in group["params"]):
                if param.grad is None or group["lr_mult"] == 0:
                    return torch.zeros_like(param, requires_grad=False)
                update = self.updated(group, group["lr"] * group["lr_mult"], param)
                if self.constraint is Constraint.MASK_BLOB:
                    self._zero_pruned([param], [update])
                return update
        raise SolverError("this solver does not train the parameter")

    @torch.no_grad()
    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        """One iteration: clip, divide, decay, update, subtract, and pruned weights at +0.0 when it returns."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        groups = [(group, group["params"]) for group in self.param_groups if group["lr_mult"] != 0 and group["params"]]
        params = [p for _, members in groups for p in members]
        for p in params:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
        if params:
            self._scale(params)
        for group, members in groups:
            self._uncover(members)
            grads = [p.grad for p in members]
            factors = self._local_factors(group, members, grads)
            self._regularize(group, members, grads)
            for grad, factor in zip(grads, factors):
                grad.mul_(factor)
            self.update(group, group["lr"] * group["lr_mult"], members, grads)
            # Under MASK_BLOB gradients and histories of pruned weights are 0 and so is what a rule makes of them, if
            # it does not divide by delta 0.
            if self.constraint is not Constraint.MASK_BLOB or group.get("delta") == 0:
                self._cover(members)
                self._zero_pruned(members)
        self.iteration += 1
        return loss

    def _scale(self, params: Sequence[Tensor]) -> None:
        """Mask the summed gradients where the constraint says so, clip them, divide them by ``iter_size``."""
        grads = [p.grad for p in params]
        masks_gradient = self.constraint is Constraint.MASK_BLOB
        scale: float | Tensor = 1 / self.iter_size
        if self.clip_gradients < 0:
            if masks_gradient:
                self._zero_pruned(params, grads)
        else:
            active = self.clip_scope is ClipScope.ACTIVE
            if masks_gradient and active:
                self._zero_pruned(params, grads)
            counted = [self._keep.get(p) if active and not masks_gradient else None for p in params]
            size = norm(zip(grads, counted))
            if masks_gradient and not active:
                self._zero_pruned(params, grads)
            # Stays a tensor: to read it here would stop a GPU.
            scale = torch.where(size > self.clip_gradients, self.clip_gradients / size, 1.0) * scale
        if not isinstance(scale, float) or scale != 1:
            torch._foreach_mul_(grads, scale)

    def _local_factors(self, group: dict[str, Any], params: list[Tensor], grads: list[Tensor]) -> list[Tensor]:
        """What each gradient is multiplied by for the local rate of its parameter; none without local rates."""
        if self.local_rates is None:
            return []
        survivors_only = self.clip_scope is ClipScope.ACTIVE and self.constraint is not Constraint.MASK_BLOB
        factors = []
        for p, grad in zip(params, grads):
            local = self.local_rates.of(norm([(p, None)]), norm([(grad, self._keep.get(p) if survivors_only else None)]))
            factors.append(self.local_rates.factor(local, group["lr"], group["lr_mult"]).to(grad.dtype))
        return factors

    def _regularize(self, group: dict[str, Any], params: list[Tensor], grads: list[Tensor]) -> None:
        decay = group["weight_decay"] * group["decay_mult"]
        if decay != 0 and group["regularization"] == "L2":
            torch._foreach_add_(grads, params, alpha=decay)
        elif decay != 0:
            for p, grad in zip(params, grads):  # one by one: a sign is a temporary of the parameter's size
                grad.add_(p.sign(), alpha=decay)
        for lasso in group["lassos"]:
            for p, grad in zip(params, grads):
                lasso.add_(grad, p)

    # Masks

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
        """Prune: from now on weights whose mask (bool, true = kept) is false are +0.0, at once and after every step.

        ``MASK_BLOB`` also empties their histories, whatever the state rule: momentum carried into the phase would move
        the weights. A mask that keeps everything is dropped. Entering again with the same masks changes nothing.
        Weights that somebody else writes during the phase are not masked until the phase is entered again.

        ``under`` lets pruned weights learn unseen, straight through the mask: {parameter: tensor like it} of what they
        are under it, 0 where weights are kept. A step moves them there, with the gradient at the masked weights. It
        wants ``ZERO_AFTER_STEP``, whose updates are dense.

        Raises `SolverError` for a mask on a parameter that is not the solver's, or of another shape.
        """
        own = {p for group in self.param_groups for p in group["params"]}
        if not own.issuperset(masks):
            raise SolverError("a mask is given for a parameter that this solver does not train")
        try:
            found = {p: keep_bits(p, kept) for p, kept in masks.items()}
        except ValueError as error:
            raise SolverError(str(error)) from None
        self._keep = {p: keep for p, keep in found.items() if keep is not None}
        if under and constraint is not Constraint.ZERO_AFTER_STEP:
            raise SolverError(f"weights that learn under a mask want ZERO_AFTER_STEP, not {constraint.name}")
        self.constraint, self.clip_scope = constraint, clip_scope
        self._under = dict(under or {})
        self._zero_pruned(list(self._keep))
        self._zero_pruned_histories()

    def leave(self) -> None:
        """Free every weight. Pruned ones go on from zero; histories stay as they are."""
        self._keep, self._under = {}, {}

    def begin_phase(
        self,
        masks: Mapping[Tensor, Tensor],
        constraint: Constraint = Constraint.MASK_BLOB,
        clip_scope: ClipScope = ClipScope.ACTIVE,
        state_rule: StateRule = StateRule.RESET,
        under: Mapping[Tensor, Tensor] | None = None,
    ) -> None:
        """Leave the phase before, treat the histories by ``state_rule``, enter the next (``masks`` empty: a dense one).

        ``CARRY_ACTIVE`` keeps the history of a weight that survived the phase before and survives the next.
        """
        self.reset_state(state_rule)
        self.enter(masks, constraint, clip_scope, under)
        if state_rule is StateRule.CARRY_ACTIVE:
            self.reset_state(state_rule)

    def _uncover(self, params: Iterable[Tensor]) -> None:
        """Add what lies under the masks to the weights, which are 0 there."""
        for p in params:
            if p in self._under:
                p.add_(self._under[p])

    def _cover(self, params: Iterable[Tensor]) -> None:
        """Keep pruned weights under the masks, before they are zeroed."""
        for p in params:
            if (under := self._under.get(p)) is not None:
                if (keep := self._keep.get(p)) is None:
                    under.zero_()
                else:
                    zero_pruned_(under.copy_(p), ~keep)

    def _zero_pruned(self, params: Iterable[Tensor], tensors: Iterable[Tensor] | None = None) -> None:
        """Zero what the masks of ``params`` prune, in the parameters or in ``tensors``, one for each."""
        if self._keep:
            for p, tensor in zip(params, params if tensors is None else tensors):
                if (keep := self._keep.get(p)) is not None:
                    zero_pruned_(tensor, keep)

    def _zero_pruned_histories(self, always: bool = False) -> None:
        if always or self.constraint is Constraint.MASK_BLOB:
            for p in self._keep:
                for tensor in self.state.get(p, {}).values():
                    zero_pruned_(tensor, self._keep[p])

    # Histories

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
        """Copy histories in the order of `history`. Raises `SolverError` when number or shapes do not fit.

        Under ``MASK_BLOB`` the histories of pruned weights are emptied, also those that another constraint wrote.
        """
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
        self._zero_pruned_histories()

    @torch.no_grad()
    def reset_state(self, rule: StateRule) -> None:
        """Treat the histories by ``rule``; surviving weights are those of the masks in force."""
        if rule is StateRule.RESET:
            for state in self.state.values():
                for tensor in state.values():
                    tensor.zero_()
            self.fresh_since = self.iteration
        elif rule is StateRule.CARRY_ACTIVE:
            self._zero_pruned_histories(always=True)

    def state_dict(self) -> dict[str, Any]:
        """As torch's, with ``iteration`` and ``fresh_since``. Masks are not part of it: they belong to the phase."""
        return {**super().state_dict(), "iteration": self.iteration, "fresh_since": self.fresh_since}

    @torch.no_grad()
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As torch's; what it says of pruned weights is treated as `load_history` does."""
        super().load_state_dict(state_dict)
        self.iteration, self.fresh_since = state_dict["iteration"], state_dict["fresh_since"]
        self._zero_pruned_histories()
