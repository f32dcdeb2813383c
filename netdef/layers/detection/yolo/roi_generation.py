"""RoiGen: regions from YOLO's maps, for masks and joints of people. Of MaskYolo (leon-liangwu)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import suppress
from netdef.layers.detection.yolo.yolo_maps import by_anchor, predicted_boxes

PARAM = "roi_gen_param"
_OVERLAP = 0.4


@register("RoiGen")
class RoiGen(Layer):
    """Regions (prop_num, 5) of ``net_w`` x ``net_h`` images from maps (N, anchors * 5, H, W), and 1 for each that is one.

    Each anchor has x, y, width, height and objectness of a box; sizes ``anchor_x`` and ``anchor_y`` are in places of the map.
    Boxes with an objectness, after sigmoid, above ``thresh`` that overlap no surer one of their image by more than 0.4 are cut
    at the image's border. The first ``prop_num`` in the order of images, anchors, rows and columns stay; rows without one are
    0. A ``num_class`` above 0 is refused: the fork then reads the wrong channels. No gradient.
    """

    n_tops = exactly(2)
    family = "windows"
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.roi_gen_param
        check_axes(spec, shapes, 4)
        for field in ("num_object", "prop_num"):
            check_positive(spec, getattr(param, field), PARAM, field)
        if param.num_class or param.num_coord != 4:
            raise spec.refuse(f"has `num_class` {param.num_class} and `num_coord` {param.num_coord}; only 0 and 4 are read",
                              PARAM)
        if not len(param.anchor_x) == len(param.anchor_y) == param.num_object:
            raise spec.refuse(f"has {len(param.anchor_x)} `anchor_x` and {len(param.anchor_y)} `anchor_y` for `num_object` "
                              f"{param.num_object}", PARAM)
        if shapes[0][1] != 5 * param.num_object:
            raise spec.refuse(f"wants {5 * param.num_object} channels, 5 for each of `num_object`; `{spec.bottoms[0]}` has shape "
                              f"{shapes[0]}", "bottom", 0)
        self.sizes = list(zip(param.anchor_x, param.anchor_y))
        self.thresh, self.count, self.image = param.thresh, param.prop_num, (param.net_w, param.net_h)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(self.count, 5), (self.count,)]

    @torch.no_grad()
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        maps = by_anchor(x, len(self.sizes))
        boxes = predicted_boxes(maps, x.new_tensor(self.sizes) / x.new_tensor((x.shape[3], x.shape[2]))).flatten(1, 3)
        chances = maps[..., 4].sigmoid().flatten(1)
        corners = torch.cat((boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2), 2)
        found = [self._of_image(image, corners[image], chances[image]) for image in range(len(x))]
        rows = torch.cat(found)[: self.count]
        regions, there = x.new_zeros(self.count, 5), x.new_zeros(self.count)
        regions[: len(rows)], there[: len(rows)] = rows, 1
        return regions, there

    def _of_image(self, image: int, corners: Tensor, chances: Tensor) -> Tensor:
        """The regions (n, 5) of one image, by the corners and chances of all its boxes."""
        (likely,) = torch.where(chances > self.thresh)
        likely = likely[chances[likely].argsort(descending=True, stable=True)]
        kept = likely[suppress(corners[likely].cpu(), _OVERLAP)].sort().values
        places = corners[kept].clamp(0, 1) * corners.new_tensor(self.image * 2)
        return torch.cat((corners.new_full((len(kept), 1), image), places), 1)
