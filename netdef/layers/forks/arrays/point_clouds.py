"""Points of PointNet++ (Qi et al. 2017), (N, P, 3), sampled, grouped and interpolated. Of Synopsys' fork.

Tops that are indices get no gradient. The fork has none of the others, either; here they have theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import SpecError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "point_net_param"


@register("FarthestPointSample")
class FarthestPointSample(Layer):
    """The indices (N, n_sample_point) of points, the first one, then each time the one farthest from those before.

    Of several that are as far, the least index modulo 512 comes first, as in PointNet++'s own kernel.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.count: int = spec.message.point_net_param.n_sample_point
        check_positive(spec, self.count, PARAM, "n_sample_point")
        _check_points(spec, shapes, 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.count)]

    def forward(self, points: Tensor) -> Tensor:
        return farthest_points(points, self.count)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"farthest_points({bottoms[0]}, {self.count})", functions=(farthest_points,))


@register("QueryBallPoint")
class QueryBallPoint(Layer):
    """The first ``n_sample_point`` indices of points (N, P, 3) at most ``radius`` from each centre (N, Q, 3), (N, Q, n).

    If there are fewer, the first one fills the rest; if there are none, index 0.
    """

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.point_net_param
        check_positive(spec, param.n_sample_point, PARAM, "n_sample_point")
        check_above_zero(spec, param.radius, PARAM, "radius")
        _check_points(spec, shapes, 0)
        _check_points(spec, shapes, 1)
        self.count, self.radius = param.n_sample_point, param.radius

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[1][:2], self.count)]

    def forward(self, points: Tensor, centres: Tensor) -> Tensor:
        return points_in_balls(points, centres, self.count, self.radius)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        call = f"points_in_balls({bottoms[0]}, {bottoms[1]}, {self.count}, {self.radius})"
        return TorchCode(call, functions=(points_in_balls,))


@register("GroupPoint")
class GroupPoint(Layer):
    """Points (N, P, C) by indices (N, Q) or (N, Q, S), each of its own item: (N, Q, C) or (N, Q, S, C)."""

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 3)
        if len(shapes[1]) not in (2, 3) or shapes[1][0] != shapes[0][0]:
            raise _unlike(spec, shapes, 1, "(N, P, C) and (N, Q) or (N, Q, S)")
        self.size = shapes[0][1]

    def forward(self, points: Tensor, indices: Tensor) -> Tensor:
        return group_points(points, indices)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Indices of points."""
        return torch.randint(self.size, shape, generator=generator).float() if index == 1 else None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"group_points({bottoms[0]}, {bottoms[1]})", functions=(group_points,))


@register("ThreeNN")
class ThreeNN(Layer):
    """The squared distances (N, P, 3) from each point (N, P, 3) to the three nearest of others (N, Q, 3), and their indices."""

    n_bottoms = exactly(2)
    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        _check_points(spec, shapes, 0)
        _check_points(spec, shapes, 1)
        if shapes[1][1] < 3:
            raise spec.refuse(f"wants at least 3 other points; `{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)

    def forward(self, points: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
        return nearest_points(points, others)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"nearest_points({bottoms[0]}, {bottoms[1]})", functions=(nearest_points,))


@register("ThreeInterpolate")
class ThreeInterpolate(Layer):
    """The sums (N, Q, C) of three points (N, P, C) each, by indices (N, Q, 3), times weights (N, Q, 3)."""

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 3)
        for index in (1, 2):
            if len(shapes[index]) != 3 or shapes[index] != (shapes[0][0], shapes[1][1], 3):
                raise _unlike(spec, shapes, index, "(N, P, C) and, twice, (N, Q, 3)")
        self.size = shapes[0][1]

    def forward(self, points: Tensor, indices: Tensor, weights: Tensor) -> Tensor:
        return (group_points(points, indices) * weights[..., None]).sum(2)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Indices of points."""
        return torch.randint(self.size, shape, generator=generator).float() if index == 1 else None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        points, indices, weights = bottoms
        return TorchCode(f"(group_points({points}, {indices}) * {weights}[..., None]).sum(2)", functions=(group_points,))


def _check_points(spec: LayerDefinition, shapes: Sequence[Shape], index: int) -> None:
    check_axes(spec, shapes, 3, index)
    if shapes[index][0] != shapes[0][0] or shapes[index][2] != 3:
        raise _unlike(spec, shapes, index, "points (N, P, 3)")


def _unlike(spec: LayerDefinition, shapes: Sequence[Shape], index: int, wanted: str) -> SpecError:
    return spec.refuse(f"wants {wanted}; `{spec.bottoms[index]}` has shape {shapes[index]}", "bottom", index)


def farthest_points(points: Tensor, count: int) -> Tensor:
    """Indices (N, count) of points (N, P, 3), each the farthest from those before; the first is 0."""
    points = points.detach()
    rank = torch.arange(points.shape[1], device=points.device)
    rank = rank % 512 * points.shape[1] + rank  # of points as far, the least comes first
    order = rank.argsort()
    points = points[:, order]
    found = [order.new_zeros(len(points))]
    nearest = torch.full_like(points[..., 0], 1e38)
    for _ in range(count - 1):
        last = points.gather(1, found[-1][:, None, None].expand(-1, 1, 3))
        nearest = torch.minimum(nearest, (points - last).square().sum(2).sqrt())
        farthest = nearest == nearest.max(1, keepdim=True).values
        found.append(farthest.to(torch.uint8).argmax(1))
    return order[torch.stack(found, 1)].to(points.dtype)


def points_in_balls(points: Tensor, centres: Tensor, count: int, radius: float) -> Tensor:
    """The first indices (N, Q, count) of points at most ``radius`` from centres, the first of them where there are no more."""
    distances = (centres.detach()[:, :, None] - points.detach()[:, None]).square().sum(3)
    size = points.shape[1]
    numbers = torch.arange(size, device=points.device).expand(distances.shape)
    inside = numbers.where(distances <= radius * radius, size).sort(2).values[..., :count]
    inside = torch.cat((inside, inside.new_full((*inside.shape[:2], count - inside.shape[2]), size)), 2)
    first = inside[..., :1]
    return inside.where(inside < size, first.where(first < size, 0)).to(points.dtype)


def group_points(points: Tensor, indices: Tensor) -> Tensor:
    """Points (N, P, C) by indices (N, ...), (N, ..., C)."""
    rows = indices.detach().long().flatten(1)[..., None].expand(-1, -1, points.shape[2])
    return points.gather(1, rows).reshape(*indices.shape, points.shape[2])


def nearest_points(points: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Squared distances to the three nearest of others, and their indices."""
    distances = (points[:, :, None] - others[:, None]).square().sum(3)
    order = distances.detach().argsort(dim=2, stable=True)[..., :3]
    return distances.gather(2, order), order.to(points.dtype)
