"""SeLu, ReLU6, ReLUX, HardSwish, Mish, Insanity, BReLU, MinReLU and DeconvReLU, from forks: rectifiers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("SeLu")
class SeLu(Layer):
    """``lambda * x`` above 0, ``lambda * alpha * (exp(x) - 1)`` below. Klambauer et al. 2017; soeaver/caffe-model."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.selu_param
        self.scale: float = getattr(param, "lambda")
        self.alpha: float = param.alpha

    def forward(self, x: Tensor) -> Tensor:
        return F.elu(x, self.alpha) * self.scale


@register("ReLU6")
class ReLU6(Layer):
    """``min(max(x, 0), 6) + negative_slope * min(x, 0)``. From the forks that run MobileNets (Howard et al. 2017)."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.negative_slope: float = spec.message.relu_param.negative_slope

    def forward(self, x: Tensor) -> Tensor:
        top = F.relu6(x)
        return top + self.negative_slope * x.clamp(max=0) if self.negative_slope else top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        leak = f" + {number(self.negative_slope)} * {bottoms[0]}.clamp(max=0)" if self.negative_slope else ""
        return TorchCode(f"F.relu6({bottoms[0]}){leak}")


@register("ReLUX")
class ReLUX(Layer):
    """``min(max(x, 0), maximal_value) + negative_slope * min(x, 0)``. Of caffe_latte (fireae).

    The fork's GPU code has the slope in the gradient alone; here it is in both, as in its CPU code.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.relux_param
        check_at_least(spec, param.maximal_value, 0, "relux_param", "maximal_value")
        self.most, self.slope = param.maximal_value, param.negative_slope

    def forward(self, x: Tensor) -> Tensor:
        top = F.hardtanh(x, 0, self.most)
        return top - self.slope * F.relu(-x) if self.slope else top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        leak = f" - {number(self.slope)} * F.relu(-{bottoms[0]})" if self.slope else ""
        return TorchCode(f"F.hardtanh({bottoms[0]}, 0, {number(self.most)}){leak}")


@register("HardSwish")
class HardSwish(Layer):
    """``x * min(max(x + 3, 0), 6) / 6``. From the forks that run MobileNet v3 (Howard et al. 2019)."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        return F.hardswish(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.hardswish({bottoms[0]})")


@register("Mish")
class Mish(Layer):
    """``x * tanh(log(1 + exp(x)))``. From the forks that run YOLO v4 (Misra 2019)."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def forward(self, x: Tensor) -> Tensor:
        return F.mish(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.mish({bottoms[0]})")


@register("StripDecimals")
class StripDecimals(Layer):
    """x without its fraction. Of mix-and-match (Zhan et al. 2018). No gradient."""

    keeps_shape = True

    def forward(self, x: Tensor) -> Tensor:
        return x.detach().trunc()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.trunc()")


@register("Insanity")
class Insanity(Layer):
    """Randomised leaky ReLU (Xu et al. 2015), of happynear's fork: x above 0; x over a random number below.

    The number is drawn from ``lb`` to ``ub`` for each element in training; in TEST it is their logarithmic mean
    ``(ub - lb) / (log ub - log lb)``.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.insanity_param
        self.least, self.most = param.lb, param.ub
        if not 0 < self.least < self.most < math.inf:
            raise spec.refuse(f"draws from {self.least:g} to {self.most:g}; `lb` must be above 0, and `ub` above it and finite",
                              "insanity_param")
        self.mean = (self.most - self.least) / math.log(self.most / self.least)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return F.leaky_relu(x, 1 / self.mean)
        return torch.where(x > 0, x, x / torch.empty_like(x).uniform_(self.least, self.most))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.leaky_relu({bottoms[0]}, {number(1 / self.mean)})")


@register("BReLU")
class BReLU(Layer):
    """``min(max(x, minval), maxval)``; at a bound the gradient passes. Of DehazeNet (Cai et al. 2016)."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.brelu_param
        for field in ("minval", "maxval"):
            if not param.HasField(field):
                raise spec.refuse(f"needs a `{field}`", "brelu_param")
        if param.minval > param.maxval:
            raise spec.refuse(f"has a `minval` of {param.minval:g} above its `maxval` of {param.maxval:g}",
                              "brelu_param", "minval")
        self.least, self.most = param.minval, param.maxval

    def forward(self, x: Tensor) -> Tensor:
        return x.clamp(self.least, self.most)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}.clamp({number(self.least)}, {number(self.most)})")


@register("MinReLU")
class MinReLU(Layer):
    """``min(x, 0) + positive_slope * max(x, 0)``. Of ALISCIFP's fork."""

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.slope: float = spec.message.minrelu_param.positive_slope

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x < 0, x, self.slope * x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f"torch.where({x} < 0, {x}, {number(self.slope)} * {x})")


@register("DeconvReLU")
class DeconvReLU(Layer):
    """ReLU whose gradient is rectified itself, wherever x is: deconvolution of Zeiler and Fergus 2014. Of zhongyy's fork.

    The gradient g of the top becomes ``max(g, 0)``, plus ``negative_slope * g`` where x is not above 0.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.slope: float = spec.message.deconvrelu_param.negative_slope

    def forward(self, x: Tensor) -> Tensor:
        return _RectifiedGradient.apply(x, self.slope)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"F.leaky_relu({bottoms[0]}, {number(self.slope)})")


class _RectifiedGradient(torch.autograd.Function):
    """A leaky ReLU with the gradient of `DeconvReLU`."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, slope: float) -> Tensor:
        ctx.save_for_backward(x <= 0)
        ctx.slope = slope
        return F.leaky_relu(x, slope)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (below,) = ctx.saved_tensors
        return gradient.clamp_min(0) + ctx.slope * gradient * below, None
