"""Pooling: the greatest, the mean, or a random element of each window."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_both
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable, arguments, size_text

PARAM = "pooling_param"


@register("Pooling")
class Pooling(Layer):
    """(batch, channels, height, width) to (batch, channels, pooled height, pooled width), sizes rounded up by default.

    MAX: the first greatest element; a second top holds its index in the bottom's plane, as a number of the top's type.
    A window without any number above -FLT_MAX gives that, and index -1; only with a single top, and the usual padding
    of at most half the kernel, does a NaN win its window (as in torch).
    AVE: padding counts, as zeros, within the bottom's size plus ``pad``.
    STOCHASTIC (Zeiler and Fergus 2013): in training an element drawn with a probability proportional to its value,
    else the sum of squares over the sum.

    A window wholly outside the bottom, which a stride above the kernel can leave at the end, is refused: Caffe gives
    NaN or -FLT_MAX for it, and its backward pass writes outside the blob.
    """

    n_tops = between(1, 2)
    fresh_output = True
    family = "windows"
    always_shown = ("pooling_param", "pool")

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.pooling_param
        check_axes(spec, shapes, 4)
        method = param.PoolMethod.Name(param.pool)
        self.with_index = len(spec.tops) == 2
        if self.with_index and method != "MAX":
            raise spec.refuse(
                f"has two tops; the second holds indices, which only MAX pooling has, not {method}", "top", 1)
        if param.HasField("ceil_mode") and param.HasField("round_mode"):
            raise spec.refuse(
                "gives both `round_mode` and the `ceil_mode` of forks; keep `round_mode`", PARAM, "ceil_mode")
        self.ceil: bool = param.ceil_mode if param.HasField("ceil_mode") else param.round_mode == param.CEIL
        self.pad = _pair(spec, "pad", "pad_h", "pad_w", 0)
        self.stride = _pair(spec, "stride", "stride_h", "stride_w", 1)
        self.whole: bool = param.global_pooling
        if self.whole:
            for field in ("kernel_size", "kernel_h", "kernel_w"):
                if param.HasField(field):
                    raise spec.refuse(f"pools globally, so `{field}` has no place: the kernel is the bottom's size",
                                      PARAM, field)
            if self.pad != (0, 0) or self.stride != (1, 1):
                raise spec.refuse(
                    f"pools globally with pad {self.pad} and stride {self.stride}; they must be 0 and 1",
                    PARAM, "global_pooling")
            self.kernel = shapes[0][2:]
        else:
            self.kernel = _pair(spec, "kernel_size", "kernel_h", "kernel_w", None)
        for name, sizes in (("kernel", self.kernel), ("stride", self.stride)):
            if min(sizes) < 1:
                raise spec.refuse(f"has {name} {sizes}; it must be at least 1", PARAM)
        if any(pad >= kernel for pad, kernel in zip(self.pad, self.kernel)):
            raise spec.refuse(f"has pad {self.pad}; it must be smaller than the kernel {self.kernel}", PARAM)
        if method == "STOCHASTIC" and self.pad != (0, 0):
            raise spec.refuse(f"has pad {self.pad}; STOCHASTIC pooling takes none", PARAM)
        # Only so can a window lie wholly outside: with padding it is clipped away.
        self.gaps = self.ceil and self.pad == (0, 0) and any(k < s for k, s in zip(self.kernel, self.stride))
        try:
            self._pooled(shapes[0][2:])
        except ValueError as misfit:
            raise spec.refuse(str(misfit), PARAM) from None
        usual = all(pad <= kernel // 2 for pad, kernel in zip(self.pad, self.kernel))
        self.method: str = {
            "MAX": "_max" if usual and not self.with_index else "_max_any",
            "AVE": "_mean" if self.whole else "_average" if usual else "_average_any",
            "STOCHASTIC": "_stochastic",
        }[method]

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The pooled planes; with two tops also the indices of the elements that won."""
        if self.gaps:
            self._pooled(x.shape[2:])
        return getattr(self, self.method)(x)

    def _pooled(self, sizes: Sequence[int]) -> Shape:
        """The top's height and width, as Caffe rounds them. ValueError where a window sees nothing of the bottom."""
        pooled = []
        for size, kernel, stride, pad in zip(sizes, self._kernel(sizes), self.stride, self.pad):
            steps = (size + 2 * pad - kernel) / stride
            count = (math.ceil(steps) if self.ceil else math.floor(steps)) + 1
            if self.pad != (0, 0) and (count - 1) * stride >= size + pad:
                count -= 1
            if count < 1:
                raise ValueError(f"has a kernel of {kernel}, which does not fit a bottom of size {size} with pad {pad}")
            if (count - 1) * stride - pad >= size:
                raise ValueError(
                    f"would have its last window at {(count - 1) * stride}, outside a bottom of size {size} (kernel "
                    f"{kernel}, stride {stride}), with nothing to pool; `round_mode: FLOOR` leaves that window out")
            pooled.append(count)
        return tuple(pooled)

    def _kernel(self, sizes: Sequence[int]) -> Shape:
        return tuple(sizes) if self.whole else self.kernel

    def _max(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, self._kernel(x.shape[2:]), self.stride, self.pad, ceil_mode=self.ceil)

    def _max_any(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """On a plane padded by hand with the lowest number, for what torch does otherwise or refuses."""
        lowest = torch.finfo(x.dtype).min
        height, width = x.shape[2:]
        padded = enlarge(x.nan_to_num(lowest, math.inf, lowest), self.pad, self._room(x.shape[2:]), lowest)
        top, index = F.max_pool2d(padded, self._kernel((height, width)), self.stride, return_indices=True)
        if not self.with_index:
            return top
        row, column = index // padded.shape[3] - self.pad[0], index % padded.shape[3] - self.pad[1]
        return top, (row * width + column).masked_fill(top == lowest, -1).to(x.dtype)

    def _mean(self, x: Tensor) -> Tensor:
        return x.mean((2, 3), keepdim=True)

    def _average(self, x: Tensor) -> Tensor:
        return F.avg_pool2d(x, self.kernel, self.stride, self.pad, self.ceil, count_include_pad=True)

    def _average_any(self, x: Tensor) -> Tensor:
        """On a plane padded by hand: torch takes no padding above half the kernel."""
        height, width = self._pooled(x.shape[2:])
        top = F.avg_pool2d(enlarge(x, self.pad, self.pad, 0.0), self.kernel, self.stride, ceil_mode=self.ceil)
        return top[:, :, :height, :width]

    def _stochastic(self, x: Tensor) -> Tensor:
        height, width = self._pooled(x.shape[2:])
        kernel = self._kernel(x.shape[2:])
        padded = enlarge(x, self.pad, self._room(x.shape[2:]), 0.0)
        windows = F.unfold(padded, kernel, stride=self.stride)
        windows = windows.reshape(x.shape[0], x.shape[1], math.prod(kernel), height * width)
        return draw(windows, 2, self.training).reshape(x.shape[0], x.shape[1], height, width)

    def _room(self, sizes: Sequence[int]) -> Shape:
        """How much must be added below and to the right for every window to be whole."""
        return tuple(
            max(0, (count - 1) * stride + kernel - size - pad)
            for count, stride, kernel, size, pad in zip(
                self._pooled(sizes), self.stride, self._kernel(sizes), sizes, self.pad))

    def extra_repr(self) -> str:
        return f"{self.method.strip('_')}, kernel={self.kernel}, stride={self.stride}, pad={self.pad}, ceil={self.ceil}"

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, shape = bottoms[0], arguments(
            size_text(self.kernel), stride=(size_text(self.stride), size_text(self.kernel)), padding=(size_text(self.pad), "0"),
            ceil_mode=(self.ceil, False))
        method = "_max" if self.method == "_max_any" and self.with_index else self.method
        if self.whole and method in ("_max", "_mean"):
            return TorchCode(f"{x}.{'amax' if method == '_max' else 'mean'}((2, 3), keepdim=True)")
        if method == "_max":
            if self.with_index and any(2 * pad > kernel for pad, kernel in zip(self.pad, self.kernel)):
                raise NotWritable("gives indices of a plane padded by more than half the kernel")
            with_index = ", return_indices=True" if self.with_index else ""
            return TorchCode.of_member(f"{me}({x})", f"nn.MaxPool2d({shape}{with_index})", {})
        if method == "_average":
            return TorchCode.of_member(f"{me}({x})", f"nn.AvgPool2d({shape})", {})
        kernel, stride, pad, plane = tuple(self.kernel), tuple(self.stride), tuple(self.pad), x.shape[2:]
        if method == "_max_any":
            call = f"padded_max_pool({x}, {kernel}, {stride}, {pad}, {self._room(plane)})"
            return TorchCode(call, functions=(padded_max_pool,))
        if method == "_average_any":
            call = f"padded_average_pool({x}, {kernel}, {stride}, {pad}, {self._pooled(plane)})"
            return TorchCode(call, functions=(padded_average_pool,))
        return TorchCode(f"stochastic_pool({x}, {kernel}, {stride}, {self._room(plane)})", functions=(stochastic_pool,))


def draw(windows: Tensor, axis: int, at_random: bool) -> Tensor:
    """STOCHASTIC pooling along an axis: of each window an element, or, not at random, the mean of what is drawn."""
    if at_random:
        mass = windows.detach().cumsum(axis)
        whole = mass.narrow(axis, -1, 1)
        drawn = mass >= torch.rand_like(whole) * whole
        return windows.gather(axis, drawn.byte().argmax(axis, keepdim=True)).squeeze(axis)
    mass = windows.sum(axis)
    positive = mass > 0
    return windows.square().sum(axis) / mass.where(positive, 1) * positive


def enlarge(x: Tensor, before: Shape, after: Shape, value: float) -> Tensor:
    """The planes with rows and columns of ``value`` before and after them."""
    return F.pad(x, (before[1], after[1], before[0], after[0]), value=value)


def _pair(spec: LayerDefinition, name: str, height: str, width: str, default: int | None) -> Shape:
    """A size of the window for both axes: given once, or as ``_h`` and ``_w``."""
    param = spec.message.pooling_param
    named = [field for field in (height, width) if param.HasField(field)]
    if param.HasField(name):
        if named:
            raise refuse_both(spec, name, named[0], PARAM, named[0])
        return (getattr(param, name),) * 2
    if len(named) == 1:
        raise spec.refuse(f"gives `{named[0]}` without `{width if named[0] == height else height}`", PARAM, named[0])
    if named:
        return getattr(param, height), getattr(param, width)
    if default is None:
        raise spec.refuse(f"needs a `{name}`, or `{height}` and `{width}`, or `global_pooling: true`", PARAM)
    return default, default


def padded_max_pool(x: Tensor, kernel: tuple, stride: tuple, before: tuple, after: tuple) -> Tensor:
    """Max pooling of a plane padded by more than half the kernel, which torch refuses."""
    x = F.pad(x, (before[1], after[1], before[0], after[0]), value=torch.finfo(x.dtype).min)
    return F.max_pool2d(x, kernel, stride)


def padded_average_pool(x: Tensor, kernel: tuple, stride: tuple, pad: tuple, size: tuple) -> Tensor:
    """Average pooling of a plane padded by more than half the kernel, to ``size``; padding counts, as zeros."""
    x = F.pad(x, (pad[1], pad[1], pad[0], pad[0]))
    return F.avg_pool2d(x, kernel, stride, ceil_mode=True)[:, :, : size[0], : size[1]]


def stochastic_pool(x: Tensor, kernel: tuple, stride: tuple, after: tuple) -> Tensor:
    """What stochastic pooling (Zeiler and Fergus 2013) gives at test time: the sum of squares over the sum."""
    x = F.pad(x, (0, after[1], 0, after[0]))
    area = kernel[0] * kernel[1]
    mass, squares = (area * F.avg_pool2d(y, kernel, stride) for y in (x, x * x))
    return torch.where(mass > 0, squares / torch.where(mass > 0, mass, 1), 0)
