"""RPROI: regions and their pooled features in one layer. Of TensorRT's Caffe parser and its plugin (NVIDIA)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_each_above_zero, check_positive, check_sizes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import survivors
from netdef.layers.detection.faster_rcnn.anchors import boxes_at_places, make_anchors
from netdef.layers.detection.regions.roi_pooling import max_of_regions

PARAM = "region_proposal_param"


@register("RPROI")
class FusedRegions(Layer):
    """Propose ``nms_max_out`` regions of each image and pool their features.

    Tops: the regions (N, 1, regions, 4), the features (N * regions, C, pooled_h, pooled_w).

    Bottoms: scores (N, 2 A, H, W) after the softmax, offsets (N, 4 A, H, W), features (N, C, H, W), and the height, width and
    scale of each image. Regions are moved, cut and suppressed as `RegionProposals`, but for this: the centre of an anchor is
    half a pixel nearer to the origin, ``feature_stride`` is the side of its square, too, and of equal scores the first in order
    of anchors, rows and columns comes first. A region with a side below ``min_box_size`` times the scale comes after all
    others instead of being dropped, and where fewer regions stay the rest are 0. Pooling is that of ROIPooling.
    """

    n_bottoms = exactly(4)
    n_tops = exactly(2)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, pooling = spec.message.region_proposal_param, spec.message.roi_pooling_param
        for field in ("feature_stride", "prenms_top", "nms_max_out"):
            check_positive(spec, getattr(param, field), PARAM, field)
        for field, values, count in (("anchor_ratio", param.anchor_ratio, param.anchor_ratio_count),
                                     ("anchor_scale", param.anchor_scale, param.anchor_scale_count)):
            if not values or len(values) != count:
                raise spec.refuse(f"has {len(values)} `{field}` and an `{field}_count` of {count}; it wants as many, at least "
                                  "one", PARAM)
            check_each_above_zero(spec, values, PARAM, field)
        boxes = make_anchors(param.feature_stride, param.anchor_ratio, param.anchor_scale, halves_up=True)
        self.anchors = [tuple(side - 0.5 for side in box) for box in boxes]
        for index in range(3):
            check_axes(spec, shapes, 4, index)
        n, _, *plane = shapes[0]
        for index, channels in enumerate((2 * len(boxes), 4 * len(boxes), shapes[2][1])):
            if shapes[index] != (n, channels, *plane):
                raise refuse_shapes(spec, shapes, index, f"for {len(boxes)} anchors it wants {(n, channels, *plane)}")
        if torch.Size(shapes[3]).numel() != 3 * n:
            raise refuse_shapes(spec, shapes, 3, "it wants height, width and scale of each image")
        self.grid = pooling.pooled_h, pooling.pooled_w
        check_sizes(spec, "`pooled_h` and `pooled_w`", self.grid, "roi_pooling_param")
        self.scale: float = pooling.spatial_scale
        self.stride, self.before, self.count = param.feature_stride, param.prenms_top, param.nms_max_out
        self.threshold, self.least = param.iou_threshold, param.min_box_size
        self.sides = [param.feature_stride * places for places in plane]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        n = bottoms[0][0]
        return [(n, 1, self.count, 4), (n * self.count, bottoms[2][1], *self.grid)]

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        if index != 3:
            return None
        return torch.tensor([*self.sides, 1.0]).repeat(torch.Size(shape).numel() // 3).reshape(shape)

    def forward(self, scores: Tensor, offsets: Tensor, features: Tensor, info: Tensor) -> tuple[Tensor, Tensor]:
        if scores.is_meta:
            regions, pooled = self.top_shapes([x.shape for x in (scores, offsets, features)])
            return scores.new_empty(regions), scores.new_empty(pooled)
        found = self.regions(scores, offsets, info.reshape(len(scores), 3).to(scores))
        image = torch.arange(len(scores), device=scores.device).repeat_interleave(self.count)[:, None].to(found)
        rows = torch.cat((image, found.reshape(-1, 4)), 1)
        return found[:, None], max_of_regions(features, rows, self.scale, *self.grid)

    @torch.no_grad()
    def regions(self, scores: Tensor, offsets: Tensor, info: Tensor) -> Tensor:
        """The regions of each image, (N, regions, 4)."""
        count, n = len(self.anchors), len(scores)
        anchors = boxes_at_places(self.anchors, self.stride, scores).unflatten(0, (-1, count)).transpose(0, 1).flatten(0, 1)
        sizes = anchors[:, 2:] - anchors[:, :2] + 1
        moves = offsets.reshape(n, count, 4, -1).transpose(2, 3).reshape(n, -1, 4)
        middle = anchors[:, :2] + 0.5 * sizes + moves[..., :2] * sizes
        half = 0.5 * moves[..., 2:].exp() * sizes
        most = info[:, [1, 0, 1, 0]][:, None] - 1
        moved = torch.minimum(torch.cat((middle - half, middle + half), 2).clamp(min=0), most)
        small = (moved[..., 2:] - moved[..., :2] + 1 < self.least * info[:, 2:, None]).any(2)
        chances = scores[:, count:].reshape(n, -1).masked_fill(small, -torch.inf)
        order = chances.sort(dim=1, descending=True, stable=True).indices[:, : self.before]
        best = moved.gather(1, order[..., None].expand(-1, -1, 4))
        ranks = -torch.arange(order.shape[1], device=scores.device).expand(n, -1).to(scores)  # small ones may stay, too
        grown = best + torch.tensor((0, 0, 1, 1)).to(best)  # a box has the pixels of both its corners
        kept = survivors(grown, ranks, self.threshold, -torch.inf, 1.0, self.count)
        found = best.new_zeros(n, self.count, 4)
        for region, box, stays in zip(found, best, kept):
            region[: int(stays.sum())] = box[stays]
        return found
