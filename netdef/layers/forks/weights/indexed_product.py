"""InnerProduct with ``index_input_dim``: a row of the weight for each item. Of LRCN's fork in 2014."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.embed import TableOfRows

PARAM = "inner_product_param"


@register("InnerProduct", when=lambda spec: spec.message.inner_product_param.index_input_dim > 0)
class IndexedProduct(TableOfRows):
    """Indices (N), or of further axes of size 1, to (N, num_output): the rows of an `Embed`, as products with one-hot vectors.

    Blobs: ``weight`` (index_input_dim, num_output); with ``bias_term``, ``bias``. Indices get no gradient.

    With ``backward_update_lr`` the backward pass itself takes that times the gradient from the weight, without momentum, decay
    or the solver's rate, as in the fork. Its ``lr_mult`` must be 0. Of several GPUs each has its own weight then.
    """

    n_bottoms = exactly(1)
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.inner_product_param
        check_positive(spec, param.num_output, PARAM, "num_output")
        if not shapes[0] or math.prod(shapes[0][1:]) != 1:
            raise refuse_shapes(spec, shapes, 0, "with `index_input_dim` it wants one index an item")
        self.rate: float = param.backward_update_lr
        if self.rate and not (spec.message.param and spec.message.param[0].lr_mult == 0):
            raise spec.refuse("has a `backward_update_lr`, at which its weight learns; it wants `param { lr_mult: 0 }`",
                              PARAM, "backward_update_lr")
        self.add_weight_and_bias(spec, PARAM, (param.index_input_dim, param.num_output), param.num_output)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.weight.shape[1])]

    def forward(self, indices: Tensor) -> Tensor:
        index = indices.detach().long().flatten()
        rows, bias = F.embedding(index, self.blob("weight")), self.optional_blob("bias")
        if self.rate and self.training and torch.is_grad_enabled():
            rows = rows.detach().requires_grad_()
            rows.register_hook(lambda gradient: self._learn(index, gradient))
        return rows if bias is None else rows + bias

    @torch.no_grad()
    def _learn(self, index: Tensor, gradient: Tensor) -> None:
        self.weight.index_add_(0, index, gradient.to(self.weight.dtype), alpha=-self.rate)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return self.code_of_rows(me, f"{bottoms[0]}.flatten()")
