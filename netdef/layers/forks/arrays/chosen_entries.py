"""TopkGather, Where4 and Where4Gathernd: the first entries of an order that the bottom gives. Of Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_axes, check_least_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("TopkGather")
class TopkGather(Layer):
    """The ``top_k`` greatest entries along ``axis``, the greatest first; of equal ones the last.

    The first line along the axis gives the order for all lines. Without an ``axis`` it is the first axis, and the order that of
    as many numbers from the beginning of the blob. The fork has no gradient of it; here it has its own.
    """

    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.topk_gather_param
        check_least_axes(spec, shapes, 1)
        check_positive(spec, param.top_k, "topk_gather_param", "top_k")
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), "topk_gather_param", "axis")
        self.named: bool = param.HasField("axis")
        self.top_k = param.top_k
        if self.top_k > shapes[0][self.axis]:
            raise spec.refuse(f"takes {self.top_k} entries of axis {self.axis}, of size {shapes[0][self.axis]}",
                              "topk_gather_param", "top_k")

    def forward(self, x: Tensor) -> Tensor:
        return top_entries(x, self.axis, self.top_k, self.named)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"top_entries({bottoms[0]}, {self.axis}, {self.top_k}, {self.named})", functions=(top_entries,))


class ByLevel(Layer):
    """The base of layers whose bottom ``levels`` gives, for each of N boxes of one image, a level of a pyramid, (1, N).

    Boxes are taken in the order of their levels and, within one, of their numbers. Levels are truncated to integers.
    """

    refuses_inplace = True
    levels: int
    """The bottom with the levels."""
    param: str

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = getattr(spec.message, self.param), shapes[self.levels]
        check_axes(spec, shapes, 2, self.levels)
        if shape[0] != 1 or canonical_axis(spec, param.axis, 2, self.param, "axis") != 1:
            raise spec.refuse(f"wants levels (1, N), of one image, with `axis` 1; they have shape {shape}", "bottom", self.levels)
        check_positive(spec, param.num_output, self.param, "num_output")
        if param.num_output > shape[1]:
            raise spec.refuse(f"takes {param.num_output} of {shape[1]} boxes", self.param, "num_output")
        self.count: int = param.num_output

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Levels."""
        return torch.randint(2, 6, shape, generator=generator).float() if index == self.levels else None


@register("Where4")
class Where4(ByLevel):
    """The indices (num_output, 2) of boxes in the order of their levels (1, N): a 0, and the number of the box. No gradient.

    The fork wants levels of 2 to 5.
    """

    levels = 0
    param = "where4_param"

    def forward(self, levels: Tensor) -> Tensor:
        order = by_level(levels, self.count).to(levels.dtype)
        return torch.stack((torch.zeros_like(order), order), 1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"F.pad(by_level({x}, {self.count}).to({x}.dtype)[:, None], (1, 0))", functions=(by_level,))


@register("Where4Gathernd")
class Where4Gathernd(ByLevel):
    """Entries (1, N, ...) in the order of their levels (1, N), the second bottom: the first ``num_output``, (num_output, ...).

    The fork wants levels of 2 to 5, and has no gradient of it; here the entries have theirs.
    """

    n_bottoms = exactly(2)
    levels = 1
    param = "where4_gathernd_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if shapes[0][:2] != shapes[1]:
            raise spec.refuse(f"has entries of shape {shapes[0]} and levels of shape {shapes[1]}; it wants a level for each",
                              "bottom", 0)

    def forward(self, entries: Tensor, levels: Tensor) -> Tensor:
        return entries[0, by_level(levels, self.count)]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}[0, by_level({bottoms[1]}, {self.count})]", functions=(by_level,))


def top_entries(x: Tensor, axis: int, count: int, named: bool) -> Tensor:
    """The greatest entries along an axis, in the order of its first line or, unless it is named, of the first numbers."""
    size = x.shape[axis]
    line = x.detach().movedim(axis, -1).flatten()[:size] if named else x.detach().flatten()[:size]
    order = size - 1 - line.flip(0).argsort(descending=True, stable=True)[:count]
    return x.index_select(axis, order)


def by_level(levels: Tensor, count: int) -> Tensor:
    """The first boxes in the order of their levels (1, N)."""
    return levels.detach()[0].long().argsort(stable=True)[:count]
