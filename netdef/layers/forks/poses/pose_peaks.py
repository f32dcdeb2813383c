"""ImResize, Nms and Maximum: the joints in maps of CMU's fork for poses in real time (Cao et al. 2017), as on a GPU there."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("ImResize")
class ImResize(Layer):
    """(N, C, H, W), maps of one image at N scales, to their mean (1, C, height, width), by cubic interpolation.

    The size is ``factor`` times the bottom's, or ``target_spatial_height`` x ``target_spatial_width``. Map n covers the
    bottom without ``floor(floor(W / 2) (1 - start_scale + n scale_gap))`` pixels at its left and right, and the same above
    and below. Numbers beyond its borders are those at the borders, the second on the far sides only. No gradient.
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.imresize_param
        count, _, *plane = shapes[0]
        sides = (param.target_spatial_height, param.target_spatial_width)
        self.size = tuple(int(side * param.factor) for side in plane) if param.factor else sides
        check_sizes(spec, "the size", self.size, "imresize_param")
        self.shrinkage = [1 - param.start_scale + index * param.scale_gap for index in range(count)]
        if any(2 * _cut(side, part) >= side or part < -1e-6 for side in plane for part in self.shrinkage):
            raise spec.refuse(f"wants maps of scales {[round(1 - part, 3) for part in self.shrinkage]}; they must be above 0 and "
                              "at most 1", "imresize_param")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, bottoms[0][1], *self.size)]

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        return mean_of_scales(x, self.size, self.shrinkage)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"mean_of_scales({bottoms[0]}, {tuple(self.size)}, {self.shrinkage})",
                         functions=(_cut, _cubic, mean_of_scales))


def _cut(side: int, part: float) -> int:
    """The pixels to leave out at each end of a side."""
    return int(side // 2 * part + 1e-6)


def _cubic(x: Tensor, axis: int, count: int) -> Tensor:
    """Resize an axis to ``count`` places."""
    own = x.shape[axis]
    places = (torch.arange(count, device=x.device, dtype=x.dtype) - (count / own / 2 - 0.5)) * (own / count)
    first = (places + 1e-5).trunc().clamp(min=0, max=own - 1).long()
    before, after = torch.where(first > 0, first - 1, first), (first + 1).clamp(max=own - 1)
    last = (after + 1).clamp(max=own - 1)
    shape = [-1 if index == axis else 1 for index in range(x.ndim)]
    step = (places - first).reshape(shape)
    a, b, c, d = (x.index_select(axis, index) for index in (before, first, after, last))
    cubes = (-0.5 * a + 1.5 * b - 1.5 * c + 0.5 * d) * step**3
    return cubes + (a - 2.5 * b + 2 * c - 0.5 * d) * step**2 + (0.5 * c - 0.5 * a) * step + b


def mean_of_scales(x: Tensor, size: tuple, shrinkage: list) -> Tensor:
    """The mean (1, C, *size) of maps (N, C, H, W) of one image, each without its own margin."""
    maps = []
    for one, part in zip(x, shrinkage):
        rows, columns = (_cut(side, part) for side in one.shape[1:])
        inside = one[:, rows : one.shape[1] - rows, columns : one.shape[2] - columns]
        maps.append(_cubic(_cubic(inside, 2, size[1]), 1, size[0]))
    return torch.stack(maps).mean(0, keepdim=True)


@register("Nms")
class Nms(Layer):
    """The peaks of the first ``num_parts`` maps: (N, num_parts, max_peaks + 1, 3), their number, then x, y and value of each.

    A peak is above ``threshold`` and above its eight neighbours, so never at the border. Its x and y are the mean of those of
    7 x 7 places around it by their values, those above 0. What follows the last peak is 0 (in the fork, what was there
    before). The fork leaves out places of row 0 and column 0 and counts as many rows as there are columns, and so do
    we within the map. No gradient.

    A single map without ``num_parts`` is of the fork's first version, where ``num_peak`` is what ``max_peaks`` is now: a peak is
    above its four neighbours, those beyond the border being 0, and its x and y are its own place. The last place is never one.
    """

    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.nms_param
        check_positive(spec, param.num_parts, "nms_param", "num_parts")
        self.threshold = param.threshold
        self.single = shapes[0][1] == 1 and not param.HasField("num_parts")
        if self.single:
            self.most, self.parts = param.num_peak, 1
            return
        if param.num_parts > shapes[0][1]:
            raise spec.refuse(f"wants {param.num_parts} maps; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        self.most, self.parts = param.max_peaks, param.num_parts

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.parts, self.most + 1, 3)]

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        x = x[:, : self.parts]
        found = above_neighbours(x, self.single) & (x > self.threshold)
        places = self._own_places(x) if self.single else self._weighted_places(x)
        top = x.new_zeros(*x.shape[:2], self.most + 1, 3)
        for image, part in torch.cartesian_prod(torch.arange(len(x)), torch.arange(self.parts)).tolist():
            rows, columns = found[image, part].nonzero(as_tuple=True)
            count = min(len(rows), self.most)
            top[image, part, 0, 0] = len(rows)
            rows, columns = rows[:count], columns[:count]
            top[image, part, 1 : count + 1, :2] = places[:, image, part, rows, columns].t()
            top[image, part, 1 : count + 1, 2] = x[image, part, rows, columns]
        return top

    def _own_places(self, x: Tensor) -> Tensor:
        """The place, x and y, of each value: (2, N, parts, H, W)."""
        down, right = torch.meshgrid(*(torch.arange(side).to(x) for side in x.shape[2:]), indexing="ij")
        return torch.stack((right, down))[:, None, None].expand(2, *x.shape)

    def _weighted_places(self, x: Tensor) -> Tensor:
        """The mean place, x and y, of 7 x 7 places around each by their values above 0: (2, N, parts, H, W)."""
        weights = x.clamp(min=0)
        weights[..., 0, :], weights[..., :, 0] = 0, 0
        weights[..., x.shape[3] :, :] = 0
        down, right = torch.meshgrid(*(torch.arange(side).to(x) for side in x.shape[2:]), indexing="ij")
        sums = [F.avg_pool2d(weights * each, 7, 1, 3, divisor_override=1) for each in (right, down, torch.ones_like(down))]
        return torch.stack(sums[:2]) / torch.where(sums[2] > 0, sums[2], 1)


def above_neighbours(x: Tensor, of_four: bool) -> Tensor:
    """Where values are above their eight neighbours, never at the border; or above four, zeros beyond it, never at the end."""
    padded = F.pad(x, (1, 1, 1, 1), value=0.0 if of_four else math.inf)
    shifts = [(down, right) for down in range(3) for right in range(3) if (down, right) != (1, 1)]
    found = torch.ones_like(x, dtype=torch.bool)
    for down, right in shifts:
        if not of_four or 1 in (down, right):
            found &= x > padded[..., down : down + x.shape[2], right : right + x.shape[3]]
    if of_four:
        found[..., -1, -1] = False
    return found


@register("Maximum")
class Maximum(Layer):
    """The place of the largest value of each map, and the value: (N, C, H, W) to (N, C, 1, 3), x, y, value. No gradient.

    Of several largest, the place is the first in the map's order.
    """

    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], 1, 3)]

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        return place_of_maximum(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"place_of_maximum({bottoms[0]})", functions=(place_of_maximum,))


def place_of_maximum(x: Tensor) -> Tensor:
    """x, y and value of the largest value of each map (N, C, H, W): (N, C, 1, 3)."""
    value, index = x.flatten(2).max(2, keepdim=True)
    return torch.stack(((index % x.shape[3]).to(x), (index // x.shape[3]).to(x), value), 3)
