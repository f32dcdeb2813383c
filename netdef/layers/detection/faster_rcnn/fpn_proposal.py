"""FPNProposal: Faster R-CNN's regions from a pyramid of maps. Lin et al. 2017 (FPN), in makefile's frcnn."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_each_above_zero
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import survivors
from netdef.layers.detection.faster_rcnn.anchors import boxes_at_places

PARAM = "fpn_proposal_param"
_LEVELS, _CANONICAL = 4, 224.0
_THRESHOLD, _LEAST = 0.7, 16.0


@register("FPNProposal")
class FPNProposal(Layer):
    """Regions (R, 5), image and corners in pixels, of the anchors of all maps, and for TEST those of each of four levels.

    Bottoms: scores (1, 2 A, H, W) and offsets (1, 4 A, H, W) of each map, and the image's height, width and scale. Regions are
    chosen as in `RegionProposals`, but that of two alike the later one comes first. With five tops they are sorted by level,
    ``floor(4 + log2(sqrt(w h) / 224))`` from 2 to 5, a level without any has a region of zeros, and the tops are all, and those
    of levels 2 to 5. One more top has the scores, 0 for such a region.

    Each of the ``anchor_scales`` after the first is of the last anchor before it, as in the fork, which reads other settings from
    a file: here they are those of its ``voc_config.json``. There it is a Module, and its fields are in the ``param_str``.
    Maps of a single scale without ``anchor_scales`` are those of its first version, which had the scale 8 alone.
    """

    n_bottoms = at_least(3)
    n_tops = between(1, 2 + _LEVELS)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.fpn_proposal_param
        if len(shapes) % 2 == 0 or math.prod(shapes[-1]) != 3:
            raise spec.refuse("wants scores and offsets of each map, and then three numbers of the image", "bottom")
        count = len(shapes) // 2
        self.strides = list(param.feat_strides) or [4 << level for level in range(count)]
        ratios = list(param.anchor_ratios) or [0.5, 1.0, 2.0]
        scales = list(param.anchor_scales) or ([8] if shapes[0][1:2] == (2 * len(ratios),) else [8, 16])
        if len(self.strides) != count:
            raise spec.refuse(f"has {count} maps and {len(self.strides)} `feat_strides`", PARAM, "feat_strides")
        for name in ("feat_strides", "anchor_scales", "anchor_ratios"):
            check_each_above_zero(spec, getattr(param, name), PARAM, name)
        self.anchors = [_anchors(stride, scales, ratios) for stride in self.strides]
        for index, shape in enumerate(shapes[:-1]):
            check_axes(spec, shapes, 4, index)
            wanted = (1, (4 if index % 2 else 2) * len(self.anchors[0]), *shapes[index // 2 * 2][2:])
            if shape != wanted:
                raise spec.refuse(f"has {len(self.anchors[0])} anchors and wants `{spec.bottoms[index]}` of shape {wanted}; it "
                                  f"has shape {shape}", "bottom", index)
        self.levels = _LEVELS if len(spec.tops) > 2 else 0
        self.with_scores = len(spec.tops) == 2 + self.levels
        if len(spec.tops) in (3, 4):
            raise spec.refuse(f"has {len(spec.tops)} tops; it makes one, or {1 + _LEVELS} with those of levels, and one of "
                              "scores", "top")
        self.before, self.after = (12000, 2000) if spec.phase == "TRAIN" else (6000, 300)
        self.survivors = survivors
        warnings.warn(f"layer `{self.name}`: the settings of FPNProposal are in a file that is not read; those of its fork's "
                      f"voc_config.json are taken ({self.before} regions, {self.after} of them kept)", stacklevel=2)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        return torch.tensor([300.0, 300, 1]).reshape(shape) if index == 2 * len(self.strides) else None

    @torch.no_grad()
    def forward(self, *bottoms: Tensor) -> Tensor | tuple[Tensor, ...]:
        if bottoms[0].is_meta:
            count = min(self.after, sum(offsets[0].numel() // 4 for offsets in bottoms[1::2]))
            made = [bottoms[0].new_empty(size, 5) for size in (count * max(self.levels, 1), *[count] * self.levels)]
        else:
            made = self._regions(*bottoms)
        if self.with_scores:
            made.append(made[0].new_empty(len(made[0]), 1) if bottoms[0].is_meta else self._scores)
        return tuple(made) if len(made) > 1 else made[0]

    def _regions(self, *bottoms: Tensor) -> list[Tensor]:
        """All regions, and those of each level; leaves their scores in ``_scores``."""
        boxes, chances = self._boxes(bottoms)
        chances, order = chances.flip(0).sort(descending=True, stable=True)  # Of equal scores the later comes first.
        chances, order = chances[: self.before], order[: self.before]
        boxes = boxes.flip(0)[order]
        grown = boxes + boxes.new_tensor((0, 0, 1, 1))
        kept = self.survivors(grown[None], chances[None], _THRESHOLD, -torch.inf, 1.0, self.after)[0]
        boxes, scores = boxes[kept], chances[kept]
        parts, found = [boxes], [scores]
        if self.levels:
            sides = (boxes[:, 2:] - boxes[:, :2]).prod(1).sqrt()
            level = (4 + (sides / _CANONICAL + 1e-6).log2()).trunc().clamp(2, 1 + self.levels)
            parts, found = [], []
            for index in range(self.levels):
                chosen = level == 2 + index
                any_is = bool(chosen.any())
                parts.append(boxes[chosen] if any_is else boxes.new_zeros(1, 4))
                found.append(scores[chosen] if any_is else scores.new_zeros(1))
        self._scores = torch.cat(found)[:, None]
        if self.levels:
            parts.insert(0, torch.cat(parts))
        return [torch.cat((part.new_zeros(len(part), 1), part), 1) for part in parts]

    def _boxes(self, bottoms: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """The moved anchors of all maps that are large enough, and their scores."""
        info = bottoms[-1].flatten()
        most = torch.stack((info[1], info[0], info[1], info[0])).to(bottoms[0]) - 1
        boxes, chances = [], []
        for stride, anchors, scores, offsets in zip(self.strides, self.anchors, bottoms[:-1:2], bottoms[1::2]):
            start = boxes_at_places(anchors, stride, scores)
            sizes = start[:, 2:] - start[:, :2] + 1
            moves = offsets.unflatten(1, (len(anchors), 4)).permute(0, 3, 4, 1, 2).reshape(-1, 4)
            middle, half = start[:, :2] + 0.5 * sizes + moves[:, :2] * sizes, 0.5 * moves[:, 2:].exp() * sizes
            boxes.append(torch.minimum(torch.cat((middle - half, middle + half), 1), most).clamp(min=0))
            chances.append(scores[:, len(anchors):].permute(0, 2, 3, 1).flatten())
        moved, scores = torch.cat(boxes), torch.cat(chances)
        large = (moved[:, 2:] - moved[:, :2] + 1 >= _LEAST * info[2].to(moved)).all(1)
        return moved[large], scores[large]


def _anchors(stride: int, scales: Sequence[int], ratios: Sequence[float]) -> list[tuple[float, ...]]:
    """The anchors of a map, of whole pixels."""
    wide = high = stride
    found = []
    for scale in scales:
        size = wide * scale * (high * scale)
        for ratio in ratios:
            wide = int(math.sqrt(size / ratio))
            high = int(wide * ratio)
            found.append(tuple(float(int(0.5 * (stride - 1) + sign * 0.5 * (side - 1)))
                               for sign in (-1, 1) for side in (wide, high)))
    return found
