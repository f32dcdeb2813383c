"""Mask tensors by a bitwise AND, and take norms under masks.

``masked_fill_`` branches on every element; with a random mask half the branches are mispredicted, and zeroing a LeNet
takes ten times as long as its SGD step. A bitwise AND of the element's bits with all ones or all zeros has no branch. It
also turns NaN, infinity and -0.0 into +0.0, which multiplying by 0 does not.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from dsd.solver.pieces import split

# The AND first widens the mask to the size of the elements. In pieces of this many that copy fits the cache.
_PIECE = 1 << 18
# Norms are taken over pieces of this many because torch sums a float32 norm naively: 1% off on AlexNet's fc6. Longer
# pieces would be split among threads, and the norm would depend on their number.
_NORM_PIECE = 1 << 15

_INTEGER = {2: torch.int16, 4: torch.int32, 8: torch.int64}


def keep_bits(parameter: Tensor, kept: Tensor) -> Tensor | None:
    """The mask in the form for `zero_pruned_`: int8, -1 (all bits set) where ``kept`` is true, in the parameter's memory
    layout. None if every element is kept. Raises ValueError if the shapes differ.
    """
    if kept.shape != parameter.shape:
        raise ValueError(f"mask of shape {tuple(kept.shape)} for a parameter of shape {tuple(parameter.shape)}")
    if kept.all():
        return None
    return torch.empty_like(parameter, dtype=torch.int8, requires_grad=False).copy_(kept.bool()).neg_()


def bits_of(tensor: Tensor) -> Tensor:
    """The elements of a floating tensor as integers of their size: a view."""
    return tensor.detach().view(_INTEGER[tensor.element_size()])


def zero_pruned_(tensor: Tensor, keep: Tensor) -> None:
    """Set the pruned elements of a floating tensor to +0.0, whatever they hold."""
    for piece, mask in split((bits_of(tensor), keep), _PIECE):
        piece.bitwise_and_(mask)


def norm(tensors: Iterable[tuple[Tensor, Tensor | None]]) -> Tensor:
    """L2 norm of (tensor, keep) pairs, a float64 scalar tensor; where keep is given pruned elements do not count."""
    squares: list[Tensor] = []
    for tensor, keep in tensors:
        if keep is None:
            squares += torch._foreach_norm([piece for (piece,) in split((tensor,), _NORM_PIECE)])
        else:  # one by one, so that no copy of the whole tensor is made
            for piece, mask in split((bits_of(tensor), keep), _NORM_PIECE):
                squares += torch._foreach_norm([(piece & mask).view(tensor.dtype)])
    return torch.linalg.vector_norm(torch.stack(squares), dtype=torch.float64)

