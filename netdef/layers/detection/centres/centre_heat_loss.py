"""CenterObjectLoss: the loss of maps as CenternetDetectionOutput reads them. Of yuqj1991's caffe_train (Zhou et al. 2019)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "center_object_loss_param"
_SMALL = 4  # places: boxes of at most this area are left out
_OVERLAP, _OF_SIZES, _OF_MARKS = 0.7, 0.1, 0.1


@register("CenterObjectLoss")
class CenterObjectLoss(Layer):
    """The losses of a box's centre, 0.1 times its sizes and its landmarks, and of scores, over the normaliser of ``loss_param``.

    Bottoms: maps (N, 4, H, W), with ``has_lm`` (N, 14, H, W), of which the place of a box's centre should have the rest of its x
    and y, the logs of its width and height in places, and five landmarks from that place, in parts of its sides; scores
    (N, ``num_class``, H, W) before the sigmoid, and the labels of AnnotatedData, classes from 1. Smooth L1, or half the
    squares with L2. A score's loss is -(1 - p)^2 log p at a centre, else -(1 - h)^4 p^2 log(1 - p), h the greatest of bells
    about the centres of the class (Law and Deng 2018). Boxes of at most 4 places have none of these. VALID divides by the
    number of boxes, and landmarks by that of the faces that have them. A batch without boxes costs nothing. The gradient is
    the derivative; where boxes share a place, that of the fork is of the last one.
    """

    n_bottoms = exactly(3)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, (maps, scores, truth) = spec.message.center_object_loss_param, shapes
        for index in range(2):
            check_axes(spec, shapes, 4, index)
        check_positive(spec, param.num_class, PARAM, "num_class")
        if param.loc_weight != 1:
            raise spec.refuse(f"has `loc_weight` {param.loc_weight:g}, which the fork applies to gradients alone; only 1 is "
                              "implemented", PARAM, "loc_weight")
        self.numbers, self.columns = (14, 19) if param.has_lm else (4, 8)
        if maps[1] != self.numbers:
            raise spec.refuse(f"wants maps of {self.numbers} channels; `{spec.bottoms[0]}` has shape {maps}", "bottom", 0)
        if scores != (maps[0], param.num_class, *maps[2:]):
            raise refuse_shapes(spec, shapes, 1, f"it wants scores of {param.num_class} classes at each place")
        if not truth or truth[-1] != self.columns:
            raise spec.refuse(f"wants rows of {self.columns} numbers; `{spec.bottoms[2]}` has shape {truth}", "bottom", 2)
        self.squares = param.loc_loss_type == param.L2
        self.squares_of_marks = param.lm_loss_type == param.L2
        self.normalization = Normalizer(spec, "VALID").mode

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, scores: Tensor, truth: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(())
        rows = truth.detach().reshape(-1, self.columns)
        rows = rows[rows[:, 0] != -1].cpu()
        if not len(rows):
            return 0 * (x.sum() + scores.sum())
        heat = torch.zeros(scores.shape, dtype=scores.dtype)
        loss, of_marks, marked = x.new_zeros(()), x.new_zeros(()), 0
        for row in rows.tolist():
            image, label, wanted, (j, i) = *map(int, row[:2]), *self._wanted(row, x)
            marked += len(wanted) > 4
            width, height = (math.exp(value) for value in wanted[2:4].tolist())
            if width * height <= _SMALL:
                continue
            found = x[image, :, j, i]
            each = _losses(found[: len(wanted)], wanted.to(x.device), self.squares)
            loss = loss + each[:2].sum() + _OF_SIZES * each[2:4].sum()
            if len(wanted) > 4:
                of_marks = of_marks + _losses(found[4:], wanted[4:].to(x.device), self.squares_of_marks).sum()
            if not 1 <= label <= scores.shape[1]:
                raise NetdefError(f"layer `{self.name}` (CenterObjectLoss) got label {label}; it wants 1 to {scores.shape[1]}")
            draw_bell(heat[image, label - 1], (j, i), bell_radius(height, width))
        loss = loss + _focal(scores, heat.to(scores.device))
        return loss / self._count(len(x), len(rows)) + _OF_MARKS * of_marks / self._count(len(x), marked)

    def _wanted(self, row: list[float], x: Tensor) -> tuple[Tensor, tuple[int, int]]:
        """The numbers (4,), or (14,) with landmarks, that a box's place should have, and the place."""
        size = x.shape[3], x.shape[2]
        corners = [value * size[n % 2] for n, value in enumerate(row[3:7])]
        sides = [max(corners[n + 2] - corners[n], 1e-30) for n in range(2)]
        centre = [(corners[n] + corners[n + 2]) / 2 for n in range(2)]
        place = [min(int(value), length - 1) for value, length in zip(centre, size)]
        numbers = [centre[0] - place[0], centre[1] - place[1], math.log(sides[0]), math.log(sides[1])]
        if self.columns > 8 and row[8] > 0 and min(row[9:]) > 0:
            numbers += [(value * size[n % 2] - place[n % 2]) / sides[n % 2] for n, value in enumerate(row[9:])]
        return torch.tensor(numbers, dtype=x.dtype), (place[1], place[0])

    def _count(self, images: int, boxes: int) -> int:
        return max(1, {"VALID": boxes, "NONE": 1}.get(self.normalization, images))


def _losses(found: Tensor, wanted: Tensor, squares: bool) -> Tensor:
    """Half the squares of differences, or smooth L1 losses."""
    return (found - wanted).square() / 2 if squares else F.smooth_l1_loss(found, wanted, reduction="none")


def _focal(scores: Tensor, heat: Tensor) -> Tensor:
    """The sum of the losses of scores before the sigmoid."""
    chance = scores.sigmoid()
    centre = -((1 - chance) ** 2) * F.logsigmoid(scores)
    elsewhere = -((1 - heat) ** 4) * chance**2 * F.logsigmoid(-scores)
    return torch.where(heat == 1, centre, elsewhere).sum()


def bell_radius(height: float, width: float) -> int:
    """Compute how far a box may move to keep an overlap of 0.7, by the fork's rule: the least of three, cut to a whole number."""
    around, area = height + width, height * width
    parts = ((1.0, around, area * (1 - _OVERLAP) / (1 + _OVERLAP)), (4.0, 2 * around, (1 - _OVERLAP) * area),
             (4 * _OVERLAP, -2 * _OVERLAP * around, (_OVERLAP - 1) * area))
    return max(0, int(min((b + math.sqrt(b * b - 4 * a * c)) / 2 for a, b, c in parts)))


def draw_bell(plane: Tensor, centre: tuple[int, int], radius: int) -> None:
    """Raise a plane (H, W) to a bell about a place: 1 there, with a deviation of a sixth of its width, up to ``radius`` away."""
    away = [torch.arange(size, dtype=plane.dtype) - place for size, place in zip(plane.shape, centre)]
    squares = away[0][:, None] ** 2 + away[1] ** 2
    bell = (-squares / (2 * ((2 * radius + 1) / 6) ** 2)).exp()
    near = (away[0].abs() <= radius)[:, None] & (away[1].abs() <= radius)
    torch.maximum(plane, torch.where(near & (bell >= 5e-11), bell, 0), out=plane)
