"""CenterGridLoss: the loss of maps with a box at each place, as CenterGridOutput reads them. Of yuqj1991's caffe_train."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, check_positive
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import CentreScores

PARAM = "center_object_loss_param"
_OF_MARKS = 0.1  # the weight of their loss


@dataclass
class _Wanted:
    """The targets of a batch of maps: numbers (N, 4 or 14, H, W), the places with a box, and those with landmarks.

    ``kinds`` (N, H, W): 1 for a face, 0 for background, -1 for what does not count; ``faces`` (N,): which images have faces.
    """

    numbers: Tensor
    boxes: Tensor
    marks: Tensor
    kinds: Tensor
    faces: Tensor


@register("CenterGridLoss")
class CenterGridLoss(Layer):
    """The smooth L1 losses of boxes and the focal losses of scores, over the normaliser of ``loss_param``.

    Bottoms: maps (N, 4 + scores, H, W) as of CenterGridOutput, and the labels of AnnotatedData with ``yoloformat``. The places
    within a box, from the one of its corner to before that of the other, do not count as background; where its longer side is
    from ``low_bbox_scale`` to below ``up_bbox_scale`` pixels, they are the face's, unless a box before has them. SIGMOID: focal
    losses of 2 and 4 (Lin et al. 2017), of images with boxes; SOFTMAX: of 0.25 and 2. VALID divides by the places of faces.
    With ``has_lm``, for SOFTMAX, 0.1 times the smooth L1 losses of landmarks is added, over the places of faces that have
    them. A batch without boxes costs nothing. The fork squares the ``loss_weight`` in the gradient of landmarks.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, (maps, truth) = spec.message.center_object_loss_param, shapes
        check_axes(spec, shapes, 4)
        self.softmax: bool = param.class_type == CentreScores.SOFTMAX
        if param.has_lm and not self.softmax:
            raise spec.refuse("has landmarks, which the fork has for SOFTMAX only", PARAM, "has_lm")
        classes = 2 if self.softmax else 1
        if param.num_class != classes:
            raise spec.refuse(f"has {param.num_class} classes; it wants {classes}", PARAM, "num_class")
        if len(param.bias_scale) != 1 or param.bias_num != 1:
            raise spec.refuse(f"has {len(param.bias_scale)} `bias_scale` and `bias_num` {param.bias_num}; it wants one",
                              PARAM)
        check_above_zero(spec, param.bias_scale[0], PARAM, "bias_scale", 0)
        check_positive(spec, param.net_height, PARAM, "net_height")
        self.numbers, self.columns = (14, 19) if param.has_lm else (4, 8)
        if maps[1] != self.numbers + classes:
            raise spec.refuse(f"wants maps of {self.numbers + classes} channels; `{spec.bottoms[0]}` has shape {maps}",
                              "bottom", 0)
        if not truth or truth[-1] != self.columns:
            raise spec.refuse(f"wants rows of {self.columns} numbers; `{spec.bottoms[1]}` has shape {truth}", "bottom", 1)
        self.scale: float = param.bias_scale[0] / (1 if self.softmax else 2)
        self.height: int = param.net_height
        self.range = param.low_bbox_scale, param.up_bbox_scale
        self.normalization = Normalizer(spec, "VALID").mode

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, truth: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(())
        wanted = self._wanted(x, truth.detach())
        if not wanted.faces.any():
            return 0 * x.sum()
        losses = F.smooth_l1_loss(x[:, : self.numbers], wanted.numbers, reduction="none")
        loss = (losses[:, :4].sum(1) * wanted.boxes).sum() + self._scores(x[:, self.numbers :], wanted)
        loss = loss / self._count(len(x), int(wanted.boxes.sum()))
        if self.numbers > 4 and wanted.marks.any():
            marks = (losses[:, 4:].sum(1) * wanted.marks).sum()
            loss = loss + _OF_MARKS * marks / self._count(len(x), int(wanted.marks.sum()))
        return loss

    def _scores(self, x: Tensor, wanted: _Wanted) -> Tensor:
        """The focal losses of scores (N, 1 or 2, H, W)."""
        kinds = wanted.kinds
        if self.softmax:
            logs = x.log_softmax(1).gather(1, kinds.clamp(min=0)[:, None])[:, 0]
            return -0.25 * ((1 - logs.exp()) ** 2 * logs * (kinds >= 0)).sum()
        right = torch.where(kinds == 1, x[:, 0], -x[:, 0])  # the score of what is there
        losses = -2 * right.neg().sigmoid() ** 4 * F.logsigmoid(right)
        return (losses * (kinds >= 0) * wanted.faces[:, None, None]).sum()

    def _count(self, images: int, places: int) -> int:
        return max(1, {"VALID": places, "NONE": 1}.get(self.normalization, images))

    def _wanted(self, x: Tensor, truth: Tensor) -> _Wanted:
        n, _, height, width = x.shape
        numbers = torch.zeros(n, self.numbers, height, width, dtype=x.dtype)
        boxes, marks = (torch.zeros(n, height, width, dtype=torch.bool) for _ in range(2))
        kinds, faces = torch.zeros(n, height, width, dtype=torch.long), torch.zeros(n, dtype=torch.bool)
        step, size = self.height / height, (width, height)
        middles = torch.meshgrid(*(torch.arange(length, dtype=x.dtype) + 0.5 for length in size), indexing="xy")
        for image, rows in enumerate(truth.reshape(n, -1, self.columns).cpu()):
            for row in rows[rows[:, 0] != -1].tolist():
                faces[image] = True
                corners = [value * size[i % 2] for i, value in enumerate(row[3:7])]
                left, top, right, bottom = map(int, corners)
                sides = corners[2] - corners[0], corners[3] - corners[1]
                if self.softmax and min(sides) <= 0:
                    continue
                area = image, slice(top, bottom), slice(left, right)
                kinds[area] = -1
                if not self.range[0] <= max(int(side * step) for side in sides) < self.range[1]:
                    continue
                free = ~boxes[area]
                places, has_marks = self._places(row, size)
                for i, place in enumerate(places):
                    part = numbers[image, i, top:bottom, left:right]
                    part[free] = ((middles[i % 2][top:bottom, left:right] - place) * step / self.scale)[free]
                kinds[area][free], boxes[area] = 1, True
                marks[area] |= free & has_marks
        return _Wanted(*(each.to(x.device) for each in (numbers, boxes, marks, kinds, faces)))

    def _places(self, row: list[float], size: tuple[int, int]) -> tuple[list[float], bool]:
        """The corners of a box, in places of the map, and its landmarks if it has all of them; and whether it has."""
        there = self.numbers > 4 and row[8] > 0 and min(row[9:]) > 0
        return [value * size[i % 2] for i, value in enumerate([*row[3:7], *(row[9:] if there else [])])], there
