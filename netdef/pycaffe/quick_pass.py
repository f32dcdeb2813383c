"""A forward pass through all layers, between which no script's code runs: it costs about what ``net(x)`` does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from netdef.data.feeding.feed import Feed
from netdef.graph.fusion import fused
from netdef.graph.net import Net
from netdef.graph.steps import Step, slots_of, steps_of
from netdef.layers.mask import Mask
from netdef.pycaffe.memory import BlobMemory, Memory, put_all, shares_memory
from netdef.pycaffe.wiring import WiredLayer

_LARGE = 50_000  # elements


class QuickPass:
    """The net's own pass, whose blobs are stored: a large one at once, small ones at the end.

    A blob that several layers in place change is stored as the last of them leaves it. The net runs pairs of layers as one,
    unless scripts can look at the blob between them. ``is_possible`` is false for a net with Python layers, whose code may look
    at blobs in the middle of a pass.
    """

    def __init__(self, net: Net, layers: Sequence[WiredLayer], memories: Sequence[Memory], feeds: Sequence[Feed]):
        self._net, self._feeds = net, feeds
        self._inputs: list[tuple[str, Memory]] = []
        self._masks: list[tuple[Memory, Mask, object, str]] = []  # with the layer and the blob that it is for
        self._small: list[BlobMemory] = []
        self._slots: list[int] = []  # of the small ones
        large: dict[int, BlobMemory] = {}
        slots = slots_of(net.graph)
        last = {memories[top]: value for wired in layers for value, top in zip(wired.values, wired.tops)}
        for wired in layers:
            for value, memory in zip(wired.values, (memories[top] for top in wired.tops)):
                if wired.type == "Input":
                    self._inputs.append((value.blob, memory))
                elif isinstance(wired.layer, Mask):
                    layer, blob = net.masked[wired.key][0]
                    self._masks.append((memory, wired.layer, net.layers[layer], blob))
                elif isinstance(memory, BlobMemory) and last[memory] == value:
                    if wired.layer is not None and math.prod(memory.shape) >= _LARGE:
                        large[slots[value]] = memory
                    else:
                        self._small.append(memory)
                        self._slots.append(slots[value])
        steps = fused(net.graph, list(steps_of(net.graph, net.layers)), {*net.graph.outputs, *last.values()})
        self._steps = list(_with_stores(steps, large, set(self._slots)))
        self.is_possible = not any(wired.type == "Python" for wired in layers)

    def run(self, device: torch.device) -> None:
        """Run the pass on what the blobs of Input layers hold, and the next batch of each data layer.

        Raises `LayerError` as ``net(x)`` does; small blobs stay as they were then.
        """
        given = {name: memory.tensor(device) for name, memory in self._inputs}
        for feed in self._feeds:
            given.update((name, tensor.to(device)) for name, tensor in next(feed).items())
        with torch.no_grad():
            slots = self._net.run(given, self._steps)
            if shares_memory(device):
                put_all(self._small, [slots[slot] for slot in self._slots])
            else:
                for small, slot in zip(self._small, self._slots):
                    small.put(slots[slot])
            for memory, mask, layer, blob in self._masks:
                memory.put(mask(getattr(layer, blob)))
                memory.refresh()


class _Store:
    """The step that stores a large blob, and copies it to a script's array while it is in the processor's cache."""

    def __init__(self, memory: BlobMemory):
        self._memory = memory

    def forward(self, tensor: Tensor) -> tuple[()]:
        """Store the tensor. No tops."""
        self._memory.put(tensor)
        self._memory.refresh()
        return ()


def _with_stores(steps: Iterator[Step], large: dict[int, BlobMemory], small: set[int]) -> Iterator[Step]:
    """The steps, each followed by the stores of its tops in the slots of large blobs; those of small ones are not released."""
    for step in steps:
        yield step._replace(done=tuple(slot for slot in step.done if slot not in small))
        yield from (Step.of(_Store(large[slot]), (slot,), (), (), ()) for slot in step.tops if slot in large)
