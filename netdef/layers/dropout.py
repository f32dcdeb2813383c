"""Dropout, and from forks that of channels, and SeLuDropout, which keeps the mean and the variance of a SeLu's output."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_share
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("Dropout")
class Dropout(Layer):
    """In training each element is 0 with probability ``dropout_ratio``, else divided by 1 - ``dropout_ratio``.

    From forks: with ``scale_train: false`` it is not divided in training, but multiplied in TEST (Fast R-CNN); with
    ``sample_weights_test`` TEST drops elements as training does (Bayesian SegNet, Kendall et al. 2015); with ``sqrt_scale`` the
    divisor is the root of 1 - ``dropout_ratio`` (happynear).

    In TEST the top is the bottom itself, not a copy: hence ``fresh_output`` is not claimed. A ratio of 1 is refused in
    training alone.
    """

    keeps_shape = True
    has_inplace_kernel = True
    family = "norm"
    always_shown = ("dropout_param", "dropout_ratio")

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.ratio: float = spec.message.dropout_param.dropout_ratio
        self.scale_train: bool = spec.message.dropout_param.scale_train
        self.always: bool = spec.message.dropout_param.sample_weights_test
        if self.ratio != 1 or spec.phase == "TRAIN" or self.always:
            check_share(spec, self.ratio, "dropout_param", "dropout_ratio")
        self.root: float = math.sqrt(1 - self.ratio) if spec.message.dropout_param.sqrt_scale else 1.0
        self.has_inplace_kernel = self.scale_train and self.root == 1

    def forward(self, x: Tensor) -> Tensor:
        drops = self.training or self.always
        if self.scale_train:
            if not drops:
                return x
            if self.root != 1:
                return F.dropout(x, self.ratio) * self.root
            # On a GPU torch's fused kernel is not in place; in place it takes three kernels.
            return F.dropout(x, self.ratio, True, self.inplace and x.device.type == "cpu")
        return (F.dropout(x, self.ratio) if drops else x) * (1 - self.ratio)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.always:
            if self.root != 1:
                return TorchCode(f"F.dropout({bottoms[0]}, {number(self.ratio)}) * {number(self.root)}")
            return TorchCode(f"F.dropout({bottoms[0]}, {number(self.ratio)})")
        if not self.scale_train:
            return TorchCode(f"{bottoms[0]} * {number(1 - self.ratio)}")
        return TorchCode.of_member(f"{me}({bottoms[0]})", f"nn.Dropout({number(self.ratio)})", {})


@register("SpatialDropout")
class SpatialDropout(Layer):
    """Dropout of whole channels (Tompson et al. 2015), in training. intel's fork, by ``dropout_param``, and others.

    zimenglan's fork has a ``dropout_ratio`` in ``spatial_dropout_param``, sungheonpark's a ``prob``.
    """

    keeps_shape = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        own = spec.message.HasField("spatial_dropout_param")
        param = spec.message.spatial_dropout_param if own else spec.message.dropout_param
        field = "prob" if own and spec.message.spatial_dropout_param.HasField("prob") else "dropout_ratio"
        self.ratio: float = getattr(param, field)
        check_share(spec, self.ratio, "spatial_dropout_param" if own else "dropout_param", field)
        check_least_axes(spec, shapes, 2)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        return x * F.dropout(x.new_ones(*x.shape[:2], *[1] * (x.ndim - 2)), self.ratio)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(str(bottoms[0]))


@register("SeLuDropout")
class SeLuDropout(Layer):
    """In training each element is ``alpha`` with probability ``dropout_ratio``; then all are ``a * x + b``.

    With q = 1 - ``dropout_ratio``: a = (q + alpha^2 q (1 - q))^-1/2, b = -a (1 - q) alpha, so that mean 0 and variance
    1 stay what they are. TEST changes nothing. "Alpha dropout" of Klambauer et al. 2017, from soeaver/caffe-model.
    """

    keeps_shape = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.selu_dropout_param
        check_share(spec, param.dropout_ratio, "selu_dropout_param", "dropout_ratio")
        self.kept, self.alpha = 1 - param.dropout_ratio, param.alpha
        self.a = (self.kept + self.alpha**2 * self.kept * (1 - self.kept)) ** -0.5
        self.b = -self.a * (1 - self.kept) * self.alpha

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        return self.a * torch.where(torch.rand_like(x) < self.kept, x, self.alpha) + self.b
