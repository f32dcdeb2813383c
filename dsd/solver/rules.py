"""Caffe's six update rules.

Each docstring has the arithmetic: r is the rate of the iteration times ``lr_mult``, g the finished gradient (clipped,
divided, decayed), w the weight. Histories start at 0. Updates are in place; docstrings mention temporaries.

Square roots of histories are computed as 1/rsqrt, which is right for 0 and infinity too: torch's sqrt on a CPU is MKL's,
which is ten times slower for zeros (pruned weights, dead units) and a hundred times for denormals.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from dsd.solver import fused
from dsd.solver.pieces import Part
from dsd.solver.solver import Solver


def _outside_unit(field: str, value: float, *, one: bool = False) -> str | None:
    if 0 <= value < 1 or (one and value == 1):
        return None
    return f"`{field}` is {value:g}; it must be at least 0 and {'at most' if one else 'below'} 1"


class _Momentum(Solver):
    """A rule with momentum and no other option.

    Unlike in `torch.optim.SGD` the rate is part of the history: when it falls, earlier gradients keep their rate.
    """

    options = ("momentum",)

    def __init__(self, params: ParamsT, lr: float, momentum: float = 0.0, **shared: Any):
        super().__init__(params, lr, momentum=momentum, **shared)

    @classmethod
    def check_option(cls, field: str, value: float) -> str | None:
        return _outside_unit(field, value) if field == "momentum" else super().check_option(field, value)


class SGD(_Momentum):
    """h = momentum*h + r*g;  w -= h."""

    def update_decaying(self, group: dict[str, Any], rate: float, part: Part, decay: float) -> bool:
        return fused.sgd_(part, rate, group["momentum"], decay)

    def update(self, group: dict[str, Any], rate: float, part: Part) -> None:
        params, grads, (history,), _ = part
        torch._foreach_mul_(history, group["momentum"])
        torch._foreach_add_(history, grads, alpha=rate)
        torch._foreach_sub_(params, history)

    def updated(self, group: dict[str, Any], rate: float, param: Tensor, grad: Tensor) -> Tensor:
        return self.slot([param], "history")[0].clone()


class Nesterov(_Momentum):
    """h' = momentum*h + r*g;  w -= (1+momentum)*h' - momentum*h.

    As momentum*h = h' - r*g, that is w -= momentum*h' + r*g, which needs no copy of h.
    """

    def update(self, group: dict[str, Any], rate: float, part: Part) -> None:
        params, grads, (history,), _ = part
        torch._foreach_mul_(history, group["momentum"])
        torch._foreach_add_(history, grads, alpha=rate)
        torch._foreach_sub_(params, grads, alpha=rate)
        torch._foreach_sub_(params, history, alpha=group["momentum"])

    def updated(self, group: dict[str, Any], rate: float, param: Tensor, grad: Tensor) -> Tensor:
        return self.slot([param], "history")[0] * group["momentum"] + rate * grad


class _Normalized(Solver):
    """w -= r*g/(sqrt(h)+delta), for rules without momentum. One temporary of the weights' size."""

    @classmethod
    def check_option(cls, field: str, value: float) -> str | None:
        if field == "momentum" and value != 0:
            return f"`momentum` is {value:g}; {cls.__name__} takes none"
        return super().check_option(field, value)

    @staticmethod
    def _descend(params: list[Tensor], grads: list[Tensor], history: list[Tensor], rate: float, delta: float) -> None:
        scale = torch._foreach_rsqrt(history)
        torch._foreach_reciprocal_(scale)
        torch._foreach_add_(scale, delta)
        torch._foreach_addcdiv_(params, grads, scale, value=-rate)

    def updated(self, group: dict[str, Any], rate: float, param: Tensor, grad: Tensor) -> Tensor:
        (history,) = self.slot([param], "history")
        return rate * grad / (history.sqrt() + group["delta"])


class AdaGrad(_Normalized):
    """h += g^2;  w -= r*g/(sqrt(h)+delta). Refuses momentum."""

    options = ("momentum", "delta")

    def __init__(self, params: ParamsT, lr: float, delta: float = 1e-8, *, momentum: float = 0.0, **shared: Any):
        super().__init__(params, lr, momentum=momentum, delta=delta, **shared)

    def update(self, group: dict[str, Any], rate: float, part: Part) -> None:
        params, grads, (history,), _ = part
        torch._foreach_addcmul_(history, grads, grads)
        self._descend(params, grads, history, rate, group["delta"])


