"""CompactBilinear, SignedSqrt and L2Normalize, of compact bilinear pooling (Gao et al. 2016)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes, check_positive, refuse_shapes
from netdef.layers.core.glibc_rand import glibc_rand
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "compact_bilinear_param"


@register("CompactBilinear")
class CompactBilinear(Layer):
    """The outer products of the channels of two bottoms, place by place, counted into ``num_output`` channels.

    Product (i, j) is added to channel ``(h_i + g_j) mod num_output`` with the sign ``s_i t_j``: the circular convolution of two
    count sketches. h, s, g and t are the numbers of C's ``rand`` after ``srand(1)``, in this order, as glibc draws them, so that
    trained weights fit. Bottoms (N, C, H, W) and (N, D, H, W); top (N, num_output, H, W), with ``sum_pool``, the default, its sum
    over places, (N, num_output, 1, 1).
    """

    n_bottoms = exactly(2)
    refuses_inplace = True
    needs_float32 = True
    sketch_a: Tensor
    sketch_b: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.compact_bilinear_param
        check_axes(spec, shapes, 4)
        if len(shapes[1]) != 4 or (shapes[0][0], *shapes[0][2:]) != (shapes[1][0], *shapes[1][2:]):
            raise refuse_shapes(spec, shapes, 1, "they may differ in their channels only")
        check_positive(spec, param.num_output, PARAM, "num_output")
        self.outputs: int = param.num_output
        self.sums: bool = param.sum_pool
        draws = glibc_rand(1)
        for name, shape in (("a", shapes[0]), ("b", shapes[1])):
            columns = [next(draws) % self.outputs for _ in range(shape[1])]
            signs = [2 * (next(draws) % 2) - 1 for _ in range(shape[1])]
            self.add_constant(f"sketch_{name}", (2, shape[1]), partial(_copy, numbers=[columns, signs]))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.outputs, *((1, 1) if self.sums else bottoms[0][2:]))]

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return compact_products(a, b, self.sketch_a, self.sketch_b, self.outputs, self.sums)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        sketches = {"_sketch_a": self.sketch_a, "_sketch_b": self.sketch_b}
        return TorchCode(
            f"compact_products({bottoms[0]}, {bottoms[1]}, {me}_sketch_a, {me}_sketch_b, {self.outputs}, {self.sums})",
            {name: f"nn.Parameter(torch.zeros({tuple(blob.shape)}))" for name, blob in sketches.items()},
            {name: {"": blob} for name, blob in sketches.items()}, (compact_products,))


@register("SignedSqrt")
class SignedSqrt(Layer):
    """``sign(x) sqrt(|x|)``. The gradient is the top's divided by ``2 (|y| + 0.03)``, as in the fork: finite at 0."""

    refuses_inplace = True
    keeps_shape = True

    def forward(self, x: Tensor) -> Tensor:
        top: Tensor = _Root.apply(x)
        return top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.sign() * {bottoms[0]}.abs().sqrt()")


class _Root(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        top = x.sign() * x.abs().sqrt()
        ctx.save_for_backward(top)
        return top

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (top,) = ctx.saved_tensors
        return gradient / (2 * (top.abs() + 0.03))


@register("L2Normalize")
class L2Normalize(Layer):
    """Each item divided by the length of its numbers: ``x / sqrt(sum x^2 + 1e-7)``."""

    refuses_inplace = True
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)

    def forward(self, x: Tensor) -> Tensor:
        return unit_items(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"unit_items({bottoms[0]})", functions=(unit_items,))


def unit_items(x: Tensor, small: float = 1e-7) -> Tensor:
    """Items of length 1; a small number is added to the sums of their squares."""
    squares = x.square().flatten(1).sum(1) + small
    return x * squares.rsqrt().reshape(-1, *[1] * (x.ndim - 1))


def compact_products(a: Tensor, b: Tensor, sketch_a: Tensor, sketch_b: Tensor, outputs: int, sums: bool) -> Tensor:
    """The circular convolution of the sketches of two blobs at each place; a sketch has the channels' columns and signs."""
    spectra = []
    for x, (columns, signs) in ((a, sketch_a), (b, sketch_b)):
        counted = x.new_zeros(len(x), outputs, *x.shape[2:]).index_add(1, columns.long(), x * signs.to(x)[:, None, None])
        spectra.append(torch.fft.rfft(counted, dim=1))
    product = spectra[0] * spectra[1]
    if sums:
        product = product.sum((2, 3), keepdim=True)
    return torch.fft.irfft(product, n=outputs, dim=1)


def _copy(blob: Tensor, numbers: list[list[int]]) -> None:
    """Fill a blob with given numbers."""
    blob.copy_(torch.tensor(numbers))
