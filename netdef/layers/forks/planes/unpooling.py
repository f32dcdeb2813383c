"""Unpooling, from DeconvNet's fork (Noh et al. 2015) and a pull request of that year: pooled values back to their planes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_shape, check_sizes, read_pair, refuse_both, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_DECONVNETS, _REQUESTS = "unpooling_param", "pooling_param"


@register("Unpooling")
class Unpooling(Layer):
    """(N, C, H, W) to planes of ``unpool_h`` x ``unpool_w``, or as large as the windows reach.

    MAX: zeros, but each value where the second bottom, the index top of MAX Pooling, says, or without it in the upper left
    corner of its window; of several at one place the last one stays, and has the gradient (in the fork all of them have).
    AVE: each value spread over its window, TILE: each value all over its window, where windows overlap the sum. (The fork
    adds to what the top held before, and its gradient of TILE is the mean where the sum is right.)

    The message is ``unpooling_param``, or the pull request's ``pooling_param``: MAX with indices only, planes of
    ``(size - 1) stride + kernel - 2 pad``. These are the planes with ``unpooling_param``, too, for indices without a size, which
    DeconvNet refuses and C2SNet (ArcherFMY) has. Without either they are ``max((size - 1) stride + kernel, size stride + 1)``.
    Indices of one item count for all, and padding is there only with indices; beside a size it has no effect (Caffe-TD).
    An index beyond the plane is left out: those of a pooling of another size go astray, here as there.
    """

    n_bottoms = between(1, 2)
    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if len(shapes) == 1 or shapes[1] != (1, *shapes[0][1:]):  # indices of one item count for all
            check_same_shape(spec, shapes)
        if spec.message.HasField(_DECONVNETS) and spec.message.HasField(_REQUESTS):
            raise refuse_both(spec, _REQUESTS, _DECONVNETS, _DECONVNETS)
        if spec.message.HasField(_REQUESTS):
            self._read_request(spec, len(shapes))
        else:
            self._read_deconvnet(spec, len(shapes))
        for name, sizes in (("kernel", self.kernel), ("stride", self.stride)):
            check_sizes(spec, name, sizes)
        if min(self._plane(shapes[0][2:])) < 1:
            raise spec.refuse(f"makes planes of {self._plane(shapes[0][2:])} from a bottom of shape {shapes[0]}")

    def _read_deconvnet(self, spec: LayerDefinition, n_bottoms: int) -> None:
        param = spec.message.unpooling_param
        self.method: str = param.UnpoolMethod.Name(param.unpool)
        if self.method != "MAX" and n_bottoms == 2:
            raise spec.refuse(f"has indices as its second bottom, which only MAX takes, not {self.method}", "bottom", 1)
        size = read_pair(spec, param, "unpool_size", "unpool_h", "unpool_w", _DECONVNETS)
        self.size = size if size and any(size) else None
        pads = read_pair(spec, param, "pad", "pad_h", "pad_w", _DECONVNETS) or (0, 0)
        if any(pads) and n_bottoms == 1:
            raise spec.refuse("has padding, which is there only with indices", _DECONVNETS, "pad" if param.pad else "pad_h")
        kernel = read_pair(spec, param, "kernel_size", "kernel_h", "kernel_w", _DECONVNETS)
        if kernel is None:
            raise spec.refuse("needs a `kernel_size`, or `kernel_h` and `kernel_w`", _DECONVNETS)
        self.kernel: Shape = kernel
        self.stride: Shape = read_pair(spec, param, "stride", "stride_h", "stride_w", _DECONVNETS) or (1, 1)
        self.less, self.grows = tuple(2 * pad for pad in pads), n_bottoms == 1

    def _read_request(self, spec: LayerDefinition, n_bottoms: int) -> None:
        param = spec.message.pooling_param
        if param.PoolMethod.Name(param.pool) != "MAX" or n_bottoms != 2:
            raise spec.refuse("is of a pull request that has MAX with indices only: give a second bottom, the index top of "
                              "the Pooling", _REQUESTS)
        self.method, self.size, self.grows = "MAX", None, False
        self.kernel = param.kernel_h or param.kernel_size, param.kernel_w or param.kernel_size
        self.stride = param.stride_h or param.stride, param.stride_w or param.stride
        self.less = 2 * (param.pad_h or param.pad), 2 * (param.pad_w or param.pad)

    def _plane(self, sizes: Sequence[int]) -> Shape:
        """The top's height and width."""
        if self.size:
            return self.size
        reach = [(size - 1) * stride + kernel - less
                 for size, stride, kernel, less in zip(sizes, self.stride, self.kernel, self.less)]
        return tuple(max(far, size * stride + 1) if self.grows else far
                     for far, size, stride in zip(reach, sizes, self.stride))

    def forward(self, x: Tensor, index: Tensor | None = None) -> Tensor:
        plane = self._plane(x.shape[2:])
        if self.method == "MAX":
            return place_by_index(x, corners(x, self.stride, plane) if index is None else index.detach(), plane)
        return spread(x, self.kernel, self.stride, plane, self.method == "AVE")

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, plane = bottoms[0], self._plane(bottoms[0].shape[2:])
        if self.method != "MAX":
            call = f"spread({x}, {self.kernel}, {self.stride}, {plane}, {self.method == 'AVE'})"
            return TorchCode(call, functions=(spread,))
        index = bottoms[1] if len(bottoms) == 2 else f"corners({x}, {self.stride}, {plane})"
        return TorchCode(f"place_by_index({x}, {index}, {plane})", functions=(place_by_index, corners))


