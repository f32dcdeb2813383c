"""Run BatchNorm and the Scale after it as one layer, where nothing reads the blob between them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from torch import Tensor

from netdef.graph.graph import Graph, Value
from netdef.graph.steps import Step, slots_of
from netdef.layers.core.base import Layer, describes_forward


class NormAndScale:
    """A layer with `Layer.normalise` and the layer that multiplies its channels, as one function."""

    def __init__(self, norm: Layer, scale: Layer):
        self.norm, self.scale = norm, scale

    def forward(self, x: Tensor) -> Tensor:
        return self.norm.normalise(x, self.scale.blob("scale"), self.scale.optional_blob("bias"))


def fused(graph: Graph, steps: list[Step], kept: Collection[Value] | None = None) -> Iterator[Step]:
    """The steps, with a normalisation and the Scale that is the only reader of its top as one.

    ``kept`` are the values that the steps have to make: by default the outputs.
    """
    slots, kept = slots_of(graph), graph.outputs if kept is None else kept
    private = {slots[value] for value, readers in graph.readers.items() if len(readers) == 1 and value not in kept}
    scales = {step.bottoms[0]: step for step in steps
              if isinstance(step.run, Layer) and _scales(step.run) and step.only in private}
    fused_slots: set[int] = set()
    for step in steps:
        layer, scale = step.run, scales.get(step.tops[0]) if step.tops else None
        if isinstance(layer, Layer) and scale is not None and _normalises(layer):
            assert isinstance(scale.run, Layer)
            fused_slots.add(step.tops[0])
            yield step._replace(run=NormAndScale(layer, scale.run), tops=scale.tops)
        elif fused_slots.isdisjoint(step.bottoms):
            yield step


def _normalises(layer: Layer) -> bool:
    return layer.normalises_channels and describes_forward(type(layer), "normalise")


def _scales(layer: Layer) -> bool:
    return layer.scales_channels and describes_forward(type(layer), "channel_affine")
