"""SmoothPooling: a smooth maximum over each plane. Of HRSOD (Zeng et al. 2019; yi94code)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, refuse_shapes
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "smooth_pooling_param"
_LEAST = 0.01


@register("SmoothPooling")
class SmoothPooling(Layer):
    """For each plane x of (N, C, H, W) the greatest of ``w x - mu |w|^2 / 2`` over weights w from 0 up whose sum is ``z``.

    mu, how smooth the maximum is, counts as 0.01 where it is less. It is the second bottom, (N, C, 1, 1), or with
    ``has_smooth_blobs`` the layer's blob, (1, C, 1, 1); with ``unique_smooth`` it has one number for all channels. A
    ``max_value`` above 0 and above all of x is a further value of the plane. With ``fix_smooth`` the top is ``w x``, and mu gets
    no gradient; that of x is w in any case. A second top has w, and gives no gradient.
    """

    n_bottoms = between(1, 2)
    n_tops = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.smooth_pooling_param
        self.z, self.further, self.fixed = param.z, param.max_value, param.fix_smooth
        check_above_zero(spec, self.z, PARAM, "z")
        if param.has_smooth_blobs == (len(shapes) == 2):
            raise spec.refuse("wants either a second bottom, with `has_smooth_blobs: false`, or a blob of its own", "bottom")
        channels = 1 if param.unique_smooth else shapes[0][1]
        if len(shapes) == 2:
            if shapes[1] != (shapes[0][0], channels, 1, 1):
                raise refuse_shapes(spec, shapes, 1, f"the second must have shape {(shapes[0][0], channels, 1, 1)}")
        else:
            self.add_blob("smooth", (1, channels, 1, 1), filler(spec, PARAM, "smooth_filler", shape=(1, channels, 1, 1)))
        self.maskable = ()
        self.with_weights = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        pooled = (*bottoms[0][:2], 1, 1)
        return [pooled, bottoms[0]] if self.with_weights else [pooled]

    def forward(self, x: Tensor, given: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        mu = self.blob("smooth") if given is None else given
        mu = mu + (mu.clamp(min=_LEAST) - mu).detach()  # the gradient passes below the least, too
        mu = (mu.detach() if self.fixed else mu)[..., 0].expand(*x.shape[:2], 1)
        values = x.flatten(2)
        if self.further > 0:
            dummy = values.new_full((*values.shape[:2], 1), self.further)
            counts = values.detach().amax(2, keepdim=True) < self.further
            values = torch.cat((values, dummy.where(counts, -torch.inf)), 2)
        with torch.no_grad():
            weights = simplex(values / mu, self.z)
        top = (weights * values.masked_fill(weights == 0, 0)).sum(2, keepdim=True)
        if not self.fixed:
            top = top - mu * weights.square().sum(2, keepdim=True) / 2
        pooled = top[..., None]
        if not self.with_weights:
            return pooled
        return pooled, weights[:, :, : x[0, 0].numel()].reshape(x.shape)


def simplex(values: Tensor, total: float) -> Tensor:
    """The nearest numbers from 0 up whose sum over the last axis is ``total``; that of -inf is 0."""
    falling = values.sort(-1, descending=True).values
    count = torch.arange(1, values.shape[-1] + 1, device=values.device)
    shifts = (falling.cumsum(-1) - total) / count
    last = (falling > shifts).sum(-1, keepdim=True) - 1
    return (values - shifts.gather(-1, last)).clamp(min=0)
