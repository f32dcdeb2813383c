"""Split large parameters into pieces that stay in a processor's cache from the first operation of a step to the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from torch import Tensor

# A MiB of each float32 tensor. An update of AlexNet, whose largest blob has 144, takes three quarters of the time.
_PIECE = 1 << 18


class Part(NamedTuple):
    """Some parameters, or a piece of a large one, and what a step works on beside them, in the same order.

    ``histories`` has a list for each slot; ``keeps`` are the masks of the gradients, for `zero_pruned_`.
    """

    params: list[Tensor]
    grads: list[Tensor]
    histories: list[list[Tensor]]
    keeps: list[Tensor | None]

    def split(self) -> Iterator[Part]:
        """The part without large parameters, if it has others, then these in pieces. On a GPU nothing is large."""
        small = Part([], [], [[] for _ in self.histories], [])
        large = []
        for param, grad, keep, *histories in zip(self.params, self.grads, self.keeps, *self.histories):
            if param.numel() > 4 * _PIECE and param.device.type == "cpu":  # smaller ones stay in the cache whole
                large.append((param, grad, keep, histories))
                continue
            small.params.append(param)
            small.grads.append(grad)
            small.keeps.append(keep)
            for slot, history in zip(small.histories, histories):
                slot.append(history)
        if small.params:
            yield small
        for param, grad, keep, histories in large:
            masks = [] if keep is None else [keep]
            for w, g, *others in split((param, grad, *histories, *masks), _PIECE):
                kept = others.pop() if masks else None
                yield Part([w], [g], [[history] for history in others], [kept])


def split(tensors: Sequence[Tensor], size: int) -> Iterator[tuple[Tensor, ...]]:
    """Split tensors of one shape alike, in memory order, into pieces of ``size`` elements.

    They stay whole on a GPU, and if their memory layouts differ.
    """
    first = tensors[0]
    if first.device.type == "cpu" and first.numel() > size and all(one.stride() == first.stride() for one in tensors):
        order = sorted(range(first.dim()), key=first.stride, reverse=True)
        if first.permute(order).is_contiguous():
            return zip(*(one.permute(order).view(-1).split(size) for one in tensors))
    return iter([tuple(tensors)])
