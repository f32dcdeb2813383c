"""Record a trainer's passes of a net, for scripts that read its blobs.

What is computed is what `netdef.Net` computes, in the same order and with the same pairs of layers run as one; references
to the blobs are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from netdef.graph.fusion import NormAndScale
from netdef.graph.layer_errors import INSIDE
from netdef.graph.layer_state import as_list, state_kept
from netdef.layers.core.base import Layer
from netdef.layers.mask import Mask
from netdef.pycaffe.errors import raise_named
from netdef.pycaffe.net import Net
from netdef.pycaffe.split_gradients import watch
from netdef.pycaffe.wiring import WiredLayer


class PassRecorder:
    """A replacement for a net's ``forward`` that records the pass.

    While there are hooks for the backward pass, both ways are run by hand.
    """

    def __init__(self, net: Net):
        self.net = net
        self._gradients: dict[int, Tensor] = {}  # of blobs in the last pass
        self._parts: dict[int, list[Tensor]] = {}  # of tops of Splits: their gradients are sums of these
        self._pairs = {pair.norm: pair for pair in net.module.fused}
        self._ahead: dict[Layer, Tensor] = {}  # tops of layers that ran with the one before
        self._watched = False  # whether hooks look at every layer of the pass
        self._wired_of = {wired.layer: wired for wired in net.passes.layers if wired.layer is not None}
        self._outputs = [
            (value.blob, top) for wired in net.passes.layers for value, top in zip(wired.values, wired.tops)
            if value in net.module.graph.outputs]

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """One pass on a batch of the data layers; Input layers give what their blobs hold. Returns the net's outputs."""
        passes = self.net.passes
        passes.upload()
        if torch.is_grad_enabled() and (passes.before_backward or passes.after_backward):
            return self._by_hand(batch)
        self._watched = bool(passes.before_forward or passes.after_forward or self.net.module.is_hooked)
        values: dict[int, Tensor] = {}
        self._gradients, self._parts, self._ahead = {}, defaultdict(list), {}
        for index in range(len(passes.layers)):
            if passes.before_forward:
                passes.call(passes.before_forward, index)
            self._pass_through(index, values, batch)
            if passes.after_forward:
                passes.call(passes.after_forward, index)
        return {name: values[number] for name, number in self._outputs}

    def keep_gradients(self) -> None:
        """Store the gradients of the blobs after the trainer's backward pass and before its update."""
        found = self._gradients | {number: sum(parts[1:], parts[0]) for number, parts in self._parts.items() if parts}
        for pair in self._pairs.values():
            norm, (top,) = self._wired_of[pair.norm], self._wired_of[pair.scale].tops
            if norm.tops[0] not in norm.bottoms and top in found:
                scale = pair.scale.blob("scale").detach()
                found[norm.tops[0]] = found[top] * scale.reshape(-1, *[1] * (found[top].ndim - 2))
        for number, gradient in found.items():
            self.net.passes.blobs[number].diff_memory.put(gradient)
        self._gradients, self._parts = {}, {}

    def _pass_through(self, index: int, values: dict[int, Tensor], batch: Mapping[str, Tensor]) -> None:
        passes = self.net.passes
        wired = passes.layers[index]
        layer = wired.layer
        if wired.is_split:
            values.update((top, values[wired.bottoms[0]]) for top in wired.tops)
        elif wired.type == "Input":
            values.update((top, passes.blobs[top].data_memory.tensor(passes.device)) for top in wired.tops)
        elif not isinstance(layer, Mask):
            if layer is None:
                tops: Sequence[Tensor] = [batch[value.blob] for value in wired.values]
            else:
                tops = self._run(wired, layer, values)
            for number, top in zip(wired.tops, tops):
                values[number] = top
                passes.blobs[number].data_memory.put(top.detach())
                if top.grad_fn is not None:  # of the versions of a blob in place the first comes last
                    top.register_hook(partial(self._keep_gradient, number))

    def _keep_gradient(self, number: int, gradient: Tensor | None) -> None:
        if gradient is not None:
            self._gradients[number] = gradient

    def _run(self, wired: WiredLayer, layer: Layer, values: Mapping[int, Tensor]) -> list[Tensor]:
        if layer in self._ahead:
            return [self._ahead.pop(layer)]
        passes = self.net.passes
        numbers = [wired.bottoms[place] for place in wired.places]
        bottoms = [values[number] if i not in wired.detached else values[number].detach() for i, number in enumerate(numbers)]
        pair = None if self._watched else self._pairs.get(layer)
        try:
            tops = as_list(layer(*bottoms) if self._watched else (pair or layer).forward(*bottoms))
        except INSIDE as error:
            raise_named(self.net.module, wired, bottoms, error)
        for i, (number, bottom) in enumerate(zip(numbers, bottoms)):
            if bottom.grad_fn is not None and passes.data_of[number] != number:
                watch(bottoms, tops, i, self._parts[number].append)
        return tops if pair is None else self._hand_on(wired, pair, bottoms[0], tops[0])

    def _hand_on(self, wired: WiredLayer, pair: NormAndScale, bottom: Tensor, top: Tensor) -> list[Tensor]:
        """Keep the top of a pair for its second layer; the blob between them is computed if it has a name of its own."""
        self._ahead[pair.scale] = top
        (between,) = wired.tops
        if between not in self._wired_of[pair.scale].tops:
            with torch.no_grad(), state_kept([pair.norm]):
                self.net.passes.blobs[between].data_memory.put(pair.norm(bottom))
        return []

    def _by_hand(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        passes = self.net.passes
        passes.forward(0, len(passes.layers) - 1, batch)
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