class RMSProp(_Normalized):
    """h = rms_decay*h + (1-rms_decay)*g^2;  w -= r*g/(sqrt(h)+delta). Refuses momentum."""

    options = ("momentum", "rms_decay", "delta")

    def __init__(
        self,
        params: ParamsT,
        lr: float,
        rms_decay: float = 0.99,
        delta: float = 1e-8,
        *,
        momentum: float = 0.0,
        **shared: Any,
    ):
        super().__init__(params, lr, momentum=momentum, rms_decay=rms_decay, delta=delta, **shared)

    @classmethod
    def check_option(cls, field: str, value: float) -> str | None:
        return _outside_unit(field, value) if field == "rms_decay" else super().check_option(field, value)

    def update(self, group: dict[str, Any], rate: float, part: Part) -> None:
        (params, grads, (history,), _), decay = part, group["rms_decay"]
        torch._foreach_mul_(history, decay)
        torch._foreach_addcmul_(history, grads, grads, value=1 - decay)
        self._descend(params, grads, history, rate, group["delta"])


class AdaDelta(Solver):
    """With m = momentum and mean squares of gradients (h1) and of updates (h2):

    h1 = m*h1 + (1-m)*g^2;  u = g*sqrt((h2+delta)/(h1+delta));  h2 = m*h2 + (1-m)*u^2;  w -= r*u.

    One temporary of the weights' size.
    """

    slots = ("gradients", "updates")
    options = ("momentum", "delta")

    def __init__(self, params: ParamsT, lr: float, momentum: float = 0.0, delta: float = 1e-8, **shared: Any):
        super().__init__(params, lr, momentum=momentum, delta=delta, **shared)

    @classmethod
    def check_option(cls, field: str, value: float) -> str | None:
        return _outside_unit(field, value, one=True) if field == "momentum" else super().check_option(field, value)

    def update(self, group: dict[str, Any], rate: float, part: Part) -> None:
        params, grads, (gradients, updates), _ = part
        mean, delta = group["momentum"], group["delta"]
        torch._foreach_mul_(gradients, mean)
        torch._foreach_addcmul_(gradients, grads, grads, value=1 - mean)
        scale = torch._foreach_add(gradients, delta)
        torch._foreach_sqrt_(scale)
        torch._foreach_div_(grads, scale)
        torch._foreach_copy_(scale, updates)
        torch._foreach_add_(scale, delta)
        torch._foreach_sqrt_(scale)
        torch._foreach_mul_(grads, scale)
        torch._foreach_mul_(updates, mean)
        torch._foreach_addcmul_(updates, grads, grads, value=1 - mean)
        torch._foreach_sub_(params, grads, alpha=rate)

    def updated(self, group: dict[str, Any], rate: float, param: Tensor, grad: Tensor) -> Tensor:
        return rate * grad  # `update` leaves u there


class Adam(Solver):
    """With b1 = momentum, b2 = momentum2, and t counted from 1 since the histories were fresh:

    m = b1*m + (1-b1)*g;  v = b2*v + (1-b2)*g^2;  w -= r*sqrt(1-b2^t)/(1-b1^t) * m/(sqrt(v)+delta).

    Delta is outside the square root and the bias correction is part of the rate, so delta is not corrected.
    """

    slots = ("m", "v")
    options = ("momentum", "momentum2", "delta")

    def __init__(
        self,
        params: ParamsT,
        lr: float,
        momentum: float = 0.0,
        momentum2: float = 0.999,
        delta: float = 1e-8,
        **shared: Any,
    ):
        super().__init__(params, lr, momentum=momentum, momentum2=momentum2, delta=delta, **shared)

    @classmethod
    def check_option(cls, field: str, value: float) -> str | None:
        return _outside_unit(field, value) if field.startswith("momentum") else super().check_option(field, value)

    def update(self, group: dict[str, Any], rate: float, part: Part) -> None:
        params, grads, (m, v), _ = part
        b1, b2, t = group["momentum"], group["momentum2"], self.iteration - self.fresh_since + 1
        torch._foreach_mul_(m, b1)
        torch._foreach_add_(m, grads, alpha=1 - b1)
        torch._foreach_mul_(v, b2)
        torch._foreach_addcmul_(v, grads, grads, value=1 - b2)
        torch._foreach_copy_(grads, v)  # the gradient is spent: its memory holds the divisor
        torch._foreach_rsqrt_(grads)
        torch._foreach_reciprocal_(grads)
        torch._foreach_add_(grads, group["delta"])
        torch._foreach_addcdiv_(params, m, grads, value=-rate * math.sqrt(1 - b2**t) / (1 - b1**t))

    def updated(self, group: dict[str, Any], rate: float, param: Tensor, grad: Tensor) -> Tensor:
        t = self.iteration - self.fresh_since
        corrected = rate * math.sqrt(1 - group["momentum2"] ** t) / (1 - group["momentum"] ** t)
        return corrected * self.slot([param], "m")[0] / grad  # `update` leaves sqrt(v)+delta there


SOLVERS: dict[str, type[Solver]] = {rule.__name__: rule for rule in (SGD, Nesterov, AdaGrad, RMSProp, AdaDelta, Adam)}
