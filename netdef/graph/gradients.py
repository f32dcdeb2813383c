"""Gradients from given gradients."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.autograd import Variable


def gradients(
    tops: Sequence[Tensor], given: Sequence[Tensor], wanted: Sequence[Tensor], retain_graph: bool = False
) -> tuple[Tensor | None, ...]:
    """The gradients of ``wanted``, where ``given`` are those of ``tops``. None for what no top depends on.

    Equals `torch.autograd.grad`, but calls autograd's engine itself: torch's check of given gradients imports sympy,
    which takes 0.4 s. The engine raises RuntimeError for a gradient of another shape than its top.
    """
    return Variable._execution_engine.run_backward(
        tuple(tops), tuple(given), retain_graph, False, tuple(wanted), allow_unreachable=True, accumulate_grad=False)