@register("UnPooling")
class UnPooling(Unpooling):
    """`Unpooling` by indices under the name of later forks. They disagree on everything else, which is refused.

    Of indices with more channels than the values, as ENets have them, the first count.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        param = spec.message.unpooling_param
        if len(shapes) != 2 or param.UnpoolMethod.Name(param.unpool) != "MAX" or not spec.message.HasField(_DECONVNETS):
            raise spec.refuse(f"is of several forks that agree on MAX of `{_DECONVNETS}` with indices as the second bottom only; "
                              "`Unpooling` is DeconvNet's")
        (n, channels, *plane), index = shapes[0], shapes[1]
        if len(index) != 4 or (index[0], *index[2:]) != (n, *plane) or index[1] < channels:
            raise refuse_shapes(spec, shapes, 1, "indices are of the same places, with as many channels or more")
        super().__init__(spec, [shapes[0], shapes[0]])

    def forward(self, x: Tensor, index: Tensor | None = None) -> Tensor:
        return super().forward(x, None if index is None else index[:, : x.shape[1]])

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        code = super().torch_code(me, bottoms)
        return replace(code, call=code.call.replace(f", {bottoms[1]}, ", f", {bottoms[1]}[:, :{bottoms[0].shape[1]}], ", 1))


def place_by_index(x: Tensor, index: Tensor, size: tuple) -> Tensor:
    """Planes of ``size`` with the values of ``x`` at their indices, zeros elsewhere; the last value at an index counts."""
    places, count = index.long().expand_as(x).flatten(2), size[0] * size[1]
    places = places.masked_fill((places < 0) | (places >= count), count)  # one place more, for those beyond
    order = torch.arange(places.shape[2], device=x.device).expand_as(places)
    last = torch.full((*x.shape[:2], count + 1), -1, dtype=torch.long, device=x.device)
    last = last.scatter_reduce(2, places, order, "amax")[..., :count]
    return x.flatten(2).gather(2, last.clamp(min=0)).masked_fill(last < 0, 0).unflatten(2, size)


def corners(x: Tensor, stride: tuple, size: tuple) -> Tensor:
    """The index of the upper left corner of each window, at most the last row and column of a plane of ``size``."""
    rows, columns = ((torch.arange(n, device=x.device) * step).clamp(max=most - 1)
                     for n, step, most in zip(x.shape[2:], stride, size))
    return (rows[:, None] * size[1] + columns).expand(x.shape)


def spread(x: Tensor, kernel: tuple, stride: tuple, size: tuple, divide: bool) -> Tensor:
    """Repeat each value over its window in planes of ``size``, divided by the window's size in the plane if ``divide``."""
    if divide:
        rows, columns = ((most - torch.arange(n, device=x.device) * step).clamp(1, side)
                         for n, step, side, most in zip(x.shape[2:], stride, kernel, size))
        x = x / (rows[:, None] * columns)
    window = torch.ones((1, 1, *kernel), dtype=x.dtype, device=x.device)
    top = F.conv_transpose2d(x.flatten(0, 1)[:, None], window, stride=stride)[..., : size[0], : size[1]]
    top = F.pad(top, (0, size[1] - top.shape[3], 0, size[0] - top.shape[2]))
    return top.reshape(*x.shape[:2], *size)
