"""Dropout by Gaussian or uniform numbers, and of whole rows, maps or items. Of jasonustc's fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_share
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.schema.messages import RandomFactors

_PARAM = "dropout_param"


def _draws(spec: LayerDefinition) -> bool:
    param = spec.message.dropout_param
    return any(param.HasField(field) for field in ("drop_type", "num_axes", "mu", "sigma", "a", "b"))


@register("Dropout", when=_draws)
class TypedDropout(Layer):
    """In training x times a random number, over the number's mean; TEST changes nothing.

    ``drop_type``: BERNOULLI, 0 with probability ``dropout_ratio``, else 1; GAUSSIAN, of mean ``mu`` and deviation ``sigma``, cut
    to 0 and 1; UNIFORM, from ``a`` to ``b``. One number is drawn for each place of the first ``num_axes`` axes, all by default.
    """

    keeps_shape = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.dropout_param
        for field in ("scale_train", "sample_weights_test", "sqrt_scale"):
            if param.HasField(field):
                raise spec.refuse(f"has `{field}`, of other forks than its other fields", _PARAM, field)
        self.kind: str = RandomFactors.DropType.Name(param.drop_type)
        self.ratio, self.mean, self.deviation, self.bounds = param.dropout_ratio, param.mu, param.sigma, (param.a, param.b)
        check_share(spec, self.ratio, _PARAM, "dropout_ratio")
        check_above_zero(spec, self.deviation, _PARAM, "sigma")
        if not param.a < param.b:
            raise spec.refuse(f"has `a` {param.a:g}, which must be below `b`, {param.b:g}", _PARAM, "a")
        middle = {"GAUSSIAN": self.mean, "UNIFORM": (param.a + param.b) / 2}.get(self.kind, 1 - self.ratio)
        if not middle:
            raise spec.refuse("divides by the mean of its numbers, which is 0", _PARAM, "drop_type")
        self.scale = 1 / middle
        self.axes = len(shapes[0]) if param.num_axes == -1 else param.num_axes
        if not 0 <= self.axes <= len(shapes[0]):
            raise spec.refuse(f"has `num_axes` {param.num_axes}, and a bottom of {len(shapes[0])} axes", _PARAM, "num_axes")

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        drawn = x.new_empty((*x.shape[: self.axes], *[1] * (x.ndim - self.axes)))
        if self.kind == "GAUSSIAN":
            drawn.normal_(self.mean, self.deviation).clamp_(0, 1)
        elif self.kind == "UNIFORM":
            drawn.uniform_(*self.bounds)
        else:
            drawn.bernoulli_(1 - self.ratio)
        return x * (self.scale * drawn)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}")
