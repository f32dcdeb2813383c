"""Losses of forks whose backward pass is not the derivative of their value."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def with_gradient(loss: Tensor, x: Tensor, gradient: Tensor) -> Tensor:
    """Return ``loss`` with ``gradient`` as its gradient with respect to ``x``, instead of its own derivative."""
    return _GivenGradient.apply(x, loss.detach(), gradient.detach())


class _GivenGradient(torch.autograd.Function):
    """A value with a gradient that is given."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, loss: Tensor, gradient: Tensor) -> Tensor:
        ctx.save_for_backward(gradient)
        return loss.clone()

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return outer * gradient, None, None
