"""ROIWarping, ROIAlign, MaskResize and MaskPooling: values between the pixels of regions, and masks over them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_sizes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.regions.roi_pooling import Regions, grown


class _SampledRegions(Regions):
    """The base of both. At points of a grid over each region the features are interpolated between the four pixels around."""

    param: str
    depends_on_data = True
    family = "windows"
    more: int
    """Points along a side beyond the number in the text."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        message = getattr(spec.message, self.param)
        grid = message.pooled_h, message.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", grid, self.param)
        self.grid = grid
        self.spatial_scale = message.spatial_scale

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        rows, columns = (count + self.more for count in self.grid)
        if x.is_meta:
            return x.new_empty(len(regions), x.shape[1], rows, columns)
        regions = self.rows(regions, x)
        start, end = self.corners(regions)
        sides = end - start
        across = start[:, :1] + torch.arange(columns).to(x) * (sides[:, :1] / self.grid[1])
        down = start[:, 1:] + torch.arange(rows).to(x) * (sides[:, 1:] / self.grid[0])
        top = sample(x, regions[:, 0].long(), down, across)
        return top * self.proper(sides).to(x)[:, None, None, None]

    def corners(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        """The first and the last point (R, 2), x and y in pixels of the features."""
        raise NotImplementedError

    def proper(self, sides: Tensor) -> Tensor:
        """Which regions (R,) have values, by the sides; others are 0."""
        return torch.ones_like(sides[:, 0], dtype=torch.bool)


@register("ROIWarping")
class ROIWarping(_SampledRegions):
    """(R, channels, pooled_h, pooled_w): the features at as many points along each side, the first at the region's corner.

    Corners are scaled by ``spatial_scale`` and rounded; the points are a side over ``pooled`` apart. A point more than half a
    pixel outside the features is 0. Dai et al. 2016 (MNC). No gradient of the regions, where the fork has one that is not the
    derivative.
    """

    param = "roi_warping_param"
    more = 0

    def corners(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        scaled = regions[:, 1:] * self.spatial_scale
        rounded = (scaled.abs() + 0.5).floor() * scaled.sign()  # halves away from zero, as C rounds
        return rounded[:, :2], torch.maximum(rounded[:, 2:], rounded[:, :2])


@register("ROIAlign")
class ROIAlign(_SampledRegions):
    """(R, channels, pooled_h + 1, pooled_w + 1): the features at the corners of the cells of each region, not rounded.

    A mean over 2 x 2 of them, a Pooling, follows. Corners are those of the region, grown by ``pad_ratio`` as in ROIPooling,
    times ``spatial_scale``, less half a pixel. A point more than half a pixel outside the features is 0, and so is a region
    without extent. Of Cascade R-CNN's fork (Cai and Vasconcelos 2018), which has it in ``roi_pooling_param``.
    """

    param = "roi_pooling_param"
    more = 1

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.pad_ratio: float = spec.message.roi_pooling_param.pad_ratio

    def corners(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        scaled = grown(regions, self.pad_ratio)[:, 1:] * self.spatial_scale - 0.5
        return scaled[:, :2], scaled[:, 2:]

    def proper(self, sides: Tensor) -> Tensor:
        return (sides > 0).all(1)


@register("MaskResize")
class MaskResize(Layer):
    """Maps of another size: row i of n is interpolated at row ``i H / n``, so with columns. Dai et al. 2016 (MNC).

    With ``factor_height`` or ``factor_width``, of SSTD (BestSonny), the size is the bottom's times that, cut to whole numbers.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.mask_resize_param
        self.fixed = param.output_height, param.output_width
        self.factors = param.factor_height, param.factor_width
        check_sizes(spec, "`output_height` and `output_width`", self.fixed, "mask_resize_param")
        check_sizes(spec, "a top of height and width", self._size(shapes[0]), "mask_resize_param")

    def _size(self, shape: Sequence[int]) -> tuple[int, ...]:
        """The height and width of the top."""
        return tuple(int(side * factor) if factor > 0 else fixed
                     for side, factor, fixed in zip(shape[2:], self.factors, self.fixed))

    def forward(self, x: Tensor) -> Tensor:
        size = self._size(x.shape)
        if x.is_meta:
            return x.new_empty(*x.shape[:2], *size)
        places = [torch.arange(count).to(x) * (side / count) for count, side in zip(size, x.shape[2:])]
        down, across = (place.expand(len(x), -1) for place in places)
        grid, inside = grid_of(x, down, across)
        return interpolate(x, grid) * inside


@register("MaskPooling")
class MaskPooling(Layer):
    """Features (N, channels, H, W) times a mask (N, 1, H, W). Dai et al. 2016 (MNC)."""

    n_bottoms = exactly(2)
    keeps_shape = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if tuple(shapes[1]) != (shapes[0][0], 1, *shapes[0][2:]):
            raise refuse_shapes(spec, shapes, 1, "it wants one mask for each item, of the features' height and width")

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        return x * mask


def sample(x: Tensor, images: Tensor, down: Tensor, across: Tensor) -> Tensor:
    """Interpolate the images (R,) of ``x`` (N, channels, H, W) at rows ``down`` (R, P) and columns ``across`` (R, Q).

    Returns (R, channels, P, Q). Up to half a pixel outside the border counts; beyond it is 0.
    """
    grid, inside = grid_of(x, down, across)
    count, rows, columns = grid.shape[:3]
    top = x.new_zeros(count, x.shape[1], rows, columns)
    for image in images.unique().tolist():
        (mine,) = torch.where(images == image)
        found = interpolate(x[image : image + 1], grid[mine].reshape(1, len(mine) * rows, columns, 2))
        top = top.index_copy(0, mine, found[0].unflatten(1, (len(mine), rows)).transpose(0, 1))
    return top * inside


def grid_of(x: Tensor, down: Tensor, across: Tensor) -> tuple[Tensor, Tensor]:
    """The grid (R, P, Q, 2) of torch's `grid_sample` for rows (R, P) and columns (R, Q), and 1 where they are inside ``x``."""
    height, width = x.shape[2:]
    wide, high = (2 * places / max(side - 1, 1) - 1 for places, side in ((across, width), (down, height)))
    shape = down.shape[0], down.shape[1], across.shape[1]
    rows, columns = (((places >= -0.5) & (places <= side - 0.5)).to(x) for places, side in ((down, height), (across, width)))
    grid = torch.stack((wide[:, None].expand(shape), high[:, :, None].expand(shape)), -1)
    return grid, rows[:, None, :, None] * columns[:, None, None]


def interpolate(x: Tensor, grid: Tensor) -> Tensor:
    """Interpolate ``x`` at the points of a grid; beyond the border it is what it is there."""
    return F.grid_sample(x, grid, padding_mode="border", align_corners=True)
