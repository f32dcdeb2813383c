"""Time each layer of a net forward and backward, and the whole net; measure its memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from dsd.compute.precision import Forward, Precision
from dsd.timing.peak_memory import peak_memory
from netdef.graph.gradients import gradients
from netdef.graph.graph import Node, Value
from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.layers.mask import Mask

Batch = dict[str, Tensor]


@dataclass
class LayerTime:
    """Seconds that a layer takes in each iteration, and the bytes of its tops. Data layers have no backward."""

    key: str
    type: str
    tops: int = 0
    forward: list[float] = field(default_factory=list)
    backward: list[float] = field(default_factory=list)


@dataclass
class Timing:
    """The result of `time_net`.

    ``forward`` and ``backward`` are seconds of the whole net in each iteration, without data layers. ``layers`` add up
    to more, as each is waited for. ``weights`` and ``peak`` are bytes; ``peak`` is None if the device does not count.
    """

    layers: list[LayerTime]
    forward: list[float]
    backward: list[float]
    weights: int
    peak: int | None


def warm_up(net: Net, precision: Precision, forward: Forward | None = None) -> float:
    """Run the net and each layer once, to keep one-time work out of the times. Returns the loss.

    ``forward`` is a pass of the net, as for `time_net`.
    """
    device, forward = precision.device, forward or precision.of(net)
    batch = _batch(net, device, None)
    _run_whole(net, forward, batch, device)
    net.zero_grad(set_to_none=True)
    with torch.no_grad():
        loss = float(net.loss(forward(**batch)))
    _run_layers(net, _batch(net, device, None), precision, None)
    return loss


def time_net(
    net: Net, iterations: int, precision: Precision, progress: Callable[[int, float], None], forward: Forward | None = None
) -> Timing:
    """Time ``iterations`` passes, and call ``progress`` after each with its number, from 1, and the seconds of the whole net.

    ``forward`` is a pass of the whole net in this precision, by default that of the net itself; it may be compiled.
    Every layer runs forward and backward by itself, as in the original, on the outputs of the layers before it. Input
    layers give zeros. Layers with nothing to learn before them have no backward.
    """
    device, forward = precision.device, forward or precision.of(net)
    works = (node for node in net.graph.nodes if not isinstance(net.layers.get(node.key), Mask))
    times = {node.key: LayerTime(node.key, node.spec.type) for node in works}
    timing = Timing(list(times.values()), [], [], sum(entry.tensor.nbytes for entry in net.learnable), None)
    for iteration in range(1, iterations + 1):
        batch = _batch(net, device, times)
        _run_layers(net, batch, precision, times)
        seconds = _run_whole(net, forward, batch, device)
        timing.forward.append(seconds[0])
        timing.backward.append(seconds[1])
        progress(iteration, sum(seconds))
    net.zero_grad(set_to_none=True)
    timing.peak = peak_memory(lambda: _run_whole(net, forward, batch, device), device)
    net.zero_grad(set_to_none=True)
    return timing


def _batch(net: Net, device: torch.device, times: dict[str, LayerTime] | None) -> Batch:
    batch: Batch = {}
    for index in range(len(net.feeds)):
        feed = net.feeds[index]
        with _Clock(device) as clock:
            made = {name: tensor.to(device) for name, tensor in next(feed).items()}
        if times:
            _note(times[feed.name].forward, clock)
            times[feed.name].tops = sum(tensor.nbytes for tensor in made.values())
        batch |= made
    for name in net.inputs:
        batch[name] = torch.zeros(net.shapes[name], device=device)
    return batch


def _run_whole(net: Net, forward: Forward, batch: Batch, device: torch.device) -> tuple[float, float]:
    with _Clock(device) as there:
        loss = net.loss(forward(**batch))
    with _Clock(device) as back:
        if loss.requires_grad:
            loss.backward()
    return there.seconds, back.seconds


class _Turn(NamedTuple):
    """A layer's forward pass: what it was given, detached from the layers before it, and what it made."""

    node: Node
    layer: Layer
    starts: list[Tensor]
    tops: tuple[Tensor, ...]


def _run_layers(net: Net, batch: Batch, precision: Precision, times: dict[str, LayerTime] | None) -> None:
    """Run each layer by itself: all forwards in order, then all backwards in the opposite order."""
    grads: dict[Value, Tensor] = {}
    for turn in reversed(_run_forward(net, batch, precision, times)):
        _run_backward(turn, grads, precision.device, times)


def _run_forward(net: Net, batch: Batch, precision: Precision, times: dict[str, LayerTime] | None) -> list[_Turn]:
    values: dict[Value, Tensor] = {}
    turns = []
    for node in net.graph.nodes:
        if node.key not in net.layers:
            values.update((top, batch[top.blob]) for top in node.tops)
            continue
        layer = net.layers[node.key]
        if isinstance(layer, Mask):
            continue
        down = node.spec.message.propagate_down
        starts = []
        for value, place in zip(node.bottoms, node.places):
            learns = values[value].requires_grad and not (down and not down[place])
            starts.append(values[value].detach().requires_grad_(learns))
        # An in-place kernel must not overwrite what the layer before it has saved for backward, nor a start.
        given = [start.clone() if layer.inplace else start for start in starts]
        with precision.passes(), _Clock(precision.device) as clock:
            made = layer(*given)
        tops = (made,) if isinstance(made, Tensor) else tuple(made)
        values.update(zip(node.tops, tops))
        if times:
            _note(times[node.key].forward, clock)
            times[node.key].tops = sum(top.nbytes for top in tops)
        turns.append(_Turn(node, layer, starts, tops))
    return turns


def _run_backward(
    turn: _Turn, grads: dict[Value, Tensor], device: torch.device, times: dict[str, LayerTime] | None
) -> None:
    """Run a layer backward, from the gradients of its tops to those of its bottoms, which are added to ``grads``."""
    node, layer, starts, tops = turn
    known = [
        (top, grads.get(value, torch.full_like(top, weight) if weight else None))
        for value, top, weight in zip(node.tops, tops, node.loss_weights)
        if top.requires_grad
    ]
    known = [(top, grad) for top, grad in known if grad is not None]
    wanted = [(value, start) for value, start in zip(node.bottoms, starts) if start.requires_grad]
    sources = [start for _, start in wanted] + [p for p in layer.parameters() if p.requires_grad]
    timed: _Clock | None = None
    if known and sources:
        outputs, seeds = zip(*known)
        with _Clock(device) as timed:
            found = gradients(outputs, seeds, sources)
        for (value, _), grad in zip(wanted, found):
            if grad is not None:
                grads[value] = grads[value] + grad if value in grads else grad
    if times:
        _note(times[node.key].backward, timed)


class _Clock:
    """Measure the seconds that a block takes, with its work on the device."""

    seconds = 0.0

    def __init__(self, device: torch.device):
        self._device = device

    def __enter__(self) -> _Clock:
        self._wait()
        self._start = time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        self._wait()
        self.seconds = time.perf_counter() - self._start

    def _wait(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        elif self._device.type == "mps":
            torch.mps.synchronize()


def _note(times: list[float], clock: _Clock | None) -> None:
    times.append(clock.seconds if clock else 0.0)
