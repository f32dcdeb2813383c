"""BoxOutput and BoxGroupOutput: regions that may hold objects, of MS-CNN (Cai et al. 2016) and Cascade R-CNN (2018)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, check_each_above_zero
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import survivors

_NOTHING = (0.0, 1.0, 1.0, 10.0, 10.0)


def box_statistics(spec: LayerDefinition) -> tuple[list[float], list[float]]:
    """The means and the deviations of box offsets, from ``bbox_reg_param``: 0 and 1 if it has none."""
    param = spec.message.bbox_reg_param
    if not (param.bbox_mean and param.bbox_std):
        return [0.0] * 4, [1.0] * 4
    for field in ("bbox_mean", "bbox_std"):
        if len(getattr(param, field)) != 4:
            raise spec.refuse(f"has {len(getattr(param, field))} numbers in `{field}`; it wants 4", "bbox_reg_param", field)
    check_each_above_zero(spec, param.bbox_std, "bbox_reg_param", "bbox_std")
    return list(param.bbox_mean), list(param.bbox_std)


class _BoxOutput(Layer):
    """The base of both: regions (R, 5, 1, 1), image, x1, y1, x2, y2 in pixels, and if asked for (R, 6, 1, 1), with scores.

    Offsets, times deviations and plus means of ``bbox_reg_param``, are limited, of centres to 1 / ``field_xyr`` and of sizes
    to the log of ``field_whr``. A box's centre is its place's, ``(place + 0.5) * stride``, moved by its offset times the
    field's side; its size is the field's times the exponential. Of each image those of scores from ``fg_thr`` and sides from
    ``min_size`` on, at most ``max_nms_num`` of them, go through non-maximum suppression, and ``max_post_nms_num`` stay, the best
    first. If there is none at all there is one, 1, 1, 10, 10 of the first image, with a score of 0. R is known only from the
    numbers: 1 in the net's table of shapes. No gradient.
    """

    n_tops = between(1, 2)
    depends_on_data = True
    family = "score"
    param: str
    pixel: float
    """What a box's last pixel adds to its sides."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = getattr(spec.message, self.param)
        if param.nms_type != "IOU":
            raise spec.refuse(f'has `nms_type` "{param.nms_type}"; only IOU is implemented', self.param, "nms_type")
        for field in ("field_whr", "field_xyr"):
            check_above_zero(spec, getattr(param, field), self.param, field)
        self.bounds = 1 / param.field_xyr, math.log(param.field_whr)
        self.least, self.threshold, self.min_size = param.fg_thr, param.iou_thr, param.min_size
        self.before: int | None = param.max_nms_num or None
        self.after: int | None = param.max_post_nms_num or None
        self.means, self.deviations = box_statistics(spec)
        self.with_scores = len(spec.tops) == 2

    def of_map(self, offsets: Tensor, fields: Tensor, stride: float) -> tuple[Tensor, Tensor]:
        """The corners x1, y1 and the sizes of the boxes (..., H, W, 2) of offsets (..., 4, H, W) and fields (..., 2)."""
        shape = (4, 1, 1)
        scaled = offsets * offsets.new_tensor(self.deviations).view(shape) + offsets.new_tensor(self.means).view(shape)
        moves, sizes = scaled.movedim(-3, -1).split(2, -1)
        height, width = offsets.shape[-2:]
        down, right = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        centres = (torch.stack((right, down), -1).to(offsets) + 0.5) * stride
        fields = fields[..., None, None, :]
        sides = fields * sizes.clamp(-self.bounds[1], self.bounds[1]).exp()
        return moves.clamp(-self.bounds[0], self.bounds[0]) * fields + centres - sides / 2, sides

    def chosen(self, scores: Tensor, boxes: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The tops by the boxes (N, n, 4), corners, of each image, and their scores (N, n), -inf for those to leave out."""
        ranked, order = scores.sort(dim=1, descending=True, stable=True)
        ranked, order = ranked[:, : self.before], order[:, : self.before]
        best = boxes.gather(1, order[..., None].expand(-1, -1, 4))
        whole = best + best.new_tensor((0, 0, self.pixel, self.pixel))
        image, rank = torch.where(survivors(whole, ranked, self.threshold, -torch.inf, 1.0, self.after))
        regions = torch.cat((image[:, None].to(best), best[image, rank]), 1)
        found = torch.cat((regions, ranked[image, rank, None]), 1)
        if not len(found):
            regions, found = best.new_tensor([_NOTHING]), best.new_zeros(1, 6)
        return self.tops_of(regions, found)

    def tops_of(self, regions: Tensor, found: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The tops by the regions (R, 5), and those with their scores (R, 6)."""
        regions, found = regions[..., None, None], found[..., None, None]
        return (regions, found) if self.with_scores else regions


@register("BoxOutput")
class BoxOutput(_BoxOutput):
    """`_BoxOutput` of MS-CNN: bottoms (N, classes + 4, H, W), scores before offsets, each of one field.

    A score is the greatest of the classes less that of class 0, the background. Boxes end at x1 plus the width.
    """

    n_bottoms = at_least(1)
    param = "box_output_param"
    pixel = 0.0

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.box_output_param
        for field in ("field_w", "field_h", "downsample_rate"):
            if len(getattr(param, field)) != len(shapes):
                raise spec.refuse(f"has {len(shapes)} bottoms and {len(getattr(param, field))} numbers in `{field}`; it wants "
                                  "one each", self.param, field)
        for index, shape in enumerate(shapes):
            check_axes(spec, shapes, 4, index)
            if shape[:2] != shapes[0][:2] or shape[1] < 6:
                raise spec.refuse(f"wants maps of {shapes[0][0]} images and one number of channels, 2 classes or more and 4 "
                                  f"offsets; `{spec.bottoms[index]}` has shape {shape}", "bottom", index)
        self.fields = list(zip(param.field_w, param.field_h, strict=True))
        self.strides = list(param.downsample_rate)

    @torch.no_grad()
    def forward(self, *maps: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        if maps[0].is_meta:
            return self.tops_of(maps[0].new_empty(1, 5), maps[0].new_empty(1, 6))
        scores, boxes = [], []
        for x, field, stride in zip(maps, self.fields, self.strides, strict=True):
            start, sides = self.of_map(x[:, -4:], x.new_tensor(field), stride)
            start = start.clamp(min=0)
            sides = torch.minimum(sides, x.new_tensor(x.shape[:1:-1]) * stride - start)
            score = x[:, 1:-4].amax(1) - x[:, 0]
            usable = (score >= self.least) & (sides >= self.min_size).all(-1)
            scores.append(torch.where(usable, score, -torch.inf).flatten(1))
            boxes.append(torch.cat((start, start + sides), -1).flatten(1, 2))
        # Of equal scores the last goes first.
        return self.chosen(torch.cat(scores, 1).flip(1), torch.cat(boxes, 1).flip(1))


@register("BoxGroupOutput")
class BoxGroupOutput(_BoxOutput):
    """`_BoxOutput` of Cascade R-CNN: for each ``box_group_param`` bottoms (N G, classes, H, W) and (N G, 4, H, W) of G fields.

    The first are softmax's; a score is 1 less that of class 0, the background. Boxes have the pixels of both corners.
    """

    n_bottoms = at_least(2)
    param = "box_group_output_param"
    pixel = 1.0

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        groups = spec.message.box_group_output_param.box_group_param
        if len(shapes) != 2 * len(groups):
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(groups)} `box_group_param`; it wants two bottoms for each",
                              "bottom", len(shapes) - 1)
        self.fields, self.strides = [], []
        for index, group in enumerate(groups):
            place = self.param, "box_group_param", index
            if not group.field_w or len(group.field_w) != len(group.field_h):
                raise spec.refuse(f"has {len(group.field_w)} numbers in `field_w` and {len(group.field_h)} in `field_h`; it "
                                  "wants as many, at least one", *place)
            if group.stride < 1:
                raise spec.refuse(f"has `stride` {group.stride}; it must be at least 1", *place)
            self.fields.append(list(zip(group.field_w, group.field_h, strict=True)))
            self.strides.append(group.stride)
            self._check_pair(spec, shapes, 2 * index, len(group.field_w))
        self.images = shapes[0][0] // len(self.fields[0])

    def _check_pair(self, spec: LayerDefinition, shapes: Sequence[Shape], first: int, fields: int) -> None:
        for index in (first, first + 1):
            check_axes(spec, shapes, 4, index)
        images, groups = shapes[0][0] // len(self.fields[0]), shapes[first][0]
        if groups != images * fields or shapes[first + 1] != (groups, 4, *shapes[first][2:]):
            raise spec.refuse(f"wants scores of {images} x {fields} maps and offsets (.., 4, ..) of as many; it has shapes "
                              f"{shapes[first]} and {shapes[first + 1]}", "bottom", first + 1)

    @torch.no_grad()
    def forward(self, *maps: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        pairs = list(zip(maps[::2], maps[1::2], strict=True))
        images = len(maps[0]) // len(self.fields[0])
        if maps[0].is_meta:
            return self.tops_of(maps[0].new_empty(1, 5), maps[0].new_empty(1, 6))
        scores, boxes = [], []
        for (chances, offsets), fields, stride in zip(pairs, self.fields, self.strides, strict=True):
            start, sides = self.of_map(offsets.unflatten(0, (images, -1)), offsets.new_tensor(fields), stride)
            most = offsets.new_tensor(offsets.shape[:1:-1]) * stride
            start, end = start.clamp(min=0), torch.minimum(start + sides - 1, most)
            score = 1 - chances[:, 0].unflatten(0, (images, -1))
            usable = (score >= self.least) & (end - start + 1 >= self.min_size).all(-1)
            scores.append(torch.where(usable, score, -torch.inf).flatten(1))
            boxes.append(torch.cat((start, end), -1).flatten(1, 3))
        return self.chosen(torch.cat(scores, 1), torch.cat(boxes, 1))
