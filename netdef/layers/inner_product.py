"""InnerProduct: a matrix product over the axes from ``axis`` on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.checks import canonical_axis, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, arguments
from netdef.layers.core.weighted import WeightedLayer

PARAM = "inner_product_param"


@register("InnerProduct")
class InnerProduct(WeightedLayer):
    """(*batch, *features) to (*batch, num_output): the product of the axes from ``axis`` on and the weight, plus the bias.

    Blobs: ``weight`` (num_output, features), or with ``transpose`` (features, num_output); with ``bias_term``,
    ``bias`` (num_output,).
    """

    pruned_by_default = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.inner_product_param
        self.outputs = outputs = param.num_output
        check_positive(spec, outputs, PARAM, "num_output")
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), PARAM, "axis")
        features = math.prod(shapes[0][self.axis :])
        self.transpose: bool = param.transpose
        shape = (features, outputs) if self.transpose else (outputs, features)
        self.add_weight_and_bias(spec, PARAM, shape, outputs)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][: self.axis], self.outputs)]

    def forward(self, x: Tensor) -> Tensor:
        """The product; the top has the axes before ``axis`` and one of ``num_output``."""
        return self.compute(x, self.blob("weight"), self.optional_blob("bias"))

    def compute(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        rows = x if x.ndim == self.axis + 1 else x.flatten(self.axis)
        return F.linear(rows, weight.t() if self.transpose else weight, bias)

    def to_torch(self) -> dict[str, Tensor]:
        tensors = super().to_torch()
        return {**tensors, "weight": tensors["weight"].t()} if self.transpose else tensors

    def from_torch(self, tensors: Mapping[str, Tensor]) -> list[Tensor]:
        return super().from_torch({**tensors, "weight": tensors["weight"].t()} if self.transpose else tensors)

    def channel_layout(self, blob: str) -> ChannelLayout:
        return ChannelLayout(output_axis=1 if self.transpose else 0)

    def folding_param(self) -> str | None:
        return PARAM if self.axis == 1 else None

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return math.prod(bottoms[0][: self.axis]) * self.weight.numel()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        state = self.to_torch()
        outputs, features = state["weight"].shape
        made = f"nn.Linear({arguments(features, outputs, bias=('bias' in state, True))})"
        rows = bottoms[0] if len(bottoms[0].shape) == self.axis + 1 else f"{bottoms[0]}.flatten({self.axis})"
        return TorchCode.of_member(f"{me}({rows})", made, state)


@register("SparseInnerProduct")
class SparseInnerProduct(InnerProduct):
    """The same type for the vectors of SparseData, whose zeros are written out here; of the same pull requests."""
