"""The base class of Caffe's solvers: one optimisation step in Caffe's order, with masks.

A `Solver` is a `torch.optim.Optimizer` for any module. It clips, divides and decays gradients; the six update rules are
in `dsd.solver.rules`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, overload

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from dsd.solver.bitwise import norm, zero_pruned_
from dsd.solver.choices import ClipScope, Constraint
from dsd.solver.histories import SolverError
from dsd.solver.local_rates import LocalRates
from dsd.solver.masking import MaskingOptimizer, gradients
from dsd.solver.pieces import Part
from netdef.errors import did_you_mean

_SHARED = ("lr", "weight_decay", "regularization", "clip_gradients", "iter_size", "local_rates")  # arguments of every rule


class Solver(MaskingOptimizer, ABC):
    """The base class of the six solvers.

    One `step` does, in Caffe's order: clip by the L2 norm of the gradients' sum over ``iter_size`` passes; divide by
    ``iter_size``; add ``weight_decay * decay_mult`` times w (L2) or sign(w) (L1, sign(0) = 0); let the rule turn
    gradients into updates with the rate ``lr * lr_mult``; subtract.

    Arguments and options of parameter groups:

    * ``lr``: the rate of this iteration, to be set before each step; ``lr_mult`` and ``decay_mult`` scale rate and
      decay of a group. A group with ``lr_mult`` 0 is frozen as in Caffe: no gradient, not in the norm, no history.
    * ``weight_decay``, ``regularization`` ("L2" or "L1"; a group may have another) and, of groups, ``lassos``: further
      terms of the gradient in order, each a `GroupLasso` or a `Force`.
    * ``clip_gradients``: the largest norm of the summed gradients; negative for no limit, 0 zeroes them.
    * ``iter_size``: backward passes accumulated in the gradients.
    * ``local_rates``: a rate for each blob by its norms, for rules that are linear in the gradient.

    Unlike in torch, a parameter without a gradient counts as one with a zero gradient, and a step overwrites gradients.
    Scalars are used as given; Caffe has them in float32, as the fields of a SolverParameter are.

    Adam's bias correction counts from ``fresh_since``.

    Raises `SolverError` with all problems that `check` finds.
    """

    options: ClassVar[tuple[str, ...]] = ()  # fields of SolverParameter that the rule reads or refuses

    def __init__(
        self,
        params: ParamsT,
        lr: float,
        *,
        weight_decay: float = 0.0,
        regularization: str = "L2",
        clip_gradients: float = -1.0,
        iter_size: int = 1,
        local_rates: LocalRates | None = None,
        **options: float,
    ):
        for name in options:
            if name not in self.options:
                known = [*_SHARED, *self.options]
                raise TypeError(f"{type(self).__name__} takes no argument `{name}`{did_you_mean(name, known)}")
        problems = self.check(
            regularization=regularization, clip_gradients=clip_gradients, iter_size=iter_size, **options
        )
        if problems:
            raise SolverError("; ".join(message for _, message in problems))
        self.regularization = regularization
        self.clip_gradients = clip_gradients
        self.iter_size = iter_size
        self.local_rates = local_rates
        usual = {"lr": lr, "lr_mult": 1.0, "decay_mult": 1.0, "weight_decay": weight_decay,
                 "regularization": regularization, "lassos": ()}
        super().__init__(params, {**usual, **options})

    @classmethod
    def check(
        cls, *, regularization: str = "L2", clip_gradients: float = -1.0, iter_size: int = 1, **options: float
    ) -> list[tuple[str, str]]:
        """Check the arguments. Returns problems as (field of SolverParameter, message)."""
        problems = []
        if regularization not in ("L1", "L2"):
            complaint = f"unknown `regularization_type` \"{regularization}\"; it is L1 or L2"
            problems.append(("regularization_type", complaint))
        if math.isnan(clip_gradients):
            problems.append(("clip_gradients", "`clip_gradients` is nan; it must be a number"))
        if iter_size < 1:
            problems.append(("iter_size", f"`iter_size` is {iter_size}; it must be at least 1"))
        complaints = ((field, cls.check_option(field, value)) for field, value in options.items())
        return problems + [(field, complaint) for field, complaint in complaints if complaint]

    @classmethod
    def check_option(cls, field: str, value: float) -> str | None:
        """Check one option of the rule. Returns a message, or None."""
        if field == "delta" and not 0 <= value < math.inf:
            return f"`delta` is {value:g}; it must be at least 0"
        return None

    @abstractmethod
    def update(self, group: dict[str, Any], rate: float, part: Part) -> None:
        """Apply the rule to parameters and their histories, element by element. It may overwrite the gradients, which are
        finished."""

    def update_decaying(self, group: dict[str, Any], rate: float, part: Part, decay: float) -> bool:
        """Add the L2 decay to the gradients and apply the rule, in fewer passes over the memory than one after the other.

        Returns False, with nothing done, if the rule or these tensors allow no such thing.
        """
        return False

    @abstractmethod
    def updated(self, group: dict[str, Any], rate: float, param: Tensor, grad: Tensor) -> Tensor:
        """The update that `update` has just subtracted from a parameter, from its histories and the overwritten gradient."""

    @torch.no_grad()
    def last_update(self, param: Tensor) -> Tensor:
        """The update that the last step subtracted from a parameter; valid until its gradient or its histories change.

        Raises `SolverError` for a parameter that is not the solver's.
        """
        for group in self.param_groups:
            if any(param is p for p in group["params"]):
                if param.grad is None or group["lr_mult"] == 0:
                    return torch.zeros_like(param, requires_grad=False)
                update = self.updated(group, group["lr"] * group["lr_mult"], param, param.grad)
                if self.constraint is Constraint.MASK_BLOB:
                    self._zero_pruned([param], [update])
                return update
        raise SolverError(f"this solver does not train the parameter, of shape {tuple(param.shape)}")

    @overload
    def step(self, closure: None = None) -> None: ...

    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Do one iteration: clip, divide, decay, update, subtract. Pruned weights are +0.0 when it returns."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        groups = [(group, group["params"]) for group in self.param_groups if group["lr_mult"] != 0 and group["params"]]
        params = [p for _, members in groups for p in members]
        for p in params:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
        scale = self._scale(params, self.clip_gradients, self.iter_size) if params else 1.0
        for group, members in groups:
            self._uncover(members)
            for part in self._parts(group, members):
                self._update_part(group, part, scale)
            # Under MASK_BLOB gradients and histories of pruned weights are 0, and so are their updates, unless the rule
            # divides by a delta of 0.
            if self.constraint is not Constraint.MASK_BLOB or group.get("delta") == 0:
                self._cover(members)
                self._zero_pruned(members)
        self.iteration += 1
        return loss

    def _parts(self, group: dict[str, Any], params: list[Tensor]) -> Iterable[Part]:
        """Split a group into parts to update one by one: large parameters in pieces, unless a norm of the whole is needed."""
        masks = self._keep if self.constraint is Constraint.MASK_BLOB else {}
        histories = [self.slot(params, name) for name in self.slots]
        whole = Part(params, gradients(params), histories, [masks.get(p) for p in params])
        return [whole] if self.local_rates or group["lassos"] else whole.split()

    def _update_part(self, group: dict[str, Any], part: Part, scale: float | Tensor) -> None:
        """Mask, scale and decay the gradients of a part, and update it by the rule."""
        params, grads, _, keeps = part
        for grad, keep in zip(grads, keeps):
            if keep is not None:
                zero_pruned_(grad, keep)
        if isinstance(scale, Tensor) or scale != 1:
            torch._foreach_mul_(grads, scale)
        rate = group["lr"] * group["lr_mult"]
        plain = group["regularization"] == "L2" and not group["lassos"] and self.local_rates is None
        if plain and self.update_decaying(group, rate, part, group["weight_decay"] * group["decay_mult"]):
            return
        factors = self._local_factors(group, params, grads)
        self._regularize(group, params, grads)
        for grad, factor in zip(grads, factors):
            grad.mul_(factor)
        self.update(group, rate, part)

    def _local_factors(self, group: dict[str, Any], params: list[Tensor], grads: list[Tensor]) -> list[Tensor]:
        """The factors of the gradients for local rates; none without local rates."""
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
            if self.iteration >= lasso.end:
                continue
            for p, grad in zip(params, grads):
                lasso.add_(grad, p)
