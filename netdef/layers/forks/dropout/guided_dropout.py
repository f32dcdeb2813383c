"""GuidedDropout: dropout by a score of each channel. Of Cysu's fork (Xiao et al. 2016, domain guided dropout)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "guided_dropout_param"


@register("GuidedDropout")
class GuidedDropout(Layer):
    """Set channels of x (N, channels, ...) to 0 by guidance (N, channels, 1, 1), and scale the others so that the mean stays.

    ``type: "stochastic"``: in TRAIN each channel is kept with probability ``sigmoid(sigmoid_scaler * guidance)``, and what is
    kept of an item is multiplied by the number of channels over the sum of these probabilities; TEST changes nothing.
    ``type: "deterministic"``: in both phases channels with guidance above ``guidance_threshold`` are kept, and multiplied by
    the number of channels over the number of kept ones.
    """

    n_bottoms = exactly(2)
    keeps_shape = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        if tuple(shapes[1][:2]) != tuple(shapes[0][:2]) or any(size != 1 for size in shapes[1][2:]):
            raise refuse_shapes(spec, shapes, 1, "it wants a score for each item and channel")
        param = spec.message.guided_dropout_param
        if param.type not in ("stochastic", "deterministic"):
            raise spec.refuse(f'has `type` "{param.type}"; it is "stochastic" or "deterministic"',
                              *([PARAM, "type"] if param.HasField("type") else ["type"]))
        self.stochastic = param.type == "stochastic"
        needed = "sigmoid_scaler" if self.stochastic else "guidance_threshold"
        if not param.HasField(needed):
            raise spec.refuse(f'needs `{needed}` for `type: "{param.type}"`', PARAM)
        self.scaler, self.threshold = param.sigmoid_scaler, param.guidance_threshold

    def forward(self, x: Tensor, guidance: Tensor) -> Tensor:
        guidance = guidance.detach().flatten(1)
        if not self.stochastic:
            kept = (guidance > self.threshold).to(x)
            share = kept
        elif self.training:
            share = torch.sigmoid(guidance * self.scaler).to(x)
            kept = (torch.rand_like(share) <= share).to(x)
        else:
            return x
        total = share.sum(1, keepdim=True)
        factor = torch.where(total > 0, share.shape[1] / total, 1)
        return x * (kept * factor).reshape(*kept.shape, *[1] * (x.ndim - 2))
