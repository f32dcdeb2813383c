"""Find the part of a blob's gradient that comes from each of its readers; autograd gives only the sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from torch import Tensor
from torch.autograd.graph import Node

Edge = tuple[Node, int]
"""A node of autograd's graph and the number of one of its gradients."""


def watch(bottoms: Sequence[Tensor], tops: Sequence[Tensor], place: int, keep: Callable[[Tensor], object]) -> None:
    """Call ``keep`` in the backward pass with each part of the gradient that a layer gives its bottom number ``place``.

    The pass computes the same as without the call. If a layer has one bottom twice, each place gets its share in order.
    """
    same = [i for i, bottom in enumerate(bottoms) if bottom is bottoms[place]]
    edges = list(_edges_to(bottoms[place], bottoms, tops))
    share = len(edges) / len(same)
    mine = same.index(place)
    for node, index in edges[round(mine * share) : round((mine + 1) * share)]:
        node.register_hook(_keeper(index, keep))


def _keeper(index: int, keep: Callable[[Tensor], object]) -> Callable[[Sequence[Tensor], Sequence[Tensor]], None]:
    def hook(gradients: Sequence[Tensor | None], _: Sequence[Tensor | None]) -> None:
        gradient = gradients[index]
        if gradient is not None:
            keep(gradient)

    return hook


def _edges_to(wanted: Tensor, bottoms: Sequence[Tensor], tops: Sequence[Tensor]) -> Iterator[Edge]:
    """The edges on which the operations of one layer give gradients to a bottom; the search ends at all of its bottoms."""
    goal = (wanted.grad_fn, wanted.output_nr)
    seen = {bottom.grad_fn for bottom in bottoms}
    waiting = [top.grad_fn for top in reversed(tops)]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        for index, (following, number) in enumerate(node.next_functions):
            if (following, number) == goal:
                yield node, index
        waiting.extend(following for following, _ in reversed(node.next_functions))
