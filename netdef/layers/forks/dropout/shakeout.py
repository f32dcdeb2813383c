"""Shakeout: an inner product whose inputs, and the signs of whose weights, are drawn. Kang et al. 2016."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_share
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.inner_product import InnerProduct

_PARAM = "shakeout_param"


@register("Shakeout")
class Shakeout(InnerProduct):
    """InnerProduct, of which each input is drawn in TRAIN: ``W (r x) + c sign(W) ((r - 1) x) + b``.

    r is 0 with probability ``dropout_ratio``, else 1 / (1 - dropout_ratio), and c is ``shakeout_scale``. The derivative of
    the sign is taken to be ``t (1 - tanh(t W)^2)``, t being ``tanh_smooth_scale``. ``operate_layer_type`` "Convolution" is not
    implemented.
    """

    n_bottoms = exactly(1)
    pruned_by_default = False

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.shakeout_param
        check_share(spec, param.dropout_ratio, _PARAM, "dropout_ratio")
        if param.operate_layer_type != "InnerProduct":
            raise spec.refuse(f'has `operate_layer_type` "{param.operate_layer_type}"; only InnerProduct is implemented', _PARAM,
                              "operate_layer_type")
        self.ratio, self.share, self.smoothness = param.dropout_ratio, param.shakeout_scale, param.tanh_smooth_scale

    def compute(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if not self.training:
            return super().compute(x, weight, bias)
        drawn = F.dropout(torch.ones_like(x), self.ratio)
        signs = _Sign.apply(weight, self.smoothness)
        return super().compute(x * drawn, weight, bias) + super().compute(self.share * x * (drawn - 1), signs, None)


class _Sign(torch.autograd.Function):
    """The sign, with the derivative of ``tanh(t x)``."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, smoothness: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.smoothness = smoothness
        return x.sign()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        return gradient * ctx.smoothness * (1 - (ctx.smoothness * x).tanh().square()), None
