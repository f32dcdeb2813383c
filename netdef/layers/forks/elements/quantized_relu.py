"""ReLU2B: a rectifier of four values, two bits. Of two-step quantisation (Wang et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

PARAM = "relu_param"


@register("ReLU2B")
class ReLU2B(Layer):
    """0 up to ``thresh``, then ``delta`` d up to 1.5 d, 2 d up to 2.5 d, and 3 d. The gradient passes where 0 < x < 3 d."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.relu_param
        for field in ("thresh", "delta"):
            if not param.HasField(field):
                raise spec.refuse(f"needs a `{field}`", PARAM)
        check_above_zero(spec, param.delta, PARAM, "delta")
        self.thresh, self.delta = param.thresh, param.delta

    def forward(self, x: Tensor) -> Tensor:
        passes = (x > 0) & (x < 3 * self.delta)
        return with_gradient(to_two_bits(x, self.thresh, self.delta), x, passes.to(x.dtype))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"to_two_bits({bottoms[0]}, {number(self.thresh)}, {number(self.delta)})", functions=(to_two_bits,))


def to_two_bits(x: Tensor, thresh: float, delta: float) -> Tensor:
    """0, 1, 2 or 3 times ``delta``."""
    steps = 1 + (x > 1.5 * delta).to(x.dtype) + (x > 2.5 * delta).to(x.dtype)
    return delta * steps * (x > thresh)
