"""Products of unlike blobs, from forks: Axpy, BroadcastMul and others, and Eltwise with a blob of coefficients."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_shape, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Axpy")
class Axpy(Layer):
    """``a * x + y``: bottoms a (N, channels), or with axes of size 1 behind, x and y (N, channels, height, width).

    From the fork of squeeze-and-excitation nets (Hu et al. 2018).
    """

    n_bottoms = exactly(3)
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        a, x, y = shapes
        if x != y:
            raise spec.refuse(f"adds bottoms of shapes {x} (`{spec.bottoms[1]}`) and {y} (`{spec.bottoms[2]}`); they must "
                              "agree", "bottom", 2)
        if len(x) < 2 or a[:2] != x[:2] or any(size != 1 for size in a[2:]):
            raise spec.refuse(f"wants one factor a channel, shape {x[:2]}; `{spec.bottoms[0]}` has shape {a}", "bottom", 0)

    def forward(self, a: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return a.reshape(*x.shape[:2], *[1] * (x.ndim - 2)) * x + y

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        a, x, y = bottoms
        return TorchCode(f"{a}.reshape(*{x}.shape[:2], *[1] * ({x}.ndim - 2)) * {x} + {y}")


@register("BroadcastMul")
class BroadcastMul(Layer):
    """``a * x``: the larger of two bottoms, and a factor for each of its channels, (N, C), or with axes of size 1 behind.

    From jolibrain's fork (DeepDetect), for EfficientNet. Its backward on the CPU writes over the bottoms; here it is that of the
    GPU.
    """

    n_bottoms = exactly(2)
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.large = 0 if math.prod(shapes[0]) >= math.prod(shapes[1]) else 1
        x, a = shapes[self.large], shapes[1 - self.large]
        if len(x) < 2 or a[:2] != x[:2] or any(size != 1 for size in a[2:]):
            raise refuse_shapes(spec, shapes, 1, "one must have a number for each channel of each item of the other")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[self.large]]

    def forward(self, *bottoms: Tensor) -> Tensor:
        x, a = bottoms[self.large], bottoms[1 - self.large]
        return x * a.reshape(*x.shape[:2], *[1] * (x.ndim - 2))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, a = bottoms[self.large], bottoms[1 - self.large]
        return TorchCode(f"{x} * {a}.reshape(*{x}.shape[:2], *[1] * ({x}.ndim - 2))")


@register("Scale", when=lambda spec: spec.message.scale_param.HasField("scale_factor"))
class FixedScale(Layer):
    """Each bottom times ``scale_factor``, a number of the text. Of TransferNet (Hong et al. 2016); it has no blobs."""

    n_bottoms = at_least(1)
    n_tops = at_least(1)
    equal_bottoms_tops = True
    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.factor: float = spec.message.scale_param.scale_factor

    def forward(self, *bottoms: Tensor) -> Tensor | tuple[Tensor, ...]:
        tops = tuple(x * self.factor for x in bottoms)
        return tops if len(tops) > 1 else tops[0]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(", ".join(f"{x} * {number(self.factor)}" for x in bottoms))


@register("SpatialProduct")
class SpatialProduct(Layer):
    """(N, C, H, W) times a factor for each place, (N, 1, H, W). Of DeepLab's fork."""

    n_bottoms = exactly(2)
    keeps_shape = True
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if len(shapes[0]) < 2 or shapes[1] != (shapes[0][0], 1, *shapes[0][2:]):
            raise refuse_shapes(spec, shapes, 1, "it wants a factor for each place")

    def forward(self, x: Tensor, factors: Tensor) -> Tensor:
        return x * factors

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]} * {bottoms[1]}")


