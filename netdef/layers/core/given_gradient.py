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
