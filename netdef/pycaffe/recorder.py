"""Record a trainer's passes of a net, for scripts that read its blobs.

What is computed is what `netdef.Net` computes, layer for layer in the same order; references to the blobs are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from netdef.layers.mask import Mask
from netdef.pycaffe.net import Net
from netdef.pycaffe.passes import listed


class Recorder:
    """Takes the place of a net's ``forward``. While there are hooks for the backward pass, both ways are run by hand."""

    def __init__(self, net: Net):
        self.net = net
        self._live: dict[int, Tensor] = {}  # the blobs of the last pass that was differentiated, with their past
        self._outputs = [
            (value.blob, top) for turn in net.passes.turns for value, top in zip(turn.values, turn.tops)
            if value in net.module.graph.outputs]

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """One pass on a batch of the data layers; Input layers give what their blobs hold. Returns the net's outputs."""
        passes = self.net.passes
        passes.upload()
        if torch.is_grad_enabled() and (passes.before_backward or passes.after_backward):
            return self._by_hand(batch)
        values: dict[int, Tensor] = {}
        for index in range(len(passes.turns)):
            for hook in passes.before_forward:
                hook(index)
            self._turn(index, values, batch)
            for hook in passes.after_forward:
                hook(index)
        if torch.is_grad_enabled():
            self._live = {number: values[number] for number in values if values[number].grad_fn is not None}
            for tensor in self._live.values():
                tensor.retain_grad()
        return {name: values[number] for name, number in self._outputs}

    def keep_gradients(self) -> None:
        """Store the gradients of the blobs after the trainer's backward pass, and free the graph.

        The tops of a Split share one gradient, which its bottom gets.
        """
        for number, tensor in self._live.items():
            if tensor.grad is not None and self.net.passes.data_of[number] == number:
                self.net.passes.blobs[number].diff_memory.put(tensor.grad)
        self._live = {}

    def _turn(self, index: int, values: dict[int, Tensor], batch: Mapping[str, Tensor]) -> None:
        passes = self.net.passes
        turn = passes.turns[index]
        layer = turn.layer
        if turn.is_split:
            values.update((top, values[turn.bottoms[0]]) for top in turn.tops)
        elif turn.type == "Input":
            values.update((top, passes.blobs[top].data_memory.tensor(passes.device)) for top in turn.tops)
        elif not isinstance(layer, Mask):
            if layer is None:
                tops: Sequence[Tensor] = [batch[value.blob] for value in turn.values]
            else:
                bottoms = [values[turn.bottoms[place]] for place in turn.places]
                tops = listed(layer(*(
                    bottom if i not in turn.detached else bottom.detach() for i, bottom in enumerate(bottoms))))
            for number, top in zip(turn.tops, tops):
                values[number] = top
                passes.blobs[number].data_memory.put(top.detach())

    def _by_hand(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        passes = self.net.passes
        passes.forward(0, len(passes.turns) - 1, batch)
        tensors = [passes.blobs[number].data_memory.tensor(passes.device) for _, number in self._outputs]
        tops = _ByHand.apply(torch.ones((), requires_grad=True), self.net, *tensors)
        return {name: top for (name, _), top in zip(self._outputs, tops)}


class _ByHand(torch.autograd.Function):
    """Outputs of a pass by hand, whose backward pass is run by hand: gradients begin at the losses' weights."""

    @staticmethod
    def forward(ctx: Any, start: Tensor, net: Net, *outputs: Tensor) -> tuple[Tensor, ...]:
        ctx.net = net
        return tuple(output.clone() for output in outputs)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *slopes: Tensor) -> tuple[None, ...]:
        ctx.net.passes.backward(len(ctx.net.layers) - 1, 0)
        return (None,) * (2 + len(slopes))
