"""Activations: ReLU, PReLU, ELU, Sigmoid, TanH, Swish, BNLL, Clip, Threshold.

In place, Caffe's backward of BNLL and Clip reads the overwritten bottom and is wrong; here the bottom is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, arguments, number


@register("ReLU")
class ReLU(Layer):
    """``max(x, 0) + negative_slope * min(x, 0)``; at 0 the gradient is the slope's.

    Minus infinity gives 0, or the slope's infinity; Caffe gives NaN, from ``0 * inf``. From Synopsys' fork: the top is
    at most 6 with ``relu6``, at most ``maximum`` and at least ``minimum`` where these are not 0.
    """

    keeps_shape = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.relu_param
        self.negative_slope: float = param.negative_slope
        most = [6.0] * param.relu6 + [param.maximum] * (param.maximum > 0)
        self.most: float | None = min(most, default=None)
        self.least: float | None = param.minimum or None
        if self.least is not None and self.most is not None and self.least > self.most:
            raise spec.refuse(f"has a `minimum` of {self.least:g} above its maximum of {self.most:g}", "relu_param", "minimum")
        # In place, backward tells the sides apart by the sign of the result; a negative slope flips it.
        self.is_bounded = self.most is not None or self.least is not None
        self.has_inplace_kernel = self.negative_slope >= 0 and not self.is_bounded

    def forward(self, x: Tensor) -> Tensor:
        if self.negative_slope:
            top = F.leaky_relu(x, self.negative_slope, inplace=self.inplace)
        else:
            top = torch.relu_(x) if self.inplace else torch.relu(x)
        return top.clamp(self.least, self.most) if self.is_bounded else top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        slope = f"F.leaky_relu({bottoms[0]}, {number(self.negative_slope)})"
        call = slope if self.negative_slope else f"F.relu({bottoms[0]})"
        if self.is_bounded:
            bounds = ("None" if bound is None else number(bound) for bound in (self.least, self.most))
            call += f".clamp({', '.join(bounds)})"
        return TorchCode(call)


@register("PReLU")
class PReLU(Layer):
    """``max(x, 0) + slope * min(x, 0)`` with a learned slope for each channel (axis 1), or one for all (``channel_shared``).

    Blob 0: the slopes, shape (channels,) or (); 0.25 by default. He et al. 2015.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"
    torch_names = MappingProxyType({"slope": "weight"})

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.prelu_param
        check_least_axes(spec, shapes, 2)
        shape = () if param.channel_shared else shapes[0][1:2]
        self.add_blob("slope", shape, filler(spec, "prelu_param", "filler", default=0.25))

    def forward(self, x: Tensor) -> Tensor:
        return F.prelu(x, self.blob("slope"))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        slope = self.blob("slope")
        return TorchCode.of_member(f"{me}({bottoms[0]})", f"nn.PReLU({slope.numel()})", {"weight": slope.reshape(-1)})


@register("ELU")
class ELU(Layer):
    """``x`` above 0, ``alpha * (exp(x) - 1)`` below, times ``lambda``. Clevert et al. 2015; Klambauer et al. 2017.

    ``lambda`` is from NVIDIA's fork. Below 0 the gradient is ``lambda * alpha * exp(x)``; the fork computes it from the
    top that ``lambda`` has scaled, which is another number unless that is 1.

    With ``symmetric_mode``, of ducha-aiki's fork, ``alpha (1 - exp(-x))`` stands above 0; there ``alpha`` must be given, since it
    is 0 by default.
    """

    keeps_shape = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.alpha: float = spec.message.elu_param.alpha
        self.scale: float = getattr(spec.message.elu_param, "lambda")
        self.symmetric: bool = spec.message.elu_param.symmetric_mode
        if self.symmetric and not spec.message.elu_param.HasField("alpha"):
            raise spec.refuse("has `symmetric_mode` without an `alpha`, which is 0 in its fork unless it is given, so that all "
                              "is 0", "elu_param", "symmetric_mode")
        self.has_inplace_kernel = self.alpha >= 0 and self.scale == 1 and not self.symmetric  # as for ReLU

    def forward(self, x: Tensor) -> Tensor:
        if self.symmetric:
            return symmetric_elu(x, self.scale * self.alpha)
        top = F.elu(x, self.alpha, inplace=self.inplace)
        return top if self.scale == 1 else top * self.scale

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.symmetric:
            return TorchCode(f"symmetric_elu({bottoms[0]}, {number(self.scale * self.alpha)})", functions=(symmetric_elu,))
        call = f"F.elu({arguments(bottoms[0], alpha=(number(self.alpha), '1'))})"
        return TorchCode(call if self.scale == 1 else f"{number(self.scale)} * {call}")


def symmetric_elu(x: Tensor, alpha: float) -> Tensor:
    """``alpha (1 - exp(-x))`` above 0, and below 0 ``alpha (exp(x) - 1)``."""
    below = alpha * torch.expm1(-torch.where(x > 0, x, -x))
    return torch.where(x > 0, -below, below)


@register("Sigmoid")
class Sigmoid(Layer):
    """``1 / (1 + exp(-x))``."""

    keeps_shape = True
    has_inplace_kernel = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid_(x) if self.inplace else torch.sigmoid(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"torch.sigmoid({bottoms[0]})")


@register("TanH")
class TanH(Layer):
    """Hyperbolic tangent."""

    keeps_shape = True
    has_inplace_kernel = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh_(x) if self.inplace else torch.tanh(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"torch.tanh({bottoms[0]})")


@register("Swish")
class Swish(Layer):
    """``x / (1 + exp(-beta * x))``. Ramachandran et al. 2017."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.beta: float = spec.message.swish_param.beta

    def forward(self, x: Tensor) -> Tensor:
        return F.silu(x) if self.beta == 1 else x * torch.sigmoid(self.beta * x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"F.silu({x})" if self.beta == 1 else f"{x} * torch.sigmoid({number(self.beta)} * {x})")


@register("BNLL")
class BNLL(Layer):
    """``log(1 + exp(x))``, the binomial normal log likelihood, which others call softplus."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        return F.softplus(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.softplus({bottoms[0]})")


@register("Clip")
class Clip(Layer):
    """``x`` within ``min`` and ``max``, the bounds beyond; at a bound the gradient passes. NaN stays NaN."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.clip_param
        self.min, self.max = param.min, param.max
        if self.min > self.max:
            raise spec.refuse(f"clips to a `min` of {self.min:g} above its `max` of {self.max:g}", "clip_param", "min")

    def forward(self, x: Tensor) -> Tensor:
        return x.clamp(self.min, self.max)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.clamp({self.min}, {self.max})")


@register("Threshold")
class Threshold(Layer):
    """1 where ``x > threshold``, 0 elsewhere, without a gradient."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.threshold: float = spec.message.threshold_param.threshold

    def forward(self, x: Tensor) -> Tensor:
        return (x > self.threshold).to(x.dtype)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"({bottoms[0]} > {self.threshold}).to({bottoms[0]}.dtype)")
