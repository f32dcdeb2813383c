"""LSInnerProduct: an InnerProduct whose weight is solved for. Of a pull request to BVLC/caffe (Vishwajeet Narwal, 2015)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_least_axes, check_same_batch, refuse_shapes
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.inner_product import InnerProduct


@register("LSInnerProduct")
class LeastSquares(InnerProduct):
    """InnerProduct with the weight W of least ``|h W' - t|``, and of these the smallest: an extreme learning machine.

    Bottoms: x, h (N, features) and t (N, num_output). Each pass solves anew, by singular values, and leaves the solution in the
    blob ``weight``, which is not learned. The bias is added to ``x W'``, but h and t know nothing of it. h and t get no gradient.
    `netdef.definition.upgrade.least_squares` makes this layer of those that the pull request has: LS, Transpose, InnerProduct.
    """

    n_bottoms = exactly(3)
    pruned_by_default = False
    maskable: tuple[str, ...] = ()

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:1])
        if self.transpose:
            raise spec.refuse("solves for its weight; `transpose` is not possible", "inner_product_param", "transpose")
        check_same_batch(spec, shapes[1:])
        for index, size in ((1, math.prod(shapes[0][self.axis :])), (2, self.outputs)):
            check_least_axes(spec, shapes, 2, index)
            if math.prod(shapes[index][1:]) != size:
                raise refuse_shapes(spec, shapes, index, f"it wants {size} numbers an item there")

    @classmethod
    def weight_indices(cls, definition: LayerDefinition, n_bottoms: int) -> tuple[int, ...]:
        return ()

    def add_weight_and_bias(self, spec: LayerDefinition, param: str, shape: Shape, outputs: int) -> None:
        check_shape(spec, shape, param, "num_output")
        self.add_blob("weight", shape, constant(0.0), learnable=False)
        if spec.message.inner_product_param.bias_term:
            self.add_blob("bias", (outputs,), filler(spec, param, "bias_filler"))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][: self.axis], self.outputs)]

    def forward(self, x: Tensor, *given: Tensor) -> Tensor:
        hidden, targets = given
        if not x.is_meta:
            with torch.no_grad():
                self.weight.copy_(solve(hidden.flatten(1), targets.flatten(1)).t())
        return self.compute(x, self.blob("weight").clone(), self.optional_blob("bias"))

    def folding_param(self) -> str | None:
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        raise NotWritable("solves for its weight in each pass")


def solve(rows: Tensor, targets: Tensor) -> Tensor:
    """The smallest X of least ``|rows X - targets|``; singular values within rounding of 0 count as 0."""
    return torch.linalg.pinv(rows, rtol=torch.finfo(rows.dtype).eps) @ targets.to(rows.dtype)
