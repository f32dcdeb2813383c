"""GRIDPooling: planes of any size to a grid. Of JiajianZeng's fork for attributes of faces."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.detection.regions.roi_pooling import cells_of_regions

PARAM = "grid_pooling_param"


@register("GRIDPooling")
class GRIDPooling(Layer):
    """The greatest value in each of ``pooled_h`` x ``pooled_w`` cells: (N, C, H, W) to (N, C, pooled_h, pooled_w).

    Cell i of n over length l goes from floor(i (l / n)) to ceil((i + 1) (l / n)), l / n being rounded to the net's type.
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.grid_pooling_param
        self.grid = param.pooled_h, param.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.grid, PARAM)
        self._cells: dict[tuple[object, ...], list[list[list[int]]]] = {}
        self.cells_of(shapes[0][2:], torch.get_default_dtype())  # found here, so that a compiled pass looks them up

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self.grid)]

    def cells_of(self, sides: tuple[int, ...], dtype: torch.dtype) -> list[list[list[int]]]:
        """The first and last row, and column, of the cells of planes of these sides."""
        key = *sides, dtype
        if key not in self._cells:
            self._cells[key] = [grid_cells(side, count, dtype) for side, count in zip(sides, self.grid)]
        return self._cells[key]

    def forward(self, x: Tensor) -> Tensor:
        return max_of_cells(x, *self.cells_of(tuple(x.shape[2:]), x.dtype))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        rows, columns = (f"grid_cells({x}.shape[{axis}], {count}, {x}.dtype)" for axis, count in enumerate(self.grid, 2))
        call = f"max_of_cells({x}, {rows}, {columns})"
        return TorchCode(call, functions=(cells_of_regions, grid_cells, max_of_cells))


def grid_cells(side: int, count: int, dtype: torch.dtype) -> list[list[int]]:
    """The first place of each of ``count`` cells of a side, and the one after its last."""
    return cells_of_regions(torch.tensor([side], device="cpu"), count, dtype)[0][0].tolist()


def max_of_cells(x: Tensor, rows: list[list[int]], columns: list[list[int]]) -> Tensor:
    """The greatest value in each cell of planes (N, C, H, W): (N, C, rows, columns)."""
    cells = [x[:, :, top:bottom, left:right].flatten(2).max(2).values for top, bottom in rows for left, right in columns]
    return torch.stack(cells, 2).unflatten(2, (len(rows), len(columns)))
