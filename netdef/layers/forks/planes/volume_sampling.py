"""TridimSpatialTransformer: volumes sampled at places that the net computes. Of 3Dstn (xyyu-callen)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_same_batch, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "tridim_st_param"
_MAP = (
    "theta_1_1", "theta_1_2", "theta_1_3", "theta_1_4", "theta_2_1", "theta_2_2", "theta_2_3", "theta_2_4", "theta_3_1",
    "theta_3_2", "theta_3_3", "theta_3_4")


@register("TridimSpatialTransformer")
class TridimSpatialTransformer(Layer):
    """Volumes (N, C, D, H, W) sampled at the points of a grid, which the 3 x 4 matrix of each item, bottom 1, maps.

    A coordinate c is the place (c + 1) / 3 times the size of its axis, z, then x of H, then y of W; values between places are
    interpolated linearly, 0 outside. As in the fork, whose points overlap in memory: point k is the four numbers from 4 k on of
    the sequence that has x, y and z of its i-th place at 3 i, each i modulo its axis' size over that size, times 2, less 1, then
    one 1 and zeros. It divides by 3 on a GPU, as here, by 2 on a CPU. The gradients are the derivatives; those of its theta are
    others. Numbers of the matrix that the text gives (``theta_1_1``) are not in bottom 1.
    """

    n_bottoms = exactly(2)
    grid: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.tridim_st_param, shapes[0]
        check_axes(spec, shapes, 5)
        check_same_batch(spec, shapes)
        for field, only in (("transform_type", "affine"), ("sampler_type", "trilinear")):
            if getattr(param, field) != only:
                raise spec.refuse(f'has `{field}` "{getattr(param, field)}"; it is "{only}"', PARAM, field)
        sizes = []
        for field, usual in zip(("output_D", "output_H", "output_W"), shape[2:]):
            sizes.append(getattr(param, field) if param.HasField(field) else usual)
            check_positive(spec, sizes[-1], PARAM, field)
        self.size: tuple[int, int, int] = (sizes[0], sizes[1], sizes[2])
        self.given = [getattr(param, field) if param.HasField(field) else None for field in _MAP]
        wanted = self.given.count(None)
        if torch.Size(shapes[1][1:]).numel() != wanted:
            raise refuse_shapes(spec, shapes, 1, f"it wants {wanted} numbers for each volume")
        self.passes: bool = param.to_compute_dU
        self.add_constant("grid", (self.size[0] * self.size[1] * self.size[2], 4), self._fill)

    def _fill(self, grid: Tensor) -> None:
        depth, height, width = self.size
        places = torch.arange(len(grid), dtype=torch.float64)
        points = torch.stack([places % size / size * 2 - 1 for size in (height, width, depth)], 1).flatten()
        rest = torch.zeros(grid.numel() - len(points), dtype=torch.float64)
        rest[0] = 1
        with torch.no_grad():
            grid.copy_(torch.cat((points, rest)).view_as(grid))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self.size)]

    def forward(self, x: Tensor, theta: Tensor) -> Tensor:
        return sampled_volumes(x if self.passes else x.detach(), theta, self.grid, self.given, self.size)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        made = f"nn.Parameter(torch.zeros({tuple(self.grid.shape)}), requires_grad=False)"
        return TorchCode(f"sampled_volumes({bottoms[0]}, {bottoms[1]}, {me}_grid, {self.given}, {self.size})", {"_grid": made},
                         {"_grid": {"": self.grid}}, (sampled_volumes,))


def sampled_volumes(
    x: Tensor, theta: Tensor, grid: Tensor, given: list[float | None], size: tuple[int, int, int]
) -> Tensor:
    """Volumes at the points of ``grid`` (n, 4) that the matrix of each item maps; ``given`` are its fixed numbers."""
    free = iter(theta.flatten(1).unbind(1))
    matrix = torch.stack([next(free) if value is None else theta.new_full((len(theta),), value) for value in given], 1)
    points = grid @ matrix.unflatten(1, (3, 4)).transpose(1, 2)  # N, n, (z, x, y)
    axes = torch.tensor(x.shape[2:], dtype=x.dtype, device=x.device)
    places = (points + 1) / 3 * axes
    scaled = ((2 * places + 1) / axes - 1).flip(2)  # as grid_sample wants them, the last axis first
    return F.grid_sample(x, scaled.unflatten(1, size), mode="bilinear", padding_mode="zeros", align_corners=False)
