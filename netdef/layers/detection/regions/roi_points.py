"""PSROIAlign and ROIAlignment: regions whose cells are the values at points within them, of forks of R-FCN and Faster R-CNN."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_positive, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.regions.roi_pooling import Regions


class _Points(Regions):
    """The base of both: a grid of cells over each region, clipped to the features; a cell without extent is 0."""

    depends_on_data = True
    grid: tuple[int, int]
    ends_in: float
    """How far behind its corner a region ends, in pixels of the features."""
    least: float
    """The least side of a region."""

    def cells(self, regions: Tensor, sides: Sequence[int]) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Starts and ends (R, n) of the cells, clipped to ``sides``, and their own length (R, 1): of rows, then of columns."""
        found = []
        for axis, (count, side) in enumerate(zip(self.grid, sides)):
            start = regions[:, 2 - axis, None] * self.spatial_scale
            length = (regions[:, 4 - axis, None] * self.spatial_scale + self.ends_in - start).clamp(min=self.least) / count
            edges = start + torch.arange(count + 1).to(regions) * length
            edges = edges.clamp(0, side - 1)
            found.append((edges[:, :-1], edges[:, 1:], length))
        return found


def values_at(x: Tensor, images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The values (R, P, C) of features (N, C, H, W) at places (R, P) of images (R,), between the four pixels around."""
    top, left = rows.floor().long(), columns.floor().long()
    down, right = (rows - top)[..., None], (columns - left)[..., None]
    below, beside = (top + 1).clamp(max=x.shape[2] - 1), (left + 1).clamp(max=x.shape[3] - 1)
    planes = x.permute(0, 2, 3, 1)
    image = images[:, None]
    upper = planes[image, top, left] * (1 - right) + planes[image, top, beside] * right
    lower = planes[image, below, left] * (1 - right) + planes[image, below, beside] * right
    return upper * (1 - down) + lower * down


@register("PSROIAlign")
class PSROIAlign(_Points):
    """(R, output_dim, group_size, group_size): PSROIPooling whose cells are means of ``sample_num`` x ``sample_num`` values.

    The values are at equal distances within a cell, from its first sides on; those beyond a cell that is clipped are 0. A region
    is as far as its last pixels' ends. Of afantideng's fork of R-FCN.
    """

    least = 0.1

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.psroi_align_param
        for field in ("output_dim", "group_size", "sample_num"):
            check_positive(spec, getattr(param, field), "psroi_align_param", field)
        self.dim, self.samples = param.output_dim, param.sample_num
        self.grid = param.group_size, param.group_size
        self.spatial_scale = param.spatial_scale
        self.ends_in = param.spatial_scale
        if shapes[0][1] != self.dim * param.group_size**2:
            raise spec.refuse(f"wants {self.dim} x {param.group_size} x {param.group_size} channels; `{spec.bottoms[0]}` has "
                              f"shape {shapes[0]}", "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[1][0], self.dim, *self.grid)]

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        regions = self.rows(regions, x)
        images, planes = regions[:, 0].long(), x.unflatten(1, (self.dim, *self.grid))
        (tops, bottoms, height), (lefts, rights, width) = self.cells(regions, x.shape[2:])
        steps = torch.arange(1, self.samples + 1).to(x) / (self.samples + 1)
        pooled = []
        for row in range(self.grid[0]):
            rows = tops[:, row, None] + steps * height
            for column in range(self.grid[1]):
                columns = lefts[:, column, None] + steps * width
                inside = (rows < bottoms[:, row, None])[:, :, None] & (columns < rights[:, column, None])[:, None]
                places = (part.expand_as(inside).flatten(1) for part in (rows[:, :, None], columns[:, None]))
                limits = (side - 1 for side in x.shape[2:])
                values = values_at(planes[:, :, row, column], images, *(p.clamp(max=m) for p, m in zip(places, limits)))
                pooled.append((values * inside.flatten(1)[..., None]).sum(1) / self.samples**2)
        return torch.stack(pooled, -1).unflatten(2, self.grid)


@register("ROIAlignment")
class ROIAlignment(_Points):
    """(R, channels, pooled_h, pooled_w): the value at the centre of each cell. A region has the pixels of both corners."""

    ends_in = 1.0
    least = 1.0

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.roi_alignment_param
        self.grid = param.pooled_h, param.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.grid, "roi_alignment_param")
        self.spatial_scale = param.spatial_scale

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[1][0], bottoms[0][1], *self.grid)]

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        regions = self.rows(regions, x)
        down, across = ((start + end) / 2 for start, end, _ in self.cells(regions, x.shape[2:]))
        shape = len(regions), *self.grid
        rows, columns = (part.expand(shape).flatten(1) for part in (down[:, :, None], across[:, None]))
        return values_at(x, regions[:, 0].long(), rows, columns).transpose(1, 2).unflatten(2, self.grid)