@register("OuterProduct")
class OuterProduct(Layer):
    """Each number of (N, A) times each of (N, B): (N, A, B, 1). The first bottom gets no gradient. Of JADF (BOBrown)."""

    n_bottoms = exactly(2)
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index, shape in enumerate(shapes):
            if len(shape) < 2 or shape[0] != shapes[0][0] or any(size != 1 for size in shape[2:]):
                raise refuse_shapes(spec, shapes, index, "it wants (N, A) and (N, B)")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], bottoms[1][1], 1)]

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return x.detach().reshape(*x.shape[:2], 1, 1) * y.reshape(len(y), 1, -1, 1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, y = bottoms
        return TorchCode(f"{x}.reshape(*{x}.shape[:2], 1, 1) * {y}.reshape(len({y}), 1, -1, 1)")


@register("Bilinear")
class Bilinear(Layer):
    """The sum over places of each channel of (N, A, H, W) times each of (N, B, H, W): (N, A B, 1, 1).

    Bilinear pooling (Lin et al. 2015), of caffe_latte (fireae) and of the fork of compact bilinear pooling.
    """

    n_bottoms = exactly(2)
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(2):
            check_axes(spec, shapes, 4, index)
        if (shapes[0][0], *shapes[0][2:]) != (shapes[1][0], *shapes[1][2:]):
            raise refuse_shapes(spec, shapes, 1, "they may differ in channels alone")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], bottoms[0][1] * bottoms[1][1], 1, 1)]

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return (x.flatten(2) @ y.flatten(2).transpose(1, 2)).reshape(len(x), -1, 1, 1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, y = bottoms
        return TorchCode(f"({x}.flatten(2) @ {y}.flatten(2).transpose(1, 2)).reshape(len({x}), -1, 1, 1)")


@register("MatrixProd")
class MatrixProd(Layer):
    """Products of matrices (L, K, M) and (L, M, N): (L, K, N). Or (1, L, M) rows by (L, M, N): (1, L, N). SMem-VQA's fork."""

    n_bottoms = exactly(2)
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        a, b = shapes
        self.rows = len(a) == 3 and a[0] == 1
        if len(a) != 3 or len(b) != 3 or a[2] != b[1] or a[1 if self.rows else 0] != b[0]:
            raise refuse_shapes(spec, shapes, 1, "they must be (L, K, M) and (L, M, N), or (1, L, M) and (L, M, N)")

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return (a.transpose(0, 1) @ b).transpose(0, 1) if self.rows else a @ b

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        a, b = bottoms
        return TorchCode(f"({a}.transpose(0, 1) @ {b}).transpose(0, 1)" if self.rows else f"{a} @ {b}")


@register("Eltwise", when=lambda spec: spec.message.eltwise_param.coeff_blob)
class EltwiseOfCoefficients(Layer):
    """``sum of coeff_i k[i] x_i``: the last bottom, k, has a number for each other bottom, or for each of their items.

    Its axes are the bottoms and then the first axes of x, over whose further ones each number is spread; ``coeff`` is 1, or
    given for each bottom. k gets no gradient. From LRCN's fork (Donahue et al. 2015).
    """

    n_bottoms = at_least(2)
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, x, k = spec.message.eltwise_param, shapes[0], shapes[-1]
        if param.EltwiseOp.Name(param.operation) != "SUM":
            raise spec.refuse("has a `coeff_blob` with an operation that is not SUM", "eltwise_param", "coeff_blob")
        check_same_shape(spec, shapes[:-1])
        count = len(shapes) - 1
        if k != (count, *x[: len(k) - 1]):
            raise refuse_shapes(spec, shapes, count, f"the last wants {count} numbers, or as many times the first axes of the "
                                "others")
        if param.coeff and len(param.coeff) != count:
            raise spec.refuse(f"has {count} bottoms and {len(param.coeff)} `coeff`; it wants one each, or none",
                              "eltwise_param", "coeff")
        self.coeffs: list[float] = list(param.coeff) or [1.0] * count

    def forward(self, *bottoms: Tensor) -> Tensor:
        return weighted_sum(bottoms[:-1], bottoms[-1], self.coeffs)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        call = f"weighted_sum(({', '.join(bottoms[:-1])},), {bottoms[-1]}, {self.coeffs})"
        return TorchCode(call, functions=(weighted_sum,))


def weighted_sum(bottoms: tuple, factors: Tensor, coeffs: list) -> Tensor:
    """The sum of blobs, each times its coefficient and its numbers in ``factors``."""
    trailing = (1,) * (bottoms[0].ndim - factors.ndim + 1)
    return sum(coeff * factor.detach().reshape(*factor.shape, *trailing) * x
               for x, factor, coeff in zip(bottoms, factors, coeffs))
