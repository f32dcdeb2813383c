"""MaxDrop and StochasticDropout, of sungheonpark's fork (Park and Kwak 2016)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_axes, check_positive, check_share
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_MAX, _STOCHASTIC = "max_drop_param", "stochastic_dropout_param"


class _DrawnInTraining(Layer):
    """The base of layers that drop values in training and change nothing in TEST."""

    keeps_shape = True
    family = "norm"

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factors(x.detach()) if self.training else x

    def factors(self, x: Tensor) -> Tensor:
        """The factors of the values."""
        raise NotImplementedError

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(str(bottoms[0]))


@register("MaxDrop")
class MaxDrop(_DrawnInTraining):
    """In training x (N, C, H, W) with maxima set to 0, each with probability ``prob``.

    ``dim_option: 1``: the maximum of each map, else that of all channels at each place. Where no value is above 0, the first
    takes its place. With it go the other values of its map in a window of ``kernel_h`` x ``kernel_w`` about it; a side of 2k is
    read as 2k + 1. What is kept is multiplied by ``1 / (1 - prob kernel_h kernel_w / (H W))`` for maxima of maps; for maxima of
    channels it is as it was, except with a single channel: there the factor is ``1 - prob kernel_h kernel_w / (H W)``.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.max_drop_param
        check_share(spec, param.prob, _MAX, "prob")
        for side in ("kernel_h", "kernel_w"):
            check_positive(spec, getattr(param, side), _MAX, side)
        self.ratio, self.of_maps = param.prob, param.dim_option == 1
        self.window = tuple(size // 2 * 2 + 1 for size in (param.kernel_h, param.kernel_w))
        _, channels, height, width = shapes[0]
        dropped = param.prob * param.kernel_h * param.kernel_w / (height * width)
        if self.of_maps and dropped >= 1:
            raise spec.refuse(f"drops {dropped:.3g} of each map of {height} x {width}; it must be less than all", _MAX)
        self.factor = 1 / (1 - dropped) if self.of_maps else 1 - dropped if channels == 1 else 1

    def factors(self, x: Tensor) -> Tensor:
        above = x.clamp_min(0)
        if self.of_maps:
            values = above.flatten(2)
            hit = torch.arange(values.shape[2], device=x.device) == values.argmax(2, keepdim=True)
            drawn = torch.rand(*x.shape[:2], 1, 1, device=x.device) < self.ratio
        else:
            hit = torch.arange(x.shape[1], device=x.device)[:, None, None] == above.argmax(1, keepdim=True)
            drawn = torch.rand(x.shape[0], 1, *x.shape[2:], device=x.device) < self.ratio
        dropped = (hit.reshape(x.shape) & drawn).to(x.dtype)
        if self.window != (1, 1):
            dropped = F.max_pool2d(dropped, self.window, 1, [size // 2 for size in self.window])
        return (1 - dropped) * self.factor


@register("StochasticDropout")
class StochasticDropout(_DrawnInTraining):
    """Dropout whose ratio is drawn anew for each pass in training, at most 0.7.

    ``type: 0``: uniform from ``prob_arg1`` to ``prob_arg2``; else normal, with these as mean and deviation, a negative ratio
    counted as 0, or as its size if the mean is 0. What is kept is divided by 1 - ratio, but never multiplied by more than 1.5.
    A pass drops nothing with probability ``1 - prob_layer``.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.stochastic_dropout_param
        self.uniform = param.type == 0
        self.first, self.second, self.share = param.prob_arg1, param.prob_arg2, param.prob_layer
        for field in ("prob_arg1", "prob_arg2"):
            check_at_least(spec, getattr(param, field), 0, _STOCHASTIC, field)
        if not 0 <= self.share <= 1:
            raise spec.refuse(f"has `prob_layer` {self.share:g}; it must be from 0 to 1", _STOCHASTIC, "prob_layer")

    def factors(self, x: Tensor) -> Tensor:
        drawn = torch.rand((), device=x.device) if self.uniform else torch.randn((), device=x.device)
        ratio = self.first + drawn * (self.second - self.first if self.uniform else self.second)
        ratio = ratio.abs() if self.first == 0 else ratio.clamp_min(0)
        ratio = ratio.clamp_max(0.7) * (torch.rand((), device=x.device) < self.share)
        kept = torch.rand(x.shape, device=x.device) >= ratio
        return kept.to(x.dtype) * (1 / (1 - ratio)).clamp_max(1.5).to(x.dtype)
