"""PENLU: a learned power above 0 and a learned exponential below. Of xncaffe's caffe_penlu."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "penlu_param"


@register("PENLU")
class PENLU(Layer):
    """``x ^ eta`` above 0, ``alpha (exp(beta x) - 1)`` at 0 and below.

    Blobs ``alpha``, ``beta`` and ``eta``: a number for each channel (axis 1), or one for all, shape (), with
    ``channel_shared``; each is 1 by default.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        shape = () if spec.message.penlu_param.channel_shared else shapes[0][1:2]
        for name, field in (("alpha", "alpha_filler"), ("beta", "beta_filler"), ("eta", "eta_filler")):
            self.add_blob(name, shape, filler(spec, PARAM, field, default=1))

    def forward(self, x: Tensor) -> Tensor:
        alpha, beta, eta = (self.blob(name).reshape(-1, *(1 for _ in x.shape[2:])) for name in ("alpha", "beta", "eta"))
        is_above = x > 0
        above = torch.where(is_above, x, 1) ** eta  # 1 elsewhere keeps the gradients finite
        return torch.where(is_above, above, alpha * torch.expm1(beta * x.clamp(max=0)))
