"""Downsample, of FlowNet's forks: planes made smaller by weighted means."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, read_size
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "downsample_param"


@register("Downsample")
class Downsample(Layer):
    """Planes in another size, ``top_height`` x ``top_width`` or that of a second bottom. Fischer et al. 2015.

    Row i of the top lies at row ``i (H - 1) / (h - 1)`` of the bottom, columns likewise. It is the mean of the bottom's values,
    each weighted by 1 less its distance over that step, along rows times along columns, if above 0. NaNs do not count; more of
    them than half the others' weight make NaN. The fork has no backward pass; here the gradient is the exact one. A top of one
    row or column, for which it divides by 0, is the bottom's first there.
    """

    n_bottoms = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if len(shapes) == 2:
            check_axes(spec, shapes, 4, 1)
            self.size: tuple[int, int] = (shapes[1][2], shapes[1][3])
        else:
            self.size = read_size(spec, spec.message.downsample_param, "top_height", "top_width", PARAM)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self.size)]

    def forward(self, x: Tensor, like: Tensor | None = None) -> Tensor:
        return downsample(x, self.size)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"downsample({bottoms[0]}, {self.size})", functions=(downsample, downsample_weights))


def downsample(x: Tensor, size: tuple) -> Tensor:
    """FlowNet's means of planes (N, C, H, W) around the places of planes of a size."""
    if tuple(x.shape[2:]) == tuple(size):
        return x.clone()
    rows, columns = (downsample_weights(old, new).to(x) for old, new in zip(x.shape[2:], size))
    unknown = x.isnan()
    total = rows @ x.masked_fill(unknown, 0) @ columns.T
    known, lost = (rows @ mask.to(x) @ columns.T for mask in (~unknown, unknown))
    return (total / known).masked_fill(lost / known > 0.5, float("nan"))


def downsample_weights(old: int, new: int) -> Tensor:
    """The weights (new, old) of an axis; not normalised."""
    step = (old - 1) / (new - 1) if new > 1 else 1.0
    place = torch.arange(new, dtype=torch.float64) * step
    distance = (place[:, None] - torch.arange(old, dtype=torch.float64)).abs()
    return (1 - distance / step if step else (distance == 0).double()).clamp(min=0)
