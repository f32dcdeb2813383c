"""ROIPooling and PSROIPooling: pool regions of an image to grids of one size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


class _Regions(Layer):
    """The base of both. Bottoms: features (N, channels, height, width) and regions (R, 5): image, x1, y1, x2, y2 in pixels.
    """

    n_bottoms = exactly(2)
    depends_on_data = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if len(shapes[1]) < 2 or math.prod(shapes[1][1:]) != 5:
            raise spec.refuse(f"wants regions of 5 numbers each; `{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)


@register("ROIPooling")
class ROIPooling(_Regions):
    """(R, channels, pooled_h, pooled_w): the greatest value in each cell of each region. Girshick 2015 (Fast R-CNN).

    Corners are scaled by ``spatial_scale`` and rounded, both belong to the region, which is at least 1 x 1. Cell i of n
    over length l goes from floor(i l / n) to ceil((i + 1) l / n); a cell outside the features is 0.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.roi_pooling_param
        self.grid = param.pooled_h, param.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.grid, "roi_pooling_param")
        self.spatial_scale: float = param.spatial_scale

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        if x.is_meta or not len(regions):
            return x.new_empty(len(regions), x.shape[1], *self.grid)
        return torch.stack([self._pool(x, *region) for region in self._corners(regions)])

    def _corners(self, regions: Tensor) -> list[list[int]]:
        regions = regions.detach().reshape(-1, 5)
        scaled = regions[:, 1:] * self.spatial_scale
        corners = (scaled.abs() + 0.5).floor() * scaled.sign()  # halves away from zero, as C rounds
        return torch.cat((regions[:, :1], corners), 1).long().tolist()

    def _pool(self, x: Tensor, image: int, left: int, top: int, right: int, bottom: int) -> Tensor:
        height, width = x.shape[2:]
        bottom, right = max(bottom, top), max(right, left)
        inside = x[image, :, max(top, 0) : max(bottom + 1, 0), max(left, 0) : max(right + 1, 0)]
        if not inside.numel():
            return x.new_zeros(x.shape[1], *self.grid)
        if left >= 0 and top >= 0 and right < width and bottom < height:
            return F.adaptive_max_pool2d(inside, self.grid)
        # Cells of the whole region: outside the features is -inf.
        beyond = (max(-left, 0), max(right - width + 1, 0), max(-top, 0), max(bottom - height + 1, 0))
        pooled = F.adaptive_max_pool2d(F.pad(inside, beyond, value=-math.inf), self.grid)
        return torch.where(pooled == -math.inf, 0, pooled)


@register("PSROIPooling")
class PSROIPooling(_Regions):
    """(R, output_dim, g, g): the mean of each cell of each region, g the ``group_size``. Dai et al. 2016 (R-FCN).

    Cell (i, j) of top channel c is read from channel (c g + i) g + j, where there are output_dim g^2. Regions
    go from round(x1) to round(x2) + 1 times ``spatial_scale`` and are at least 0.1 long; a cell goes from the floor of
    its beginning to the ceiling of its end; one outside the features is 0.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.psroi_pooling_param
        self.dim, self.group, self.spatial_scale = param.output_dim, param.group_size, param.spatial_scale
        if self.dim < 1 or self.group < 1 or shapes[0][1] != self.dim * self.group**2:
            raise spec.refuse(
                f"wants {self.dim} x {self.group} x {self.group} channels for its `output_dim` and "
                f"`group_size`; its bottom has {shapes[0][1]}", "psroi_pooling_param")

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        if x.is_meta or not len(regions):
            return x.new_empty(len(regions), self.dim, self.group, self.group)
        regions = regions.detach().reshape(-1, 5).to(x.dtype)
        corners = (regions[:, 1:].abs() + 0.5).floor() * regions[:, 1:].sign()
        columns = self._cells(corners[:, 0], corners[:, 2], x.shape[3])
        rows = self._cells(corners[:, 1], corners[:, 3], x.shape[2])
        means = x.new_empty(len(regions), self.dim, self.group, self.group)
        for image, features in enumerate(x.unflatten(1, (self.dim, self.group, self.group))):
            (mine,) = torch.where(regions[:, 0].long() == image)
            part = torch.einsum("dijhw,rih->rdijw", features, rows[mine])
            means = means.index_copy(0, mine, torch.einsum("rdijw,rjw->rdij", part, columns[mine]))
        return means

    def _cells(self, low: Tensor, high: Tensor, size: int) -> Tensor:
        """The share of each row (or column) in the mean of each cell: (R, g, size)."""
        start = low * self.spatial_scale
        step = ((high + 1) * self.spatial_scale - start).clamp(min=0.1) / self.group
        cell = torch.arange(self.group, dtype=low.dtype, device=low.device)
        first = (cell * step[:, None] + start[:, None]).floor().clamp(0, size)
        last = ((cell + 1) * step[:, None] + start[:, None]).ceil().clamp(0, size)
        place = torch.arange(size, dtype=low.dtype, device=low.device)
        inside = (place >= first[..., None]) & (place < last[..., None])
        return inside / (last - first).clamp(min=1)[..., None]
