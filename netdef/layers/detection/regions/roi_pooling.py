"""ROIPooling and PSROIPooling: pool regions of an image to grids of one size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.schema.messages import ROIPoolingMethod


class Regions(Layer):
    """The base of both. Bottoms: features (N, channels, height, width) and regions (R, 5): image, x1, y1, x2, y2 in pixels.

    A single region of another length is taken for a place of regions whose number is not known yet: person search's nets have
    an input (1, 4), which its code reshapes before each pass.
    """

    n_bottoms = exactly(2)
    family = "windows"
    spatial_scale: float

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if len(shapes[1]) < 2 or (math.prod(shapes[1][1:]) != 5 and shapes[1][0] != 1):
            raise spec.refuse(f"wants regions of 5 numbers each; `{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)
        self.images, self.sides = shapes[0][0], shapes[0][:1:-1]

    def checked(self, regions: Tensor) -> Tensor:
        """The regions of a pass. Raises NetdefError unless they have 5 numbers each."""
        if math.prod(regions.shape[1:]) != 5:
            raise NetdefError(f"layer `{self.name}` wants regions of 5 numbers each; it got shape {tuple(regions.shape)}")
        return regions

    def rows(self, regions: Tensor, x: Tensor) -> Tensor:
        """The regions of a pass, (R, 5), without a gradient and in the type of ``x``."""
        return self.checked(regions).detach().reshape(-1, 5).to(x.dtype)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        if index != 1:
            return None
        images = torch.randint(self.images, (shape[0], 1), generator=generator)
        ends = torch.rand(shape[0], 2, 2, generator=generator).sort(1).values * torch.tensor(self.sides) / self.spatial_scale
        return torch.cat((images, ends.flatten(1)), 1).reshape(shape)


@register("ROIPooling")
class ROIPooling(Regions):
    """(R, channels, pooled_h, pooled_w): the greatest value in each cell of each region. Girshick 2015 (Fast R-CNN).

    Corners are scaled by ``spatial_scale`` and rounded, both belong to the region, which is at least 1 x 1. Cell i of n
    over length l goes from floor(i (l / n)) to ceil((i + 1) (l / n)), l / n being rounded to the net's type as in the
    original: of 57 rows in 7 cells the last has one row more. A cell outside the features is 0.

    With ``pad_ratio`` p, from MS-CNN's fork (Cai et al. 2016), a region first grows at each side by p times its own width or
    height, of which both corners are part. ``pool: AVE``, of CCNN (wk910930), is another class.
    """

    depends_on_data = True
    onnx_functions = ("max_of_regions",)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.roi_pooling_param
        self.grid = param.pooled_h, param.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.grid, "roi_pooling_param")
        self.spatial_scale = param.spatial_scale
        self.pad_ratio: float = param.pad_ratio
        self.max_of_regions = max_of_regions

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(len(regions), x.shape[1], *self.grid)
        regions = self.checked(regions)
        if self.pad_ratio:
            regions = grown(regions, self.pad_ratio)
        return self.max_of_regions(x, regions, self.spatial_scale, *self.grid)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, regions = bottoms
        padded = f"grown({regions}, {number(self.pad_ratio)})" if self.pad_ratio else regions
        call = f"max_of_regions({x}, {padded}, {number(self.spatial_scale)}, {self.grid[0]}, {self.grid[1]})"
        helpers = (grown,) if self.pad_ratio else ()
        return TorchCode(call, functions=(*helpers, cells_of_regions, max_of_region, max_of_regions))


@register("ROIPooling", when=lambda spec: spec.message.roi_pooling_param.pool == ROIPoolingMethod.AVE)
class AverageROIPooling(Regions):
    """ROIPooling with the mean of each cell. Of CCNN (wk910930).

    The gradient is that of the mean. The fork's GPU code leaves out values beyond the rounded corners of a region, of which
    there are some only where a corner is right of, or below, the next one.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.roi_pooling_param
        self.grid = param.pooled_h, param.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.grid, "roi_pooling_param")
        self.spatial_scale, self.pad_ratio = param.spatial_scale, param.pad_ratio

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(len(regions), x.shape[1], *self.grid)
        regions = self.rows(regions, x)
        return means_of_cells(x, grown(regions, self.pad_ratio), self.spatial_scale, *self.grid)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, regions = bottoms
        call = f"means_of_cells({x}, grown({regions}, {number(self.pad_ratio)}), {number(self.spatial_scale)}, "
        return TorchCode(f"{call}{self.grid[0]}, {self.grid[1]})", functions=(grown, cells_of_regions, means_of_cells))


