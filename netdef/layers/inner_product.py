"""InnerProduct: a matrix product over the axes from ``axis`` on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.checks import canonical_axis, check_positive, refuse_shapes
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

    A second bottom that no Mask makes is the weight, (outputs, features), and a third the bias, as in OpenVINO's fork; the
    layer has no blobs then, and does not read ``num_output``.
    """

    n_bottoms = between(1, 3)
    pruned_by_default = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.inner_product_param
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), PARAM, "axis")
        features = math.prod(shapes[0][self.axis :])
        self.transpose: bool = param.transpose
        self.has_blobs = len(shapes) == 1
        if self.has_blobs:
            check_positive(spec, param.num_output, PARAM, "num_output")
            self.outputs = outputs = param.num_output
            shape = (features, outputs) if self.transpose else (outputs, features)
            self.add_weight_and_bias(spec, PARAM, shape, outputs)
        else:
            self.outputs = self._given_outputs(spec, shapes, features)

    def _given_outputs(self, spec: LayerDefinition, shapes: Sequence[Shape], features: int) -> int:
        """The outputs of a weight that is a bottom. Refuse bottoms that are not the weight and the bias."""
        weight = shapes[1]
        if not weight or math.prod(weight[1:]) != features:
            raise refuse_shapes(
                spec, shapes, 1, f"the second is the weight if no Mask makes it, and must have {features} numbers an output")
        if len(shapes) == 3 and math.prod(shapes[2]) != weight[0]:
            raise refuse_shapes(spec, shapes, 2, f"the third is the bias and must hold {weight[0]} numbers")
        if spec.message.inner_product_param.bias_term != (len(shapes) == 3):
            raise spec.refuse("takes its weight from a bottom, so a `bias_term` needs a third bottom, and a third bottom "
                              "`bias_term: true`", "bottom", len(shapes) - 1)
        if self.transpose:
            raise spec.refuse("takes its weight from a bottom; `transpose` is not possible", PARAM, "transpose")
        return weight[0]

    @classmethod
    def weight_indices(cls, definition: LayerDefinition, n_bottoms: int) -> tuple[int, ...]:
        return () if n_bottoms > 1 else super().weight_indices(definition, n_bottoms)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][: self.axis], self.outputs)]

    def forward(self, x: Tensor, *given: Tensor) -> Tensor:
        """The product; the top has the axes before ``axis`` and one of the outputs. ``given`` are a weight and a bias."""
        if given:
            weight, *bias = given
            return self.compute(x, weight.flatten(1), bias[0].flatten() if bias else None)
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
        return PARAM if self.axis == 1 and self.has_blobs else None

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return math.prod(bottoms[0]) * self.outputs

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        rows = bottoms[0] if len(bottoms[0].shape) == self.axis + 1 else f"{bottoms[0]}.flatten({self.axis})"
        if not self.has_blobs:
            bias = "".join(f", {blob}.flatten()" for blob in bottoms[2:])
            return TorchCode(f"F.linear({rows}, {bottoms[1]}.flatten(1){bias})")
        state = self.to_torch()
        outputs, features = state["weight"].shape
        made = f"nn.Linear({arguments(features, outputs, bias=('bias' in state, True))})"
        return TorchCode.of_member(f"{me}({rows})", made, state)


@register("SparseInnerProduct")
class SparseInnerProduct(InnerProduct):
    """The same type for the vectors of SparseData, whose zeros are written out here; of the same pull requests."""

    n_bottoms = exactly(1)
