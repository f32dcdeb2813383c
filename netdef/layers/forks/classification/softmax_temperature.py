"""SoftmaxTemperature and LogSumExp: soft maxima, of shenyunhang's caffe-wsl."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("SoftmaxTemperature")
class SoftmaxTemperature(Layer):
    """The softmax of (N, C) times ``temperature``; with ``is_append`` as if there were one class more, of score 0."""

    keeps_shape = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 2)
        param = spec.message.softmax_temperature_param
        self.factor, self.appends = param.temperature, param.is_append

    def forward(self, x: Tensor) -> Tensor:
        return softmax_beside(x * self.factor, self.appends)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"softmax_beside({bottoms[0]} * {number(self.factor)}, {self.appends})", functions=(softmax_beside,))


def softmax_beside(x: Tensor, appends: bool) -> Tensor:
    """The softmax of (N, C), of one more score of 0 if ``appends``."""
    return torch.cat((x, torch.zeros_like(x[:, :1])), 1).softmax(1)[:, :-1] if appends else x.softmax(1)


@register("LogSumExp")
class LogSumExp(Layer):
    """(N, C, ...) to (1, C, 1, 1): ``log(mean(exp(r x))) / r`` of each channel over items and places."""

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.r: float = spec.message.log_sum_exp_param.r
        if not self.r or not math.isfinite(self.r):
            raise spec.refuse(f"has `r` {self.r:g}; it must be a finite number other than 0", "log_sum_exp_param", "r")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, bottoms[0][1], 1, 1)]

    def forward(self, x: Tensor) -> Tensor:
        return log_mean_exp(x, self.r)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"log_mean_exp({bottoms[0]}, {number(self.r)})", functions=(log_mean_exp,))


def log_mean_exp(x: Tensor, r: float) -> Tensor:
    """``log(mean(exp(r x))) / r`` of each channel of (N, C, ...), as (1, C, 1, 1)."""
    numbers = x.transpose(0, 1).flatten(1)
    means = (numbers * r).logsumexp(1) - torch.full((), float(numbers.shape[1])).log().to(x)
    return (means / r).reshape(1, -1, 1, 1)
