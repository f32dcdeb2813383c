"""RotateROIPooling: pool turned regions of an image to grids of one size. RRPN, Ma et al. 2018."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_PARAM = "rotate_pooling_param"


@register("RotateROIPooling")
class RotateROIPooling(Layer):
    """(R, channels, pooled_h, pooled_w): the greatest value above 0 at the places inside each cell of each region, else 0.

    Bottoms: features (N, channels, H, W), regions (R, 6), image, x and y of the centre, height, width and angle in degrees,
    and a size of the images, height first; all in pixels, which ``spatial_scale`` times are places. The angle turns the
    width's axis up. A place belongs to a cell with the cell's first sides, not its last, and only within the first image's
    size. As on a GPU in the fork.
    """

    n_bottoms = exactly(3)
    depends_on_data = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if not shapes[1] or math.prod(shapes[1][1:]) != 6:
            raise spec.refuse(f"wants regions of 6 numbers each; `{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)
        if math.prod(shapes[2]) < 2:
            raise spec.refuse(f"wants the height and the width of images; `{spec.bottoms[2]}` has shape {shapes[2]}", "bottom", 2)
        param = spec.message.rotate_pooling_param
        self.grid = param.pooled_h, param.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.grid, _PARAM)
        self.scale: float = param.spatial_scale
        self.images, self.sides = shapes[0][0], shapes[0][2:]

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        height, width = (side / self.scale for side in self.sides)
        if index == 2:
            sizes = torch.ones(math.prod(shape))
            sizes[:2] = torch.tensor([height, width])
            return sizes.reshape(shape)
        if index == 0:
            return None
        image = torch.randint(self.images, (shape[0], 1), generator=generator)
        parts = torch.rand(shape[0], 5, generator=generator) * torch.tensor([width, height, height, width, 180])
        return torch.cat((image, parts), 1).reshape(shape)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[1][0], bottoms[0][1], *self.grid)]

    def forward(self, x: Tensor, regions: Tensor, info: Tensor) -> Tensor:
        size = [min(int(side * self.scale), most) for side, most in zip(info.flatten()[:2].tolist(), x.shape[2:])]
        rows = regions.flatten(1).detach()
        tops = [self._pooled(x[int(row[0])], row[1:].tolist(), size) for row in rows]
        return torch.stack(tops) if tops else x.new_zeros(0, x.shape[1], *self.grid)

    def _pooled(self, x: Tensor, region: Sequence[float], size: Sequence[int]) -> Tensor:
        """The pooled region (channels, *grid) of features (channels, H, W); ``size`` is where there is an image."""
        centre_x, centre_y, height, width, angle = region
        turn = angle / 180 * math.pi
        cosine, sine = math.cos(turn), math.sin(turn)
        down, right = torch.meshgrid(*(torch.arange(side, dtype=torch.float64, device=x.device) for side in size), indexing="ij")
        left, top = right - centre_x * self.scale, down - centre_y * self.scale
        # Places in cells: along the width's axis (cosine, -sine), and the height's (sine, cosine).
        columns = (left * cosine - top * sine) / (width * self.scale / self.grid[1]) + self.grid[1] / 2
        lines = (left * sine + top * cosine) / (height * self.scale / self.grid[0]) + self.grid[0] / 2
        inside = (columns >= 0) & (columns < self.grid[1]) & (lines >= 0) & (lines < self.grid[0])
        cells = (lines[inside].long() * self.grid[1] + columns[inside].long()).expand(len(x), -1)
        values = x[:, : size[0], : size[1]][:, inside]
        count = self.grid[0] * self.grid[1]
        greatest = x.new_zeros(len(x), count).scatter_reduce(1, cells, values.detach(), "amax")
        order = torch.arange(values.shape[1], device=x.device).expand_as(cells)
        wins = (values == greatest.gather(1, cells)) & (values > 0)
        first = order.new_full((len(x), count), values.shape[1]).scatter_reduce(
            1, cells, torch.where(wins, order, values.shape[1]), "amin")
        padded = torch.cat((values, values.new_zeros(len(x), 1)), 1)
        return padded.gather(1, first).unflatten(1, self.grid)
