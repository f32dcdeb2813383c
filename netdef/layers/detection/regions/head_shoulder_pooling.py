"""HSROIPooling: regions of people, their heads and their shoulders, each from maps of its own. Of huangdl007's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.layers.detection.regions.roi_pooling import Regions

PARAM = "hsroi_pooling_param"


@register("HSROIPooling")
class HSROIPooling(Regions):
    """(R, output_dim, output_height, 4): the means over the whole region, its head, its left and its right shoulder.

    The head is the upper half without a quarter at each side, the shoulders are the halves of the lower half. Part p of top
    channel c at height k is read from channel (4 c + p) output_height + k. Regions go from round(x1) to round(x2) + 1
    times ``spatial_scale``; the borders of all parts are then cut to whole places. An empty part is 0. ``output_height`` is 1
    where none is given, as in the fork's first nets.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.hsroi_pooling_param
        self.dim, self.height, self.spatial_scale = param.output_dim, param.output_height, param.spatial_scale
        check_positive(spec, self.dim, PARAM, "output_dim")
        check_positive(spec, self.height, PARAM, "output_height")
        if shapes[0][1] != self.dim * self.height * 4:
            raise spec.refuse(f"wants {self.dim} x {self.height} x 4 channels for its `output_dim` and `output_height`; "
                              f"`{spec.bottoms[0]}` has {shapes[0][1]}", PARAM)

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(len(regions), self.dim, self.height, 4)
        return mean_of_parts(x, self.checked(regions), self.spatial_scale, self.dim)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        call = f"mean_of_parts({bottoms[0]}, {bottoms[1]}, {number(self.spatial_scale)}, {self.dim})"
        return TorchCode(call, functions=(share_of_places, mean_of_parts))


def mean_of_parts(x: Tensor, regions: Tensor, scale: float, dim: int) -> Tensor:
    """The means of the four parts of ``regions`` (R, 5) of maps ``x``: (R, dim, height, 4)."""
    regions = regions.detach().reshape(-1, 5).to(x.dtype)
    corners = (regions[:, 1:].abs() + 0.5).floor() * regions[:, 1:].sign()
    left, top, right, bottom = (corners[:, 0] * scale, corners[:, 1] * scale, (corners[:, 2] + 1) * scale,
                                (corners[:, 3] + 1) * scale)
    wide, high = (right - left).clamp(min=0.1), (bottom - top).clamp(min=0.1)
    columns = share_of_places(torch.stack((left, left + wide / 4, left, left + wide / 2), 1),
                              torch.stack((right, right - wide / 4, right - wide / 2, right), 1), x.shape[3])
    middle = top + high / 2
    rows = share_of_places(torch.stack((top, top, middle, middle), 1),
                           torch.stack((bottom, bottom - high / 2, bottom, bottom), 1), x.shape[2])
    means = x.new_zeros(len(regions), dim, x.shape[1] // (4 * dim), 4)
    for image, maps in enumerate(x.unflatten(1, (dim, 4, -1))):
        mine = (regions[:, 0].long() == image)[:, None, None]
        part = torch.einsum("dpkhw,rph->rdpkw", maps, rows * mine)
        means = means + torch.einsum("rdpkw,rpw->rdkp", part, columns)
    return means


def share_of_places(start: Tensor, end: Tensor, size: int) -> Tensor:
    """The share of each place in the mean of those from ``start`` to below ``end``, both cut to whole ones: (..., size)."""
    first, last = start.trunc().clamp(0, size), end.trunc().clamp(0, size)
    place = torch.arange(size, dtype=start.dtype, device=start.device)
    inside = (place >= first[..., None]) & (place < last[..., None])
    return inside / (last - first).clamp(min=1)[..., None]
