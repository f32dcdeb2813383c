"""DomainTransform: scores smoothed within edges. Of DeepLab's fork (Chen et al. 2016)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_at_least, check_axes, check_positive, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

_PARAM = "domain_transform_param"


@register("DomainTransform")
class DomainTransform(Layer):
    """A recursive filter of (N, C, H, W) along an edge map (N, 1, H, W): left to right, back, down, and up, ``num_iter`` times.

    Each value takes the share w of its neighbour before: ``y = (1 - w) x + w y_before``, where w is ``exp(-sqrt(2) / s (1 +
    edge spatial_sigma / range_sigma))`` at the right or lower of the two, from ``min_weight`` to 1, and s the iteration's share
    of ``spatial_sigma``. The third bottom has the height and width of each image; what is beyond them stays as it is.

    As in the fork the edge map's gradient is that of w before it was limited, with the limited w.
    """

    n_bottoms = exactly(3)
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.domain_transform_param
        check_axes(spec, shapes, 4)
        n, _, height, width = shapes[0]
        if shapes[1] != (n, 1, height, width):
            raise refuse_shapes(spec, shapes, 1, f"it wants an edge map {(n, 1, height, width)}")
        if len(shapes[2]) < 2 or shapes[2][0] != n or math.prod(shapes[2]) < 2 * n:
            raise refuse_shapes(spec, shapes, 2, "it wants the height and width of each image")
        check_positive(spec, param.num_iter, _PARAM, "num_iter")
        for field in ("spatial_sigma", "range_sigma"):
            check_above_zero(spec, getattr(param, field), _PARAM, field)
        check_at_least(spec, param.min_weight, 0, _PARAM, "min_weight")
        self.least: float = param.min_weight
        self.ratio: float = param.spatial_sigma / param.range_sigma
        last = param.spatial_sigma * math.sqrt(3) / math.sqrt(4**param.num_iter - 1)
        self.factors = [-math.sqrt(2) / (last * 2**power) for power in reversed(range(param.num_iter))]

    def forward(self, x: Tensor, edges: Tensor, sizes: Tensor) -> Tensor:
        return filtered(x, [self.share(edges, factor) for factor in self.factors], sizes.detach())

    def share(self, edges: Tensor, factor: float) -> Tensor:
        """The share of the neighbour, with the fork's gradient."""
        share = (factor * (1 + self.ratio * edges)).exp().detach().clamp(self.least, 1)
        return with_gradient(share, edges, factor * self.ratio * share)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, edges, sizes = bottoms
        share = f"(factor * (1 + {self.ratio} * {edges})).exp().clamp({self.least}, 1)"
        return TorchCode(f"filtered({x}, [{share} for factor in {self.factors}], {sizes})", functions=(filtered,))


@register("DomainTransformForwardOnly")
class DomainTransformForwardOnly(DomainTransform):
    """`DomainTransform` without limits of the shares, and without a gradient."""

    def forward(self, x: Tensor, edges: Tensor, sizes: Tensor) -> Tensor:
        return super().forward(x.detach(), edges.detach(), sizes)

    def share(self, edges: Tensor, factor: float) -> Tensor:
        return (factor * (1 + self.ratio * edges)).exp()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, edges, sizes = bottoms
        share = f"(factor * (1 + {self.ratio} * {edges})).exp()"
        return TorchCode(f"filtered({x}, [{share} for factor in {self.factors}], {sizes})", functions=(filtered,))


def filtered(x: Tensor, shares: list, sizes: Tensor) -> Tensor:
    """Planes filtered by each of several maps of shares, along both axes, forth and back, within the height and width of each."""
    rows, columns = sizes.flatten(1)[:, :2].trunc().T[:, :, None, None, None]
    h, w = (torch.arange(size, device=x.device) for size in x.shape[2:])
    within = (h[:, None] < rows) & (w < columns)
    for share in shares:
        for axis in (3, 2):
            values, parts = list(x.unbind(axis)), share.where(within, 0).unbind(axis)
            for i in range(1, len(values)):
                values[i] = torch.lerp(values[i], values[i - 1], parts[i].expand_as(values[i]))
            for i in range(len(values) - 1, 0, -1):
                values[i - 1] = torch.lerp(values[i - 1], values[i], parts[i].expand_as(values[i]))
            x = torch.stack(values, axis)
    return x