@register("PSROIPooling")
class PSROIPooling(Regions):
    """(R, output_dim, g, g): the mean of each cell of each region, g the ``group_size``. Dai et al. 2016 (R-FCN).

    Cell (i, j) of top channel c is read from channel (c g + i) g + j, where there are output_dim g^2. Regions
    go from round(x1) to round(x2) + 1 times ``spatial_scale`` and are at least 0.1 long; a cell goes from the floor of
    its beginning to the ceiling of its end; one outside the features is 0. ``pad_ratio`` is that of `ROIPooling`.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.psroi_pooling_param
        self.dim, self.group, self.spatial_scale = param.output_dim, param.group_size, param.spatial_scale
        self.pad_ratio: float = param.pad_ratio
        if self.dim < 1 or self.group < 1 or shapes[0][1] != self.dim * self.group**2:
            raise spec.refuse(
                f"wants {self.dim} x {self.group} x {self.group} channels for its `output_dim` and "
                f"`group_size`; its bottom has {shapes[0][1]}", "psroi_pooling_param")

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(len(regions), self.dim, self.group, self.group)
        regions = self.checked(regions)
        if self.pad_ratio:
            regions = grown(regions, self.pad_ratio)
        return mean_of_regions(x, regions, self.spatial_scale, self.dim, self.group)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, regions = bottoms
        padded = f"grown({regions}, {number(self.pad_ratio)})" if self.pad_ratio else regions
        call = f"mean_of_regions({x}, {padded}, {number(self.spatial_scale)}, {self.dim}, {self.group})"
        return TorchCode(call, functions=(*((grown,) if self.pad_ratio else ()), shares_of_cells, mean_of_regions))


def grown(regions: Tensor, ratio: float) -> Tensor:
    """Regions (R, 5) that are larger at each side by ``ratio`` times their width or height in pixels: (R, 5)."""
    regions = regions.detach().reshape(-1, 5)
    pad = (regions[:, 3:] - regions[:, 1:3] + 1) * ratio
    return torch.cat((regions[:, :1], regions[:, 1:3] - pad, regions[:, 3:] + pad), 1)


def max_of_regions(x: Tensor, regions: Tensor, scale: float, height: int, width: int) -> Tensor:
    """Fast R-CNN's pooling of ``regions`` (R, 5) of features ``x``: (R, channels, height, width)."""
    regions = regions.detach().reshape(-1, 5)
    corners = regions[:, 1:] * scale
    corners = ((corners.abs() + 0.5).floor() * corners.sign()).long()  # halves away from zero, as C rounds
    left, top = corners[:, 0], corners[:, 1]
    wide, high = (corners[:, 2] - left + 1).clamp(min=1), (corners[:, 3] - top + 1).clamp(min=1)
    rows, even_rows = cells_of_regions(high, height, x.dtype)
    columns, even_columns = cells_of_regions(wide, width, x.dtype)
    found = [x.new_empty(0, x.shape[1], height, width)]
    for i, (image, x1, y1, w, h) in enumerate(torch.stack((regions[:, 0].long(), left, top, wide, high), 1).tolist()):
        if even_rows[i] and even_columns[i]:
            found.append(max_of_region(x[image], x1, y1, x1 + w, y1 + h, height, width)[None])
        else:
            cells = [max_of_region(x[image], x1 + a, y1 + c, x1 + b, y1 + d, 1, 1)
                     for c, d in rows[i].tolist() for a, b in columns[i].tolist()]
            found.append(torch.cat(cells, 1).reshape(1, -1, height, width))
    return torch.cat(found)


