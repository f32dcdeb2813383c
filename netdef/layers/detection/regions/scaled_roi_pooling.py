"""ROIMaskPooling: regions that grow about their centres before they are pooled. Of CCNN (wk910930)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.layers.detection.regions.roi_pooling import Regions, cells_of_regions, max_of_region, max_of_regions

PARAM = "roi_mask_pooling_param"
_PARTS = {0: "all", 1: "left", 2: "right", 3: "top", 4: "bottom"}


@register("ROIMaskPooling")
class ROIMaskPooling(Regions):
    """ROIPooling of regions ``roi_scale`` times as wide and high, or of their left, right, upper or lower half.

    ``half_part`` 1 to 4 names the half. ``spatial_shift``, of caffe_latte (fireae), is added to scaled corners. A ``mask_scale``
    above 0 is refused: the fork compares places within as 0, and then gives the values that stand there. The fork's CPU code
    knows neither scale.
    """

    depends_on_data = True
    onnx_functions = ("max_of_regions",)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.roi_mask_pooling_param
        self.grid = param.pooled_h, param.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.grid, PARAM)
        if param.mask_scale > 0:
            raise spec.refuse("has a `mask_scale`, which is not implemented", PARAM, "mask_scale")
        self.spatial_scale, self.growth = param.spatial_scale, param.roi_scale
        self.shift = param.spatial_shift / self.spatial_scale if self.spatial_scale else 0.0
        self.part = _PARTS.get(param.half_part, "all")
        self.max_of_regions = max_of_regions

    def forward(self, x: Tensor, regions: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(len(regions), x.shape[1], *self.grid)
        changed = about_centre(self.checked(regions), self.growth, self.part, self.shift)
        return self.max_of_regions(x, changed, self.spatial_scale, *self.grid)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        grown = f'about_centre({bottoms[1]}, {number(self.growth)}, "{self.part}", {number(self.shift)})'
        return TorchCode(f"max_of_regions({bottoms[0]}, {grown}, {number(self.spatial_scale)}, {self.grid[0]}, {self.grid[1]})",
                         functions=(about_centre, cells_of_regions, max_of_region, max_of_regions))


def about_centre(regions: Tensor, growth: float, part: str, shift: float) -> Tensor:
    """Regions (R, 5) ``growth`` times as wide and high about their centres, or a half of each, moved by ``shift``: (R, 5)."""
    regions = regions.detach().reshape(-1, 5)
    centre, sides = (regions[:, 1:3] + regions[:, 3:]) / 2, regions[:, 3:] - regions[:, 1:3]
    start, end = centre - sides * growth / 2, centre + sides * growth / 2
    if part in ("left", "top"):
        axis = int(part == "top")
        end = torch.where(torch.arange(2, device=end.device) == axis, centre, end)
    elif part in ("right", "bottom"):
        axis = int(part == "bottom")
        start = torch.where(torch.arange(2, device=end.device) == axis, centre, start)
    return torch.cat((regions[:, :1], start + shift, end + shift), 1)
