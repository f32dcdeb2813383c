"""ROIAlign of makefile's frcnn: the greatest of a few values between pixels in each cell of a region."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.regions.roi_pooling import Regions

PARAM = "roi_pooling_param"
_SHIFTS = {True: (0.25, 0.75), False: (0.5,)}


def _is_makefiles(spec: LayerDefinition) -> bool:
    param = spec.message.roi_pooling_param
    return param.HasField("bi_type") or param.HasField("is_multi_interpolate")


@register("ROIAlign", when=_is_makefiles)
class BestSampleROIAlign(Regions):
    """(R, channels, pooled_h, pooled_w): the greatest of four values in each cell, or with ``is_multi_interpolate: false`` one.

    With ``bi_type`` 0 a value is interpolated between 4 pixels, but beyond the last row or column it is 0; with 1, the default,
    between 16, where the last ones go on. A region grows by ``pad_ratio`` as in ROIPooling, is scaled by ``spatial_scale``, not
    rounded, begins within the features and has the pixel of its last corner, too. The fork's CPU code always takes one value.
    Of makefile's frcnn, whose nets are told by these fields or by FrcnnRoiData, FrcnnProposal and the like beside.
    """

    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.roi_pooling_param
        self.grid = param.pooled_h, param.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.grid, PARAM)
        self.spatial_scale, self.pad_ratio = param.spatial_scale, param.pad_ratio
        self.shifts = _SHIFTS[param.is_multi_interpolate]
        self.cubic = param.bi_type == 1

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(len(regions), x.shape[1], *self.grid)
        regions = self.rows(regions, x)
        images, corners = regions[:, 0].long(), regions[:, 1:]
        margin = (corners[:, 2:] - corners[:, :2] + 1) * self.pad_ratio
        start = ((corners[:, :2] - margin) * self.spatial_scale).clamp(min=0)
        limits = x.new_tensor([int(size / self.spatial_scale + 0.5) - 1 for size in (x.shape[3], x.shape[2])])
        end = torch.minimum((corners[:, 2:] + margin) * self.spatial_scale, limits)
        sides = (end - start + 1).clamp(min=1)
        found: Tensor | None = None
        for down in self.shifts:
            for across in self.shifts:
                taps = [self._taps(start[:, axis], sides[:, axis], count, shift, size) for axis, count, shift, size in (
                    (1, self.grid[0], down, x.shape[2]), (0, self.grid[1], across, x.shape[3]))]
                value = _values(x, images, *taps)
                found = value if found is None else torch.where(value > found, value, found)
        assert found is not None
        return found

    def _taps(self, start: Tensor, length: Tensor, count: int, shift: float, size: int) -> tuple[Tensor, Tensor]:
        """Places (R, count, taps) along one axis, and their shares of a value."""
        at = start[:, None] + (torch.arange(count).to(start) + shift) * (length / count)[:, None]
        at = at.clamp(0, size - 1)
        first = at.long()
        part = (at - first)[..., None]
        if self.cubic:
            offsets = torch.arange(-1, 3, device=at.device)
            shares = _cubic((part - offsets.to(at)).abs())
        else:
            offsets = torch.arange(2, device=at.device)
            shares = torch.cat(((first[..., None] + 1).clamp(max=size - 1) - at[..., None], part), -1)
        return (first[..., None] + offsets).clamp(0, size - 1), shares


def _cubic(away: Tensor) -> Tensor:
    """The share of a pixel that is this far away."""
    near, far = 1 - 2 * away**2 + away**3, 4 - 8 * away + 5 * away**2 - away**3
    return torch.where(away < 1, near, torch.where(away < 2, far, 0.0))


def _values(x: Tensor, images: Tensor, down: tuple[Tensor, Tensor], across: tuple[Tensor, Tensor]) -> Tensor:
    """The values (R, channels, rows, columns) at all places down by all across."""
    planes = x.permute(0, 2, 3, 1)
    total = x.new_zeros(())
    for row in range(down[0].shape[2]):
        for column in range(across[0].shape[2]):
            pixels = planes[images[:, None, None], down[0][:, :, None, row], across[0][:, None, :, column]]
            total = total + pixels * (down[1][:, :, None, row] * across[1][:, None, :, column])[..., None]
    return total.permute(0, 3, 1, 2)
