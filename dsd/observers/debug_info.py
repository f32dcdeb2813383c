"""The lines that ``debug_info: true`` asks for: mean absolute values of a net's blobs, weights and gradients."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from netdef.graph.graph import Node, Value
from netdef.graph.net import Net
from netdef.graph.watch import PassWatcher
from netdef.pycaffe.need_backward import mark_backward
from netdef.pycaffe.wiring import WiredLayer, wire


class DebugLine(NamedTuple):
    """A line of Caffe's log: file and line of Caffe's source, text, severity."""

    place: str
    text: str
    severity: str = "I"


class DebugLines(PassWatcher):
    """Collect the lines of a net's passes, as Caffe prints them, until `take`.

    Layers are those of Caffe, with a Split behind every blob that several layers read; Mask layers, which it does not
    have, are left out. ``wanted`` is asked before each pass that is trained on; other passes follow the last one.
    """

    def __init__(self, net: Net, wanted: Callable[[], bool] = lambda: True):
        self.net, self.wanted = net, wanted
        wiring = wire(net)
        mark_backward(net, wiring)
        self.layers, self.names = wiring.layers, wiring.blob_names
        self._nodes = {node.key: node for node in net.graph.nodes}
        self._on = True
        self._lines: list[DebugLine] = []
        self._left: Iterator[WiredLayer] = iter(())  # the layers of the forward pass that are still to come
        self._means: dict[int | str, float] = {}  # of blobs by number, of data by name
        self._training = False  # whether a backward pass belongs to the last forward pass
        self._gradients: dict[tuple[str, int], float] = {}
        self._sums: dict[Value, Tensor] = {}  # the gradients of blobs that several layers read

    def take(self) -> list[DebugLine]:
        """The lines since the last call."""
        self._end_backward()
        lines, self._lines = self._lines, []
        return lines

    def began(self, inputs: Mapping[str, Tensor]) -> None:
        self._end_backward()
        if torch.is_grad_enabled():
            self._on = self._training = self.wanted()
        if self._on:
            self._left = iter(self.layers)
            self._means = {name: _mean(tensor) for name, tensor in inputs.items()}

    def after(self, node: Node, tops: Sequence[Tensor]) -> None:
        if self._on:
            for wired in self._left:
                self._forward(wired, tops if wired.key == node.key else ())
                if wired.key == node.key:
                    break

    def ended(self) -> None:
        if self._on:
            for wired in self._left:
                self._forward(wired, ())

    def gradient(self, node: Node, bottom: int, gradient: Tensor) -> None:
        if self._on:
            self._gradients[node.key, bottom] = _mean(gradient)
            value = node.bottoms[bottom]
            self._sums[value] = self._sums[value] + gradient if value in self._sums else gradient

    def _forward(self, wired: WiredLayer, tops: Sequence[Tensor]) -> None:
        if wired.is_split:
            means = [self._means[wired.bottoms[0]]] * len(wired.tops)
        elif wired.layer is None:
            means = [self._means[value.blob] for value in wired.values]
        else:
            means = [_mean(top) for top in tops]
        for number, mean in zip(wired.tops, means):
            self._means[number] = mean
            self._add(593, f"[Forward] Layer {wired.name}, top blob {self.names[number]} data: {mean:g}")
        if wired.layer is not None and tops:
            params = self._nodes[wired.key].spec.message.param
            for index, blob in enumerate(wired.layer.blobs):
                name = (params[index].name if index < len(params) else "") or index
                self._add(605, f"[Forward] Layer {wired.name}, param blob {name} data: {_mean(blob):g}")

    def _end_backward(self) -> None:
        """Add the lines of the backward pass that belongs to the last forward pass."""
        if not self._training:
            return
        for wired in reversed(self.layers):
            if wired.needs_backward:
                self._backward(wired)
        learned = [entry.tensor for entry in self.net.learnable]
        norms = [_norms(learned), _norms(p.grad for p in learned if p.grad is not None)]
        texts = [f"{name} norm = ({data:g}, {diff:g})" for name, data, diff in zip(("L1", "L2"), *norms)]
        self._add(721, f"[Backward] All net params (data, diff): {'; '.join(texts)}", "E")
        self._training, self._gradients, self._sums = False, {}, {}

    def _backward(self, wired: WiredLayer) -> None:
        for place, number in enumerate(wired.bottoms):
            if wired.propagate_down[place] and (wired.is_split or place in wired.places):
                mean = self._split_gradient(wired) if wired.is_split else (
                    self._gradients.get((wired.key, wired.places.index(place)), 0.0))
                self._add(621, f"[Backward] Layer {wired.name}, bottom blob {self.names[number]} diff: {mean:g}")
        for index, name in enumerate(wired.layer.blob_names if wired.layer is not None else ()):
            blob = getattr(wired.layer, name)
            if isinstance(blob, nn.Parameter) and blob.requires_grad:
                mean = 0.0 if blob.grad is None else _mean(blob.grad)
                self._add(632, f"[Backward] Layer {wired.name}, param blob {index} diff: {mean:g}")

    def _split_gradient(self, split: WiredLayer) -> float:
        """The mean of what a Split gives its bottom: the sum of what its readers gave."""
        maker = next(wired for wired in reversed(self.layers[: self.layers.index(split)]) if not wired.is_split
                     and split.bottoms[0] in wired.tops)
        value = maker.values[maker.tops.index(split.bottoms[0])]
        return _mean(self._sums[value]) if value in self._sums else 0.0

    def _add(self, line: int, text: str, severity: str = "I") -> None:
        self._lines.append(DebugLine(f"net.cpp:{line}", f"    {text}", severity))


def _mean(tensor: Tensor) -> float:
    """The mean absolute value; 0 for an empty tensor."""
    return float(tensor.detach().abs().sum(dtype=torch.float64)) / max(tensor.numel(), 1)


def _norms(tensors: Iterable[Tensor]) -> tuple[float, float]:
    """The L1 and the L2 norm of all values."""
    total, squares = 0.0, 0.0
    for tensor in tensors:
        values = tensor.detach().double()
        total, squares = total + float(values.abs().sum()), squares + float(values.square().sum())
    return total, math.sqrt(squares)
