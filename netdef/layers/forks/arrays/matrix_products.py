"""MatMul and Gemm, of Synopsys' fork: products of matrices."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_sizes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("MatMul")
class MatMul(Layer):
    """Products of the matrices that the last two axes of a and b are; ``transpose_a`` and ``transpose_b`` turn them first.

    All other axes must agree, or b is one matrix, for all places of a; that one cannot be turned, nor can a then. With one
    bottom b is a blob of the shape ``blob_shape``, zeros in a fresh net. The fork has no gradient; here it has its own.
    """

    n_bottoms = between(1, 2)
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, a = spec.message.matmul_param, shapes[0]
        if len(shapes) == 1:
            if not param.blob_shape:
                raise spec.refuse("has one bottom; it needs two, or the shape of its blob: `blob_shape`", "matmul_param")
            check_sizes(spec, "`blob_shape`", param.blob_shape, "matmul_param", "blob_shape")
            self.add_blob("matrix", param.blob_shape)
        b = tuple(param.blob_shape) if len(shapes) == 1 else shapes[1]
        self.turns: tuple[bool, bool] = (param.transpose_a, param.transpose_b)
        one_for_all = len(b) == 2 < len(a)
        if one_for_all and True in self.turns:
            raise spec.refuse("multiplies by one matrix, and turns it or the others", "matmul_param",
                              "transpose_a" if self.turns[0] else "transpose_b")
        fits = min(len(a), len(b)) >= 2 and _turned(a, self.turns[0])[-1] == _turned(b, self.turns[1])[-2]
        if not fits or not (one_for_all or a[:-2] == b[:-2]):
            rule = ("the last size of a must be the last but one of b, and all sizes before these two must agree, unless b is "
                    "one matrix")
            raise refuse_shapes(spec, shapes, 1, rule) if len(shapes) > 1 else spec.refuse(
                f"multiplies a bottom of shape {a} by a blob of shape {b}; {rule}", "matmul_param", "blob_shape")

    def forward(self, a: Tensor, b: Tensor | None = None) -> Tensor:
        b = self.blob("matrix") if b is None else b
        return (a.transpose(-1, -2) if self.turns[0] else a) @ (b.transpose(-1, -2) if self.turns[1] else b)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        names = [str(bottoms[0]), str(bottoms[1]) if len(bottoms) > 1 else me]
        a, b = (f"{x}.transpose(-1, -2)" if turned else x for x, turned in zip(names, self.turns))
        if len(bottoms) > 1:
            return TorchCode(f"{a} @ {b}")
        blob = self.blob("matrix")
        return TorchCode.of_member(f"{a} @ {b}", f"nn.Parameter(torch.zeros({tuple(blob.shape)}))", {"": blob})


def _turned(shape: Shape, turned: bool) -> Shape:
    return (*shape[:-2], shape[-1], shape[-2]) if turned else shape


@register("Gemm")
class Gemm(Layer):
    """``alpha A B + beta C`` of matrices A (M, K), B (K, N) and C: (M, N), (M, 1), (1, N), or one number (1).

    ``transA`` and ``transB`` turn A and B first. The fork has no gradient; here it has its own.
    """

    n_bottoms = exactly(3)
    fresh_output = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.gemm_param
        for index in range(2):
            check_axes(spec, shapes, 2, index)
        for field in ("transA", "transB"):
            if getattr(param, field) > 1:
                raise spec.refuse(f"has `{field}` {getattr(param, field)}; it is 0 or 1", "gemm_param", field)
        self.turns = bool(param.transA), bool(param.transB)
        self.alpha, self.beta = param.alpha, param.beta
        (m, k), (rows, n) = (_turned(shape, turned) for shape, turned in zip(shapes, self.turns))
        if rows != k:
            raise refuse_shapes(spec, shapes, 1, "A has as many columns as B has rows, turned as `transA` and `transB` say")
        if shapes[2] not in ((m, n), (m, 1), (1, n), (1,)):
            raise refuse_shapes(spec, shapes, 2, f"the third wants the shape ({m}, {n}), ({m}, 1), (1, {n}) or (1)")

    def forward(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        return self.alpha * ((a.t() if self.turns[0] else a) @ (b.t() if self.turns[1] else b)) + self.beta * c

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        a, b = (f"{x}.t()" if turned else str(x) for x, turned in zip(bottoms, self.turns))
        return TorchCode(f"{number(self.alpha)} * ({a} @ {b}) + {number(self.beta)} * {bottoms[2]}")
