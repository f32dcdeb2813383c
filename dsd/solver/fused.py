"""Caffe's SGD by torch's fused kernel: decay, history and weights in one pass over the memory."""

from __future__ import annotations

import torch
from torch import Tensor

from dsd.solver.pieces import Part


def sgd_(part: Part, rate: float, momentum: float, decay: float) -> bool:
    """Do ``g += decay*w;  h = momentum*h + rate*g;  w -= h``, without writing the gradients.

    Torch's SGD with a rate of 1 is this rule if its ``1 - dampening`` is the rate. Returns False, with nothing done, where
    it is not the same arithmetic: without momentum torch keeps no history, a tiny rate is rounded, and the kernel wants
    float32 tensors on a CPU and histories that lie in memory as the weights do.
    """
    params, grads, (history,), _ = part
    dampening = 1 - rate
    if momentum == 0 or abs((1 - dampening) - rate) > rate * 2**-26 or not all(map(_fit, params, grads, history)):
        return False
    alike = [g if g.stride() == w.stride() else torch.empty_like(w).copy_(g) for w, g in zip(params, grads)]
    torch._fused_sgd_(
        params, alike, history, weight_decay=decay, momentum=momentum, lr=1.0, dampening=dampening, nesterov=False,
        maximize=False, is_first_step=False)
    return True


def _fit(param: Tensor, grad: Tensor, history: Tensor) -> bool:
    return (
        param.device.type == "cpu"
        and param.dtype == grad.dtype == history.dtype == torch.float32
        and param.stride() == history.stride()
    )
