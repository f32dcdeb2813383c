"""Correlation, Correlation1D and Corr1d: compare each place of a blob with places around it in another.

FlowNet, Fischer et al. 2015; Corr1d is of Synopsys' fork.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "correlation_param"


class _Correlation(Layer):
    """The correlation of two blobs (N, C, H, W), with one channel of the top for each displacement of the second.

    A value is the mean, over channels and a ``kernel_size`` squared patch, of the products of both, which are padded by
    ``pad``. Displacements are multiples of ``stride_2`` up to ``max_displacement``; every ``stride_1``-th place has a value.
    With ``correlation_type: SUBTRACT`` it is the mean of absolute differences, whose gradient is the true one (the fork takes
    its sign from other places). ``do_abs`` is not read.
    """

    n_bottoms = exactly(2)
    family = "join"
    rows_move = True
    """Whether the second blob is displaced in rows, too."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.correlation_param
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        if param.kernel_size % 2 == 0:
            raise spec.refuse(f"has `kernel_size` {param.kernel_size}; it must be odd", PARAM, "kernel_size")
        for field in ("max_displacement", "stride_1", "stride_2"):
            check_positive(spec, getattr(param, field), PARAM, field)
        self.pad, self.kernel, self.reach = param.pad, param.kernel_size, param.max_displacement
        self.steps = param.stride_1, param.stride_2
        self.subtract: bool = param.CorrelationType.Name(param.correlation_type) == "SUBTRACT"
        self.columns = self._columns(spec)
        self.rows = [step * param.stride_2 for step in _around(self.reach // param.stride_2)] if self.rows_move else [0]
        if min(self._size(shapes[0])) < 1:
            raise spec.refuse(f"has nothing to compare in a bottom of shape {shapes[0]} with displacements up to {self.reach} "
                              f"and pad {self.pad}", PARAM)

    def _columns(self, spec: LayerDefinition) -> list[int]:
        """The displacements in columns."""
        step = self.steps[1]
        return [count * step for count in _around(self.reach // step)]

    def _size(self, shape: Sequence[int]) -> tuple[int, int]:
        """The top's height and width."""
        edge = self.kernel // 2
        height = shape[2] + 2 * (self.pad - self.reach if self.rows_move else 0) - 2 * edge
        width = shape[3] + 2 * (self.pad - self.reach) - 2 * edge
        return math.ceil(height / self.steps[0]), math.ceil(width / self.steps[0])

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return correlate(a, b, self.kernel, self.steps[0], *self._layout(), self._size(a.shape), self.subtract)

    def _layout(self) -> tuple[tuple[int, int], tuple[int, int], list[int], list[int]]:
        """Padding in rows and columns, where the first patch begins, and the displacements."""
        if self.rows_move:
            return (self.pad, self.pad), (self.reach, self.reach), self.rows, self.columns
        return (0, self.pad), (0, self.reach), self.rows, self.columns

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        a, b = bottoms
        layout = ", ".join(map(str, self._layout()))
        call = f"correlate({a}, {b}, {self.kernel}, {self.steps[0]}, {layout}, {self._size(a.shape)}, {self.subtract})"
        return TorchCode(call, functions=(correlate,))

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return math.prod(tops[0]) * bottoms[0][1] * self.kernel**2


@register("Correlation")
class Correlation(_Correlation):
    """`_Correlation` with displacements in rows and columns: channel (row) (2 G + 1) + column, G the number of steps."""


@register("Correlation1D")
class Correlation1D(_Correlation):
    """`_Correlation` with displacements in columns only, as for stereo images; only columns are padded.

    ``single_direction`` 1: to the right, from 0 on; -1: to the left, from one step further than ``max_displacement`` to one
    step. (There the fork reads beyond the border what lies in the row before; here that is 0.)
    """

    rows_move = False

    def _columns(self, spec: LayerDefinition) -> list[int]:
        side, step = spec.message.correlation_param.single_direction, self.steps[1]
        steps = self.reach // step
        if side not in (-1, 0, 1):
            raise spec.refuse(f"has `single_direction` {side}; it is -1, 0 or 1", PARAM, "single_direction")
        counts = {0: _around(steps), 1: range(steps + 1), -1: range(-steps - 1, 0)}[side]
        return [count * step for count in counts]


@register("Corr1d")
class Corr1d(Layer):
    """Sums over channels of each place's products with one 0, 1, ... columns further left in the other blob, a channel each.

    There are ``num_of_shifts`` / ``stride`` of them; a place with none as far left has 0. The fork computes the first image only,
    and has no gradient; here all images are, and they have theirs.
    """

    n_bottoms = exactly(2)
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.corr1d_param
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        check_positive(spec, param.stride, "corr1d_param", "stride")
        self.shifts = param.num_of_shifts // param.stride
        if self.shifts < 1:
            raise spec.refuse(f"has {param.num_of_shifts} shifts over a stride of {param.stride}, which is none", "corr1d_param",
                              "num_of_shifts")

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return correlate_left(a, b, self.shifts)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"correlate_left({bottoms[0]}, {bottoms[1]}, {self.shifts})", functions=(correlate_left,))

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return math.prod(tops[0]) * bottoms[0][1]


def _around(steps: int) -> range:
    return range(-steps, steps + 1)


def correlate(
    a: Tensor, b: Tensor, kernel: int, stride: int, pad: tuple, first: tuple, rows: list, columns: list, size: tuple,
    subtract: bool,
) -> Tensor:
    """FlowNet's correlation of two blobs: one channel for each displacement of the second, rows first.

    A product for each displacement is quickest; in a graph that is exported, a row of them are one, or it has thousands of nodes.
    """
    a = F.pad(a, (pad[1], pad[1], pad[0], pad[0]))
    beyond = max(0, -min(columns) - first[1])  # columns that are read before the padded ones
    b = F.pad(b, (pad[1] + beyond, pad[1], pad[0], pad[0]))
    height, width = ((count - 1) * stride + kernel for count in size)
    mine = a[:, :, first[0] : first[0] + height, first[1] : first[1] + width]
    found = []
    if torch.compiler.is_exporting():
        step = columns[1] - columns[0] if len(columns) > 1 else 1
        left = first[1] + columns[0] + beyond
        b = b[:, :, :, left : left + columns[-1] - columns[0] + width].unfold(3, width, step)
        for row in rows:
            other = b[:, :, first[0] + row : first[0] + row + height]
            products = (mine[:, :, :, None] - other).abs() if subtract else mine[:, :, :, None] * other
            found.append(products.mean(1).transpose(1, 2))
        return F.avg_pool2d(torch.cat(found, 1), kernel, stride)
    for row in rows:
        for column in columns:
            top, left = first[0] + row, first[1] + column + beyond
            other = b[:, :, top : top + height, left : left + width]
            found.append(((mine - other).abs() if subtract else mine * other).mean(1))
    return F.avg_pool2d(torch.stack(found, 1), kernel, stride)


def correlate_left(a: Tensor, b: Tensor, shifts: int) -> Tensor:
    """Sums over channels of products with places that are 0, 1, ... further left in ``b``."""
    width = a.shape[3]
    b = F.pad(b, (shifts - 1, 0))
    return torch.stack([(a * b[..., shifts - 1 - shift : shifts - 1 - shift + width]).sum(1) for shift in range(shifts)], 1)
