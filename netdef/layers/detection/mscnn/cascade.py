"""DecodeBBox and ScaleRoute of Cascade R-CNN (Cai and Vasconcelos 2018): regions from stage to stage, and by their size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.mscnn.box_output import box_statistics


def _check_rows(spec: LayerDefinition, shapes: Sequence[Shape], index: int, size: int) -> None:
    shape = shapes[index]
    if not shape or shape[0] != shapes[0][0] or math.prod(shape[1:]) != size:
        raise spec.refuse(f"wants {shapes[0][0]} rows of {size} numbers in `{spec.bottoms[index]}`, which has shape {shape}",
                          "bottom", index)


@register("DecodeBBox")
class DecodeBBox(Layer):
    """Regions (R, 5, 1, 1), image, x1, y1, x2, y2, from offsets (R, 8) and the regions (R, 5) that they belong to.

    The last four offsets count, times deviations and plus means of ``bbox_reg_param``: the centre moves by its offset times the
    width or height, and these are multiplied by exponentials; boxes have the pixels of both corners. In TRAIN inverted boxes
    are dropped, and those whose number 6 in a third bottom (R, 6) is from ``gt_iou_thr`` on. No gradient.
    """

    n_bottoms = between(2, 3)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index, size in zip(range(len(shapes)), (8, 5, 6)):
            _check_rows(spec, shapes, index, size)
        if len(shapes) == 3 and spec.phase == "TEST":
            raise spec.refuse("has a third bottom, true boxes, which belongs to TRAIN", "bottom", 2)
        self.means, self.deviations = box_statistics(spec)
        self.most: float = spec.message.decode_bbox_param.gt_iou_thr

    @torch.no_grad()
    def forward(self, offsets: Tensor, regions: Tensor, truths: Tensor | None = None) -> Tensor:
        own, regions = offsets.flatten(1)[:, 4:], regions.flatten(1)
        if offsets.is_meta:
            return regions.new_empty(len(regions), 5, 1, 1)
        moves, sizes = (own * own.new_tensor(self.deviations) + own.new_tensor(self.means)).split(2, 1)
        start, end = regions[:, 1:3], regions[:, 3:]
        sides = end - start + 1
        grown = sides * sizes.exp()
        first = moves * sides + (start + end) / 2 - (grown - 1) / 2
        decoded = torch.cat((regions[:, :1], first, first + grown - 1), 1)
        if self.training:
            kept = (decoded[:, 1:3] <= decoded[:, 3:]).all(1)
            if truths is not None:
                kept &= truths.flatten(1)[:, -1] < self.most
            decoded = decoded[kept]
        return decoded[..., None, None]


@register("ScaleRoute")
class ScaleRoute(Layer):
    """The rows of each bottom whose region, in the first bottom (R, 5), has a size from ``low_scale`` to below ``high_scale``.

    A size is the root of the region's area in pixels, both corners included. If there is none, it is the row nearest in
    ratio to the geometric mean of both limits, to the one that is given, or to 256. How many rows there are is known only
    from the numbers: 1 in the net's table of shapes. No gradient.
    """

    n_bottoms = n_tops = at_least(1)
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.scale_route_param
        _check_rows(spec, shapes, 0, 5)
        for index, shape in enumerate(shapes):
            _check_rows(spec, shapes, index, math.prod(shape[1:]))
        if len(spec.tops) != len(shapes):
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(spec.tops)} tops; it wants as many", "top", 0)
        limits = [getattr(param, field) for field in ("low_scale", "high_scale") if param.HasField(field)]
        for field in ("low_scale", "high_scale"):
            if param.HasField(field):
                check_above_zero(spec, getattr(param, field), "scale_route_param", field)
        self.low = param.low_scale if param.HasField("low_scale") else 0.0
        self.high = param.high_scale if param.HasField("high_scale") else math.inf
        if self.high < self.low:
            raise spec.refuse(f"has `low_scale` {self.low:g} and `high_scale` {self.high:g}; the first must not be the greater",
                              "scale_route_param", "high_scale")
        self.middle = math.prod(limits) ** (1 / len(limits)) if limits else 256.0

    @torch.no_grad()
    def forward(self, *bottoms: Tensor) -> Tensor | tuple[Tensor, ...]:
        if bottoms[0].is_meta:
            bottoms = tuple(bottom.new_empty(1, *bottom.shape[1:]) for bottom in bottoms)
        else:
            regions = bottoms[0].flatten(1)
            sides = regions[:, 3:5] - regions[:, 1:3]
            sizes = torch.where((sides < 0).any(1), 0, (sides + 1).prod(1)).sqrt()
            (rows,) = torch.where((sizes >= self.low) & (sizes < self.high))
            if not len(rows):
                rows = (sizes / self.middle).log2().abs().argmin()[None]
            bottoms = tuple(bottom[rows] for bottom in bottoms)
        return bottoms if len(bottoms) > 1 else bottoms[0]
