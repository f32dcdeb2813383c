"""Concat of blobs of two and of four axes, as of LRCN's fork in 2014, where every blob had four."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.concat_slice import Concat
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Concat", when=lambda spec: spec.message.concat_param.drops_last_axes)
class SqueezedConcat(Concat):
    """Concat, after last axes of size 1 are left out of the bottoms that have more axes than the one with the fewest."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, _squeezed(shapes))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return super().top_shapes(_squeezed(bottoms))

    def forward(self, *bottoms: Tensor) -> Tensor:
        return super().forward(*[x.reshape(x.shape[:axes]) for x, axes in zip(bottoms, _axes([x.shape for x in bottoms]))])

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        axes = _axes([x.shape for x in bottoms])
        return super().torch_code(me, [
            x if len(x.shape) == n else Variable(f"{x}.flatten({n - 1})", x.shape[:n]) for x, n in zip(bottoms, axes)])


def _axes(shapes: Sequence[Sequence[int]]) -> list[int]:
    """Return how many axes of each bottom are kept: as many as the shortest bottom has, and at least 2.

    A bottom keeps all its axes if one of the further ones is not of size 1.
    """
    least = max(2, min(map(len, shapes)))
    return [least if set(shape[least:]) <= {1} and len(shape) > least else len(shape) for shape in shapes]


def _squeezed(shapes: Sequence[Shape]) -> list[Shape]:
    return [shape[:axes] for shape, axes in zip(shapes, _axes(shapes))]
