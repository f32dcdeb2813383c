"""PoolingNum, Cut and SingleSlice: items pooled, and some of them taken. Of Lyp100208's Caffe_action."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable


@register("PoolingNum")
class PoolingNum(Layer):
    """One value (N / kernel_size, C, 1, 1) of each ``kernel_size`` items' planes (N, C, H, W): MAX, AVE or STOCHASTIC.

    STOCHASTIC draws a value with probabilities proportional to the values' sigmoids, and in TEST gives their mean with these as
    weights; it has no gradient in TEST.
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.pooling_num_param
        check_axes(spec, shapes, 4)
        check_positive(spec, param.kernel_size, "pooling_num_param", "kernel_size")
        if shapes[0][0] % param.kernel_size:
            raise spec.refuse(f"has {shapes[0][0]} items, which groups of {param.kernel_size} do not divide", "pooling_num_param",
                              "kernel_size")
        self.size: int = param.kernel_size
        self.method: str = param.PoolMethod.Name(param.pool)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0] // self.size, bottoms[0][1], 1, 1)]

    def forward(self, x: Tensor) -> Tensor:
        values = x.unflatten(0, (-1, self.size)).transpose(1, 2).flatten(2)
        if self.method == "MAX":
            top = values.gather(2, values.argmax(2, keepdim=True))
        elif self.method == "AVE":
            top = values.mean(2, keepdim=True)
        else:
            top = self._drawn(values)
        return top[..., None]

    def _drawn(self, values: Tensor) -> Tensor:
        chances = values.detach().sigmoid()
        if not self.training:
            return (values.detach() * chances).sum(2, keepdim=True) / chances.sum(2, keepdim=True).clamp(min=1e-38)
        sums = chances.cumsum(2)
        drawn = torch.rand_like(sums[..., -1:]) * sums[..., -1:]
        return values.gather(2, (sums < drawn).sum(2, keepdim=True).clamp(max=values.shape[2] - 1))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.method == "STOCHASTIC":
            raise NotWritable("draws random numbers in training")
        values = f"{bottoms[0]}.unflatten(0, (-1, {self.size})).transpose(1, 2).flatten(2)"
        pooled = f"{values}.amax(2)" if self.method == "MAX" else f"{values}.mean(2)"
        return TorchCode(f"{pooled}[..., None, None]")


@register("Cut")
class Cut(Layer):
    """Parts ``start`` to ``end``, both counted from 0 and included, of ``fold`` equal parts of the items."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.cut_param
        check_least_axes(spec, shapes, 1)
        check_positive(spec, param.fold, "cut_param", "fold")
        if not 0 <= param.start <= param.end < param.fold:
            raise spec.refuse(f"takes parts {param.start} to {param.end} of {param.fold}; they count from 0", "cut_param")
        if shapes[0][0] % param.fold:
            raise spec.refuse(f"has {shapes[0][0]} items, which {param.fold} parts do not divide", "cut_param", "fold")
        part = shapes[0][0] // param.fold
        self.first, self.last = part * param.start, part * (param.end + 1)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(self.last - self.first, *bottoms[0][1:])]

    def forward(self, x: Tensor) -> Tensor:
        return x[self.first : self.last]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}[{self.first}:{self.last}]")


@register("SingleSlice")
class SingleSlice(Layer):
    """The ``last_n`` of slice_param last steps of each sequence of (T, N, ...), whose lengths are the second bottom. No gradient.

    With ``do_squeeze`` a single one loses its axis.
    """

    n_bottoms = exactly(2)
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.slice_param
        check_least_axes(spec, shapes, 2)
        if math.prod(shapes[1]) != shapes[0][1]:
            raise refuse_shapes(spec, shapes, 1, "it wants the length of each sequence")
        if not 1 <= param.last_n <= shapes[0][0]:
            raise spec.refuse(f"takes the last {param.last_n} of {shapes[0][0]} steps", "slice_param", "last_n")
        self.count: int = param.last_n
        self.squeezes = param.do_squeeze and self.count == 1

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0][1:] if self.squeezes else (self.count, *bottoms[0][1:])]

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        x, ends = x.detach(), lengths.detach().flatten().long()
        if not x.is_meta and not bool(((ends >= self.count) & (ends <= len(x))).all()):
            raise NetdefError(f"layer `{self.name}` (SingleSlice) got lengths {ends.tolist()}; it takes the last {self.count} of "
                              f"{len(x)} steps")
        places = ends - self.count + torch.arange(self.count, device=x.device)[:, None]
        top = x.gather(0, places.reshape(self.count, -1, *[1] * (x.ndim - 2)).expand(-1, -1, *x.shape[2:]))
        return top[0] if self.squeezes else top
