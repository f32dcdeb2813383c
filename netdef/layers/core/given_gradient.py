"""Values of forks whose backward pass is not their derivative."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def with_gradient(value: Tensor, x: Tensor, gradient: Tensor) -> Tensor:
    """Return ``value`` with ``gradient`` as its gradient with respect to ``x``, instead of its own derivative.

    ``value`` is one number, as of a loss, or has a number for each of ``x``; of the latter ``gradient`` holds the factors.
    """
    return _GivenGradient.apply(x, value.detach(), gradient.detach())


def with_added_gradient(x: Tensor, added: Tensor) -> Tensor:
    """Return a copy of ``x`` whose gradient has ``added`` added, as a penalty that no loss shows."""
    top: Tensor = _AddedGradient.apply(x, added.detach())
    return top


class _AddedGradient(torch.autograd.Function):
    """A value with something added to its gradient."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, added: Tensor) -> Tensor:
        ctx.save_for_backward(added)
        return x.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (added,) = ctx.saved_tensors
        return gradient + added, None


class _GivenGradient(torch.autograd.Function):
    """A value with a gradient that is given."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, value: Tensor, gradient: Tensor) -> Tensor:
        ctx.save_for_backward(gradient)
        return value.clone()

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return outer * gradient, None, None
