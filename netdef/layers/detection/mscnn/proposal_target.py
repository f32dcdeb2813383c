"""ProposalTarget: the regions that train a detector and what they should become, of MS-CNN and Cascade R-CNN."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.mscnn.box_output import box_statistics
from netdef.layers.detection.mscnn.fields import overlaps_of

_PARAM = "proposal_target_param"
_SMALLEST = 32  # the least side of a random region, in pixels


class _Regions(NamedTuple):
    """Regions (R, 5), image, x, y, width and height; their overlap with a true box (R,), and its index (R,), -1 for none."""

    boxes: Tensor
    overlap: Tensor
    match: Tensor

    def of(self, rows: Tensor) -> _Regions:
        return _Regions(*(part[rows] for part in self))


@register("ProposalTarget")
class ProposalTarget(Layer):
    """Choose ``batch_size`` regions, those of objects first, and give the targets of their classes and boxes.

    Bottoms: regions (R, 5), image, x1, y1, x2, y2 in pixels; true boxes (G, 7 or more), the same, label, whether ignored, and
    an image of -1 for none. Tops: regions (B, 5, 1, 1); labels (B, 1, 1, 1); box targets (B, 4 cls_num, 1, 1), or with
    ``cls_aware: false`` (B, 8, 1, 1), and two weights of the same shape, 1 at the numbers of an object's class; label, true box
    and overlap (B, 6, 1, 1) of objects; and, if asked for, a weight (B, 1, 1, 1) by which objects are ``fg_fraction`` of all.

    A region is an object if it overlaps a true box by ``fg_thr`` or more, unless that is ignored, and background from
    ``bg_thr_lw`` to below ``bg_thr_hg``; too many of a kind are drawn from, too few are filled up with the other regions. True
    boxes of 7 numbers are MS-CNN's, which then fills up with random background; Cascade R-CNN only where there is no region.
    B is known only from the numbers if ``batch_size`` is -1. No gradient.
    """

    n_bottoms = exactly(2)
    n_tops = between(6, 7)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.proposal_target_param
        for index, (shape, least) in enumerate(zip(shapes, (5, 7))):
            columns = math.prod(shape[1:])
            if not shape or (columns != 5 if index == 0 else columns < least):
                raise spec.refuse(f"wants rows of {'5 numbers' if index == 0 else 'at least 7 numbers'} in "
                                  f"`{spec.bottoms[index]}`, which has shape {shape}", "bottom", index)
        check_positive(spec, param.cls_num, _PARAM, "cls_num")
        if param.batch_size == 0 or param.batch_size < -1:
            raise spec.refuse(f"has `batch_size` {param.batch_size}; it is -1 or above 0", _PARAM, "batch_size")
        if param.fg_thr < param.bg_thr_hg:
            raise spec.refuse(f"has `fg_thr` {param.fg_thr:g}; it must be at least `bg_thr_hg`, {param.bg_thr_hg:g}", _PARAM,
                              "fg_thr")
        self.by_class = spec.message.bbox_reg_param.cls_aware
        self.columns = 4 * param.cls_num if self.by_class else 8
        self.batch, self.share, self.images = param.batch_size, param.fg_fraction, param.num_img_per_batch
        self.least, self.background = param.fg_thr, (param.bg_thr_lw, param.bg_thr_hg)
        self.trained = param.bbox_thr_lw, param.bbox_thr_hg
        self.takes_others, self.takes_true = param.pickup_discard, param.append_gtbox
        self.size, self.by_overlap = (param.img_width, param.img_height), param.iou_weighted
        self.means, self.deviations = box_statistics(spec)
        self.with_weights, self.fills_up = len(spec.tops) == 7, math.prod(shapes[1][1:]) == 7

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        rows = self.batch if self.batch > 0 else max(bottoms[0][0], 1)
        widths = (5, 1, *[self.columns] * 3, 6, 1)[: 6 + self.with_weights]
        return [(rows, width, 1, 1) for width in widths]

    @torch.no_grad()
    def forward(self, regions: Tensor, truth: Tensor) -> tuple[Tensor, ...]:
        truth = truth.flatten(1)
        truth = truth[truth[:, 0] >= 0]
        true = _sized(truth[:, :5])
        boxes = _sized(regions.flatten(1))
        matched = _match(torch.cat((boxes, true)) if self.takes_true else boxes, true)
        objects, background = self._chosen(matched, truth)
        chosen = _Regions(*(torch.cat(parts) for parts in zip(objects, background)))
        labels = torch.zeros_like(chosen.overlap)
        labels[: len(objects.boxes)] = truth[objects.match, 5].trunc()
        return self._tops(chosen, labels, true)

    def _chosen(self, regions: _Regions, truth: Tensor) -> tuple[_Regions, _Regions]:
        """The regions of objects, and those of the background, of a pass."""
        inside = regions.overlap >= self.least
        outside = ~inside & (regions.overlap >= self.background[0]) & (regions.overlap < self.background[1])
        ignored = inside.clone()
        ignored[inside] = truth[regions.match[inside], 6] != 0
        objects, background, others = (
            regions.of(where.nonzero().flatten()) for where in (inside & ~ignored, outside, ~inside & ~outside))
        size = self.batch if self.batch > 0 else len(objects.boxes) + len(background.boxes)
        if self.batch > 0:
            objects = _draw(objects, int(self.share * size + 0.5))
        wanted = size - len(objects.boxes)
        if len(background.boxes) < wanted and self.takes_others:
            missing = wanted - len(background.boxes)
            background = _Regions(*(torch.cat((a, b[:missing])) for a, b in zip(background, others)))
        background = _draw(background, wanted)
        found = len(objects.boxes) + len(background.boxes)
        missing = size - found if self.fills_up else int(found == 0)
        if missing:
            drawn = self._random(regions.boxes, truth, missing)
            background = _Regions(*(torch.cat(parts) for parts in zip(background, drawn)))
        return objects, background

    def _random(self, like: Tensor, truth: Tensor, count: int) -> _Regions:
        """Random regions of images, which overlap no true box by ``fg_thr``."""
        true = _sized(truth[:, :5])
        found: list[Tensor] = []
        most = torch.tensor([self.images, *(max(side - _SMALLEST, 1) for side in self.size)])
        while len(found) < count:
            image, x, y = (torch.rand(3) * most).long().tolist()
            sides = [int(torch.rand(()) * (side - start)) for side, start in zip(self.size, (x, y))]
            box = like.new_tensor([[image, x, y, *(max(side, _SMALLEST) for side in sides)]])
            if float(_match(box, true).overlap) < self.least:
                found.append(box)
        boxes = torch.cat(found)
        return _Regions(boxes, boxes.new_zeros(count), torch.full((count,), -1, device=boxes.device))

    def _tops(self, regions: _Regions, labels: Tensor, true: Tensor) -> tuple[Tensor, ...]:
        rows, boxes, objects = torch.arange(len(labels), device=labels.device), regions.boxes, labels > 0
        targets, weights, matches = (boxes.new_zeros(len(labels), width) for width in (self.columns, self.columns, 6))
        if len(true):
            own = true[regions.match.clamp(min=0)]
            moves = (own[:, 1:3] + own[:, 3:] / 2 - boxes[:, 1:3] - boxes[:, 3:] / 2) / boxes[:, 3:]
            parts = torch.cat((moves, (own[:, 3:] / boxes[:, 3:]).log()), 1)
            parts = (parts - parts.new_tensor(self.means)) / parts.new_tensor(self.deviations)
            trains = (regions.overlap >= self.trained[0]) & (regions.overlap <= self.trained[1])
            first = 4 * (labels if self.by_class else labels.clamp(max=1)).long()
            for number in range(4):
                targets[rows, first + number] = torch.where(objects, parts[:, number], 0)
                weights[rows, first + number] = (trains & objects).to(weights.dtype)
            found = torch.cat((labels[:, None], own[:, 1:3], own[:, 1:3] + own[:, 3:] - 1, regions.overlap[:, None]), 1)
            matches = torch.where(objects[:, None], found, 0)
        corners = torch.cat((boxes[:, :3], boxes[:, 1:3] + boxes[:, 3:] - 1), 1)
        tops = [corners, labels[:, None], targets, weights, weights.clone(), matches]
        if self.with_weights:
            tops.append(self._weights(regions.overlap, objects)[:, None])
        return tuple(top[:, :, None, None] for top in tops)

    def _weights(self, overlap: Tensor, objects: Tensor) -> Tensor:
        """Weights of the regions: without any object all are 1."""
        weights = torch.where(objects & self.by_overlap, overlap, 1)
        if not objects.any():
            return weights
        inside, outside = (weights * objects).sum(), (weights * ~objects).sum()
        share = torch.where(objects, self.share / inside, (1 - self.share) / torch.where(outside > 0, outside, 1))
        return weights * share * len(weights)


def _sized(rows: Tensor) -> Tensor:
    """Image, x, y, width and height of rows of image and corners, with the pixels of both."""
    return torch.cat((rows[:, :3], rows[:, 3:5] - rows[:, 1:3] + 1), 1)


def _match(boxes: Tensor, true: Tensor) -> _Regions:
    """Each box with the true box of its image that it overlaps most, the first of equals."""
    if not len(true):
        return _Regions(boxes, boxes.new_zeros(len(boxes)), torch.full((len(boxes),), -1, device=boxes.device))
    overlap = overlaps_of(boxes[:, None, 1:].expand(-1, len(true), -1), true[None, :, 1:].expand(len(boxes), -1, -1))
    same = boxes[:, None, 0] == true[None, :, 0]
    best, match = torch.where(same, overlap, -1).max(1)
    alone = best < 0
    return _Regions(boxes, best.masked_fill(alone, 0), match.masked_fill(alone, -1))


def _draw(regions: _Regions, most: int) -> _Regions:
    """At most so many of the regions, drawn at random."""
    count = len(regions.boxes)
    if count <= most:
        return regions
    return regions.of(torch.randperm(count, device=regions.boxes.device)[:most])
