"""SumPooling: the sum of each window, of hierarchical bilinear pooling (Yu et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.pooling import enlarge
from netdef.layers.pooling_window import read_window

_PARAM = "sum_pooling_param"


@register("SumPooling")
class SumPooling(Layer):
    """(batch, channels, height, width) to the sums of windows, of Pooling's sizes. Only ``pool: SUM`` is implemented."""

    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.sum_pooling_param
        if param.pool != param.SUM:
            method = param.PoolMethod.Name(param.pool)
            raise spec.refuse(f"has `pool: {method}`, which is that of a Pooling layer; only SUM is implemented", _PARAM, "pool")
        message = deepcopy(spec.message)
        for field, value in param.ListFields():
            if field.name not in ("pool", "engine"):
                setattr(message.pooling_param, field.name, value)
        self.window = read_window(replace(spec, message=message), shapes[0][2:])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *((1, 1) if self.window.whole else self.window.places(bottoms[0][2:])))]

    def forward(self, x: Tensor) -> Tensor:
        plane = x.shape[2:]
        return sum_windows(x, self.window.of(plane), self.window.stride, self.window.before, self.window.room(plane))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        plane, window = bottoms[0].shape[2:], self.window
        sizes = f"{tuple(window.of(plane))}, {tuple(window.stride)}, {tuple(window.before)}, {tuple(window.room(plane))}"
        return TorchCode(f"sum_windows({bottoms[0]}, {sizes})", functions=(enlarge, sum_windows))


def sum_windows(x: Tensor, kernel: tuple, stride: tuple, before: tuple, after: tuple) -> Tensor:
    """The sums of the windows of a plane with zeros around it."""
    return F.avg_pool2d(enlarge(x, before, after, 0.0), kernel, stride, divisor_override=1)
