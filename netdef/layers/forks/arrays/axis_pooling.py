"""FeaturePooling and AxisPooling: the mean of bottoms, and the mean or the largest along an axis. Of FuchenUSTC's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_same_shape, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.schema.messages import AxisPoolingParameter


@register("FeaturePooling")
class FeaturePooling(Layer):
    """The mean of the bottoms."""

    n_bottoms = at_least(1)
    keeps_shape = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes)

    def forward(self, *bottoms: Tensor) -> Tensor:
        return torch.stack(bottoms).mean(0)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"torch.stack([{', '.join(bottoms)}]).mean(0)")


@register("AxisPooling")
class AxisPooling(Layer):
    """The largest number along ``axis``, or the mean, as (axes before, axes after). The gradient of the mean is not divided."""

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        name, param = "axis_pooling_param", spec.message.axis_pooling_param
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), name, "axis")
        self.pool: str = AxisPoolingParameter.PoolMethod.Name(param.pool)
        if self.pool == "STOCHASTIC":
            raise spec.refuse("has `pool: STOCHASTIC`, which its fork does not implement", name, "pool")
        if not shapes[0][self.axis]:
            raise refuse_shapes(spec, shapes, 0, f"axis {self.axis} is empty")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        shape = torch.Size(bottoms[0])
        return [(shape[: self.axis].numel(), shape[self.axis + 1 :].numel())]

    def forward(self, x: Tensor) -> Tensor:
        rows = x.reshape(x.shape[: self.axis].numel(), x.shape[self.axis], -1)
        if self.pool == "MAX":
            return rows.max(1).values
        return rows.sum(1) + (rows.mean(1) - rows.sum(1)).detach()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        shape = torch.Size(bottoms[0].shape)
        rows = f"{bottoms[0]}.reshape({-1 if self.axis else 1}, {shape[self.axis]}, {shape[self.axis + 1 :].numel()})"
        return TorchCode(f"{rows}.amax(1)" if self.pool == "MAX" else f"{rows}.mean(1)")