def means_of_cells(x: Tensor, regions: Tensor, scale: float, height: int, width: int) -> Tensor:
    """The means of the cells of ``regions`` (R, 5) of features ``x``: (R, channels, height, width); 0 of cells outside."""
    regions = regions.detach().reshape(-1, 5)
    corners = regions[:, 1:] * scale
    corners = ((corners.abs() + 0.5).floor() * corners.sign()).long()
    shares = []
    for start, end, count, size in ((corners[:, 1], corners[:, 3], height, x.shape[2]),
                                    (corners[:, 0], corners[:, 2], width, x.shape[3])):
        cells, _ = cells_of_regions((end - start + 1).clamp(min=1), count, x.dtype)
        cells = (cells + start[:, None, None]).clamp(0, size)
        place = torch.arange(size, device=x.device)
        inside = (place >= cells[..., :1]) & (place < cells[..., 1:])
        shares.append(inside.to(x.dtype) / inside.sum(2, keepdim=True).clamp(min=1))
    found = [x.new_empty(0, x.shape[1], height, width)]
    found += [(rows @ x[image] @ columns.t())[None] for image, rows, columns in zip(regions[:, 0].long().tolist(), *shares)]
    return torch.cat(found)


def cells_of_regions(lengths: Tensor, count: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """The bounds (n, count, 2) of the cells of lengths (n), in whole steps, and whether they are those of exact division."""
    number = torch.arange(count + 1, device=lengths.device)
    bounds = number * (lengths[:, None].to(dtype) / count)
    cells = torch.stack((bounds[:, :-1].floor(), bounds[:, 1:].ceil()), 2).long()
    whole = number * lengths[:, None]
    exact = torch.stack((whole[:, :-1] // count, (whole[:, 1:] + count - 1) // count), 2)
    return cells, (cells == exact).flatten(1).all(1)


def max_of_region(x: Tensor, left: int, top: int, right: int, bottom: int, height: int, width: int) -> Tensor:
    """The greatest value in each cell of a region of ``x`` (channels, H, W), which ends before ``right`` and ``bottom``."""
    inside = x[:, max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if not inside.numel():
        return x.new_zeros(len(x), height, width)
    if left >= 0 and top >= 0 and right <= x.shape[2] and bottom <= x.shape[1]:
        return F.adaptive_max_pool2d(inside, (height, width))
    # Cells of the whole region: outside the features is -inf.
    beyond = (max(-left, 0), max(right - x.shape[2], 0), max(-top, 0), max(bottom - x.shape[1], 0))
    pooled = F.adaptive_max_pool2d(F.pad(inside, beyond, value=-torch.inf), (height, width))
    return torch.where(pooled == -torch.inf, 0, pooled)


def mean_of_regions(x: Tensor, regions: Tensor, scale: float, dim: int, group: int) -> Tensor:
    """R-FCN's pooling of ``regions`` (R, 5) of features ``x``: (R, dim, group, group)."""
    regions = regions.detach().reshape(-1, 5).to(x.dtype)
    corners = (regions[:, 1:].abs() + 0.5).floor() * regions[:, 1:].sign()
    columns = shares_of_cells(corners[:, 0] * scale, (corners[:, 2] + 1) * scale, group, x.shape[3])
    rows = shares_of_cells(corners[:, 1] * scale, (corners[:, 3] + 1) * scale, group, x.shape[2])
    means = x.new_zeros(regions.shape[0], dim, group, group)
    for image, features in enumerate(x.unflatten(1, (dim, group, group))):
        mine = (regions[:, 0].long() == image)[:, None, None]
        part = torch.einsum("dijhw,rih->rdijw", features, rows * mine)
        means = means + torch.einsum("rdijw,rjw->rdij", part, columns)
    return means


def shares_of_cells(start: Tensor, end: Tensor, group: int, size: int) -> Tensor:
    """The share of each row (or column) in the mean of each cell: (R, group, size)."""
    step = (end - start).clamp(min=0.1) / group
    cell = torch.arange(group, dtype=start.dtype, device=start.device)
    first = (cell * step[:, None] + start[:, None]).floor().clamp(0, size)
    last = ((cell + 1) * step[:, None] + start[:, None]).ceil().clamp(0, size)
    place = torch.arange(size, dtype=start.dtype, device=start.device)
    inside = (place >= first[..., None]) & (place < last[..., None])
    return inside / (last - first).clamp(min=1)[..., None]
