"""A forward pass through all layers, between which no script's code runs: it costs about what ``net(x)`` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from netdef.data.feeding.feed import Feed
from netdef.graph.fusion import fused
from netdef.graph.graph import Value
from netdef.graph.net import Net
from netdef.graph.steps import Step, slots_of, steps_of
from netdef.layers.mask import Mask
from netdef.pycaffe.memory import BlobMemory, Memory
from netdef.pycaffe.wiring import Turn

_LARGE = 50_000  # elements


class QuickPass:
    """The net's own pass, which also stores every blob once the last layer that changes it has run.

    The net runs pairs of layers as one, unless scripts can look at the blob between them. ``is_possible`` is false for a net
    with Python layers, whose code may look at blobs in the middle of a pass.
    """

    def __init__(self, net: Net, turns: Sequence[Turn], memories: Sequence[Memory], feeds: Sequence[Feed]):
        self._net, self._feeds = net, feeds
        memory_of = {value: memories[top] for turn in turns for value, top in zip(turn.values, turn.tops)}
        last = {memory: value for value, memory in memory_of.items()}
        stores = {value: _Store(memory) for memory, value in last.items() if isinstance(memory, BlobMemory)}
        self._steps = list(_steps(net, stores))
        entries = [turn for turn in turns if turn.values and turn.layer is None]
        self._inputs = [(value.blob, memory_of[value]) for turn in entries if turn.type == "Input" for value in turn.values]
        self._drawn = {value.blob: stores.get(value) for turn in entries if turn.type != "Input" for value in turn.values}
        self._masks = [(turn.layer, net.layers[reader], blob, stores[turn.values[0]]) for turn in turns
                       if isinstance(turn.layer, Mask) for reader, blob in net.masked[turn.key][:1]]
        self.is_possible = not any(turn.type == "Python" for turn in turns)

    @torch.no_grad()
    def run(self, device: torch.device) -> None:
        """Run the pass on what the blobs of Input layers hold, and the next batch of each data layer."""
        given = {name: memory.tensor(device) for name, memory in self._inputs}
        for feed in self._feeds:
            for name, tensor in next(feed).items():
                given[name] = tensor.to(device)
                if (store := self._drawn[name]) is not None:
                    store.forward(given[name])
        for mask, reader, blob, store in self._masks:
            store.forward(mask(getattr(reader, blob)))
        self._net.run(given, self._steps)


class _Store:
    """The step of a pass that stores a blob."""

    def __init__(self, memory: BlobMemory):
        self._memory = memory

    def forward(self, tensor: Tensor) -> tuple[()]:
        """Store the tensor; copy a large one to the script's array at once, while it is in the processor's cache. No tops."""
        memory = self._memory
        memory.put(tensor)
        if memory.view is not None and tensor.numel() >= _LARGE:
            memory.refresh()
        return ()


def _steps(net: Net, stores: Mapping[Value, _Store]) -> Iterator[Step]:
    """The net's steps, each followed by the stores of what it makes, which are done before the net releases a bottom."""
    graph, slots = net.graph, slots_of(net.graph)
    store_of = {slots[value]: store for value, store in stores.items()}
    for step in fused(graph, list(steps_of(graph, net.layers)), {*graph.outputs, *stores}):
        yield step
        yield from (Step.of(store_of[slot], (slot,), (), (), ()) for slot in step.tops if slot in store_of)
