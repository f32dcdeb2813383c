"""Pooling: the maximum, the minimum, the mean, or a random element of each window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable, arguments, size_text
from netdef.layers.pooling_window import PARAM, read_window


@register("Pooling")
class Pooling(Layer):
    """(batch, channels, height, width) to (batch, channels, pooled height, pooled width), sizes rounded up by default.

    A bottom of five axes, volumes, is pooled over the last three, by MAX or AVE, as in pull requests, intel's and yjxiong's
    forks: by ``kernel_size``, ``stride`` and ``pad`` given once, or once for each axis.

    MAX: the first greatest element; a second top holds its index in the bottom's plane, as a number of the top's type.
    A window without any number above -FLT_MAX gives that, and index -1; only with a single top, and the usual padding
    of at most half the kernel, does a NaN win its window (as in torch).
    MIN, of IQA_CNN (a pull request to BVLC/caffe): the same of the first least element, below FLT_MAX.
    AVE: padding counts, as zeros, within the bottom's size plus the padding. AVE_EXC_PAD, which is also AVE_TF, from
    Synopsys' fork: it does not, nor with intel's ``avg_include_pad: false``.
    STOCHASTIC (Zeiler and Fergus 2013): in training an element drawn with a probability proportional to its value,
    else the sum of squares over the sum.

    From Synopsys' fork: ``pad_l``, ``pad_r``, ``pad_t``, ``pad_b``, each side by itself instead of ``pad``; a window
    that would begin behind the plane is left out whatever ``round_mode`` is. ``pad_type: 1`` is TensorFlow's SAME; as
    when the fork's nets were written it comes before ``pad``, ``pad_h`` and ``pad_w``.

    From naibaf7's fork: ``dilation``, steps between the values of a window, of MAX with one top.

    A window wholly outside the bottom, which a stride above the kernel can leave at the end, is refused: Caffe gives
    NaN or -FLT_MAX for it, and its backward pass writes outside the blob. If a side of the kernel is 1 it is left out, as
    in intel's fork.
    """

    n_tops = between(1, 2)
    fresh_output = True
    family = "windows"
    always_shown = ("pooling_param", "pool")

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.pooling_param
        if len(shapes[0]) != 5:
            check_axes(spec, shapes, 4)
        method = param.PoolMethod.Name(param.pool)
        self.with_index = len(spec.tops) == 2
        self.of_least = method == "MIN"  # the greatest of what is negated
        method = "MAX" if self.of_least else method
        if self.with_index and method != "MAX":
            raise spec.refuse(
                f"has two tops; the second holds indices, which only MAX pooling has, not {method}", "top", 1)
        self.window = window = read_window(spec, shapes[0][2:])
        padded = any(window.before) or any(window.after) or window.same
        if method == "STOCHASTIC" and padded:
            raise spec.refuse(f"has pad {window.before}; STOCHASTIC pooling takes none", PARAM)
        self._check_volumes(spec, method)
        self.may_miss = window.may_miss
        self.counts_padding = method == "AVE" and param.avg_include_pad
        self.method: str = {
            "MAX": "_max" if window.is_even and not self.with_index else "_max_any",
            "STOCHASTIC": "_stochastic",
        }.get(method, "_mean" if window.whole else "_average" if window.is_even else "_average_any")
        # What torch's functions take beside the plane, where that does not depend on the plane.
        sizes = window.kernel, window.stride, window.before
        self.of_max = *sizes, window.dilation or 1, window.ceil
        self.of_average = *sizes, window.ceil, self.counts_padding
        if window.dilation and self.method != "_max":
            raise spec.refuse("has `dilation`; that takes MAX, one top, and a pad of at most half the kernel on both sides",
                              PARAM, "dilation", 0)

    def _check_volumes(self, spec: LayerDefinition, method: str) -> None:
        """Refuse for volumes what only planes have here."""
        window = self.window
        simple = window.is_even and not self.with_index and method != "STOCHASTIC"
        if len(window.kernel) == 3 and not simple:
            raise spec.refuse("pools volumes; that takes MAX or AVE, one top, and a pad of at most half the kernel on both sides",
                              PARAM)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        batch, channels, *plane = bottoms[0]
        pooled = batch, channels, *((1,) * len(plane) if self.window.whole else self.window.places(plane))
        return [pooled] * (2 if self.with_index else 1)

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The pooled planes; with two tops also the indices of the maxima."""
        if self.may_miss:
            self.window.places(x.shape[2:])
        pool = getattr(self, self.method)
        if not self.of_least:
            return pool(x)
        made = pool(-x)
        return (-made[0], made[1]) if self.with_index else -made

    def _max(self, x: Tensor) -> Tensor:
        pool = torch.max_pool2d if x.ndim == 4 else torch.max_pool3d
        if self.window.whole:
            return pool(x, x.shape[2:], *self.of_max[1:])
        return pool(x, *self.of_max)

    def _max_any(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Max pooling of a plane padded with the lowest number, for windows that torch refuses or treats differently."""
        lowest, plane, window = torch.finfo(x.dtype).min, x.shape[2:], self.window
        before, _ = window.padding(plane)
        padded = enlarge(x.nan_to_num(lowest, math.inf, lowest), before, window.room(plane), lowest)
        top, index = F.max_pool2d(padded, window.of(plane), window.stride, return_indices=True)
        if not self.with_index:
            return top
        row, column = index // padded.shape[3] - before[0], index % padded.shape[3] - before[1]
        return top, (row * plane[1] + column).masked_fill(top == lowest, -1).to(x.dtype)

    def _mean(self, x: Tensor) -> Tensor:
        return x.mean(tuple(range(2, x.ndim)), keepdim=True)

    def _average(self, x: Tensor) -> Tensor:
        pool = F.avg_pool2d if x.ndim == 4 else F.avg_pool3d
        return pool(x, *self.of_average)

    def _average_any(self, x: Tensor) -> Tensor:
        """Average pooling of a padded plane: torch takes no padding above half the kernel."""
        window, plane = self.window, x.shape[2:]
        return padded_average_pool(
            x, window.kernel, window.stride, *window.padding(plane), window.places(plane), self.counts_padding)

    def _stochastic(self, x: Tensor) -> Tensor:
        window, plane = self.window, x.shape[2:]
        kernel, (height, width) = window.of(plane), window.places(plane)
        padded = enlarge(x, (0, 0), window.room(plane), 0.0)
        windows = F.unfold(padded, kernel, stride=window.stride)
        windows = windows.reshape(x.shape[0], x.shape[1], math.prod(kernel), height * width)
        return draw(windows, 2, self.training).reshape(x.shape[0], x.shape[1], height, width)

    def extra_repr(self) -> str:
        window = self.window
        pad = window.before if window.before == window.after else (window.before, window.after)
        method = "min" if self.of_least else self.method.strip("_")
        return f"{method}, kernel={window.kernel}, stride={window.stride}, pad={pad}, ceil={window.ceil}"

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.of_least:
            return self._code_of_least(me, bottoms)
        return self._code(me, str(bottoms[0]), bottoms[0].shape[2:])

    def _code_of_least(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.with_index:
            raise NotWritable("gives indices of the least values")
        code = self._code(me, f"(-{bottoms[0]})", bottoms[0].shape[2:])
        return replace(code, call=f"-{code.call}")

    def _code(self, me: str, x: str, plane: Shape) -> TorchCode:
        window = self.window
        kernel, stride = tuple(window.kernel), tuple(window.stride)
        before, after = window.padding(plane)
        made = arguments(
            size_text(kernel), stride=(size_text(stride), size_text(kernel)), padding=(size_text(before), "0"),
            dilation=(size_text(window.dilation or (1,)), "1"), ceil_mode=(window.ceil, False))
        method = "_max" if self.method == "_max_any" and self.with_index else self.method
        if window.whole and method in ("_max", "_mean"):
            return TorchCode(f"{x}.{'amax' if method == '_max' else 'mean'}({tuple(range(2, len(plane) + 2))}, keepdim=True)")
        if method == "_max":
            if self.with_index and not window.is_even:
                raise NotWritable("gives indices of a plane padded by more than half the kernel, or unevenly")
            with_index = ", return_indices=True" if self.with_index else ""
            return TorchCode.of_member(f"{me}({x})", f"nn.MaxPool{len(plane)}d({made}{with_index})", {})
        if method == "_average":
            count = "" if self.counts_padding or not any(before) else ", count_include_pad=False"
            return TorchCode.of_member(f"{me}({x})", f"nn.AvgPool{len(plane)}d({made}{count})", {})
        if method == "_max_any":
            call = f"padded_max_pool({x}, {kernel}, {stride}, {before}, {window.room(plane)})"
            return TorchCode(call, functions=(padded_max_pool,))
        if method == "_average_any":
            sizes = f"{before}, {after}, {window.places(plane)}, {self.counts_padding}"
            return TorchCode(f"padded_average_pool({x}, {kernel}, {stride}, {sizes})", functions=(padded_average_pool,))
        return TorchCode(f"stochastic_pool({x}, {kernel}, {stride}, {window.room(plane)})", functions=(stochastic_pool,))


def draw(windows: Tensor, axis: int, at_random: bool) -> Tensor:
    """STOCHASTIC pooling along an axis: a random element of each window, or the expected value."""
    if at_random:
        mass = windows.detach().cumsum(axis)
        whole = mass.narrow(axis, -1, 1)
        drawn = mass >= torch.rand_like(whole) * whole
        return windows.gather(axis, drawn.byte().argmax(axis, keepdim=True)).squeeze(axis)
    mass = windows.sum(axis)
    positive = mass > 0
    return windows.square().sum(axis) / mass.where(positive, 1) * positive


def enlarge(x: Tensor, before: tuple[int, ...], after: tuple[int, ...], value: float) -> Tensor:
    """Pad planes with rows and columns of ``value``."""
    return F.pad(x, (before[1], after[1], before[0], after[0]), value=value)


def padded_max_pool(x: Tensor, kernel: tuple, stride: tuple, before: tuple, after: tuple) -> Tensor:
    """Max pooling of a plane padded by more than half the kernel, which torch refuses."""
    x = F.pad(x, (before[1], after[1], before[0], after[0]), value=torch.finfo(x.dtype).min)
    return F.max_pool2d(x, kernel, stride)


def padded_average_pool(
    x: Tensor, kernel: tuple, stride: tuple, before: tuple, after: tuple, size: tuple, counts_padding: bool
) -> Tensor:
    """Average pooling, to ``size``, of a plane padded on each side by itself; the padding counts, as zeros, or not at all."""
    parts = [x] if counts_padding else [x, torch.ones_like(x[:1, :1])]  # what is inside
    parts = [F.pad(part, (before[1], after[1], before[0], after[0])) for part in parts]
    parts = [F.avg_pool2d(part, kernel, stride, ceil_mode=True)[:, :, : size[0], : size[1]] for part in parts]
    return parts[0] if counts_padding else parts[0] / parts[1]


def stochastic_pool(x: Tensor, kernel: tuple, stride: tuple, after: tuple) -> Tensor:
    """Stochastic pooling at test time (Zeiler and Fergus 2013): the sum of squares over the sum."""
    x = F.pad(x, (0, after[1], 0, after[0]))
    area = kernel[0] * kernel[1]
    mass, squares = (area * F.avg_pool2d(y, kernel, stride) for y in (x, x * x))
    return torch.where(mass > 0, squares / torch.where(mass > 0, mass, 1), 0)
