"""DeformablePSROIPooling: position-sensitive regions whose cells move. Dai et al. 2017, in makefile's and fireae's forks."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.checks import check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.regions.roi_points import values_at
from netdef.layers.detection.regions.roi_pooling import Regions

PARAM = "deformable_psroi_pooling_param"


@register("DeformablePSROIPooling")
class DeformablePSROIPooling(Regions):
    """(R, output_dim, group_size, group_size): means of ``sample_per_part`` x ``sample_per_part`` values in cells that move.

    Each cell has channels of its own. A region goes from its first pixel's to its last pixel's border and is at least 0.1 wide.
    The values are at equal distances from a cell's corner on, interpolated; those more than half a pixel outside the features do
    not count, and a cell without any is 0.

    Unless ``no_trans``, a third bottom (R, 2 K, part_size, part_size) moves cells, by ``trans_std`` times its numbers of the
    region's width and height; K sets of channels in a row have moves of their own. It gets a gradient.
    """

    n_bottoms = between(2, 3)
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.deformable_psroi_pooling_param
        for field in ("output_dim", "group_size", "sample_per_part"):
            check_positive(spec, getattr(param, field), PARAM, field)
        self.dim, self.side, self.samples = param.output_dim, param.group_size, param.sample_per_part
        self.spatial_scale, self.reach = param.spatial_scale, param.trans_std
        if shapes[0][1] != self.dim * self.side**2:
            raise spec.refuse(f"wants {self.dim} x {self.side} x {self.side} channels; `{spec.bottoms[0]}` has shape {shapes[0]}",
                              "bottom", 0)
        self.parts, self.sets = 0, 1
        if not param.no_trans:
            check_positive(spec, param.part_size, PARAM, "part_size")
            self.parts = param.part_size
            if len(shapes) < 3:
                raise spec.refuse("needs a third bottom, of moves, or `no_trans: true`", "bottom")
            moves = shapes[2]
            self.sets = moves[1] // 2 if len(moves) == 4 else 0
            if not self.sets or moves[1:] != (2 * self.sets, self.parts, self.parts) or self.dim % self.sets:
                raise refuse_shapes(spec, shapes, 2, f"the third has {self.parts} x {self.parts} moves in two channels, for each "
                                    f"of a number of sets that divides {self.dim}")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[1][0], self.dim, self.side, self.side)]

    def forward(self, x: Tensor, regions: Tensor, moves: Tensor | None = None) -> Tensor:
        regions = self.rows(regions, x)
        rounded = (regions[:, 1:].abs() + 0.5).floor() * regions[:, 1:].sign()  # Halves away from zero, as C rounds.
        start = rounded[:, :2] * self.spatial_scale - 0.5
        sides = ((rounded[:, 2:] + 1) * self.spatial_scale - 0.5 - start).clamp(min=0.1)
        images = (regions[:, :1].long() * self.sets + torch.arange(self.sets, device=x.device)).flatten()
        planes = x.unflatten(1, (self.sets, -1, self.side, self.side)).flatten(0, 1)
        steps = torch.arange(self.samples).to(x) / self.samples
        cells = []
        for row in range(self.side):
            for column in range(self.side):
                places = []  # of each set, along x and y: (R sets, samples)
                for axis, cell in enumerate((column, row)):
                    side = sides[:, axis, None]
                    at = start[:, axis, None] + (cell + steps) * (side / self.side)
                    at = at[:, None].expand(-1, self.sets, -1)
                    if moves is not None and self.parts:
                        part = tuple(number * self.parts // self.side for number in (row, column))
                        at = at + (moves[:, axis::2, part[0], part[1]] * self.reach * side)[..., None]
                    places.append(at.flatten(0, 1))
                cells.append(self._mean(planes[:, :, row, column], images, *places))
        return torch.stack(cells, -1).unflatten(0, (-1, self.sets)).flatten(1, 2).unflatten(2, (self.side, self.side))

    def _mean(self, planes: Tensor, images: Tensor, across: Tensor, down: Tensor) -> Tensor:
        """The mean (R sets, channels) of the values at the places within the features."""
        height, width = planes.shape[2:]
        inside = [(at >= -0.5) & (at <= size - 0.5) for at, size in ((down, height), (across, width))]
        counted = (inside[0][:, :, None] & inside[1][:, None]).flatten(1)
        rows = down.clamp(0, height - 1)[:, :, None].expand(-1, -1, self.samples).flatten(1)
        columns = across.clamp(0, width - 1)[:, None].expand(-1, self.samples, -1).flatten(1)
        values = values_at(planes, images, rows, columns) * counted[..., None]
        return values.sum(1) / counted.sum(1, keepdim=True).clamp(min=1)
