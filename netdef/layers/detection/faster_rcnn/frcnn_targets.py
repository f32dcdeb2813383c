"""FrcnnAnchorTarget and FrcnnProposalTarget: what trains Faster R-CNN's two stages. Ren et al. 2015, makefile's fork.

The fork reads its settings from a file; here they are those of its ``voc_config.json``, which are py-faster-rcnn's.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import encode, overlaps
from netdef.layers.detection.faster_rcnn.anchors import boxes_at_places
from netdef.layers.detection.faster_rcnn.frcnn_proposal import VOC_ANCHORS

_STRIDE = 16
_ANCHORS, _REGIONS, _CLASSES = 256, 128, 21  # anchors and regions of a pass
_DEVIATIONS = 0.1, 0.1, 0.2, 0.2


class _Targets(Layer):
    """The base of both: no gradient, and settings that are in no text."""

    depends_on_data = True
    family = "score"

    def check_rows(self, spec: LayerDefinition, shapes: Sequence[Shape], index: int) -> None:
        """Refuse a bottom that does not hold rows of five numbers."""
        if len(shapes[index]) < 2 or math.prod(shapes[index][1:]) != 5:
            raise spec.refuse(f"wants rows of 5 numbers in `{spec.bottoms[index]}`, which has shape {shapes[index]}",
                              "bottom", index)

    def warn(self, kind: str) -> None:
        warnings.warn(f"layer `{self.name}`: the settings of {kind} are in a file that is not read; those of its fork's "
                      "voc_config.json are taken", stacklevel=3)


@register("FrcnnAnchorTarget")
class FrcnnAnchorTarget(_Targets):
    """Labels (1, 1, A H, W) of the A anchors at each place, targets of their boxes (1, 4 A, H, W), and two weights of these.

    Bottoms: scores (1, 2 A, H, W), of which only the shape counts; true boxes (G, 5), corners and class; the image's height and
    width. An anchor within the image is an object, 1, if it overlaps a true box by 0.7, or one more than any other anchor does;
    background, 0, if it overlaps all by less than 0.3. Of both kinds so many are drawn that there are 256, objects at most
    half; all others are -1. The first weight is 1 for objects, the second 1 over the number of both.
    """

    n_bottoms = exactly(3)
    n_tops = exactly(4)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        count = len(VOC_ANCHORS)
        if shapes[0][0] != 1 or shapes[0][1] != 2 * count:
            raise spec.refuse(f"has {count} anchors and wants scores of one image, (1, {2 * count}, H, W); "
                              f"`{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        self.check_rows(spec, shapes, 1)
        self.warn("FrcnnAnchorTarget")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        height, width = bottoms[0][2:]
        return [(1, 1, len(VOC_ANCHORS) * height, width), *[(1, 4 * len(VOC_ANCHORS), height, width)] * 3]

    @torch.no_grad()
    def forward(self, scores: Tensor, truth: Tensor, info: Tensor) -> tuple[Tensor, ...]:
        height, width = scores.shape[2:]
        boxes = boxes_at_places(VOC_ANCHORS, _STRIDE, scores)
        rows, columns = info.flatten()[:2].tolist()
        (inside,) = torch.where((boxes[:, :2] >= 0).all(1) & (boxes[:, 2] < columns) & (boxes[:, 3] < rows))
        true = _grown(truth.flatten(1)[:, :4].to(scores))
        found, targets = scores.new_full((len(boxes),), -1), scores.new_zeros(len(boxes), 4)
        if len(inside) and len(true):
            anchors = _grown(boxes[inside])
            table = overlaps(anchors, true)
            found[inside] = _drawn(_labels(table), _ANCHORS // 2, _ANCHORS)
            targets[inside] = encode("CENTER_SIZE", anchors, None, true[table.argmax(1)])
        weights = (found == 1).to(scores)[:, None].expand(-1, 4)
        balance = (found >= 0).to(scores)[:, None].expand(-1, 4) / (found >= 0).sum().clamp(min=1)
        labels = found.reshape(height, width, -1).permute(2, 0, 1).reshape(1, 1, -1, width)
        return labels, *(part.reshape(height, width, -1).permute(2, 0, 1)[None] for part in (targets, weights, balance))


@register("FrcnnProposalTarget")
class FrcnnProposalTarget(_Targets):
    """Regions (B, 5, 1, 1), their classes (B, 1, 1, 1), targets of boxes (B, 84, 1, 1), and two weights of these, alike.

    Bottoms: regions (R, 5), image 0 and corners; true boxes (G, 5), corners and class, which are regions, too. A region is an
    object if it overlaps a true box by 0.5, else background, 0. At most 32 objects are drawn, and background up to 128 in
    all. Targets are in the four numbers of the class, over 0.1, 0.1, 0.2 and 0.2; there the weights are 1.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(5)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(2):
            self.check_rows(spec, shapes, index)
        self.warn("FrcnnProposalTarget")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(_REGIONS, width, 1, 1) for width in (5, 1, *[4 * _CLASSES] * 3)]

    @torch.no_grad()
    def forward(self, regions: Tensor, truth: Tensor) -> tuple[Tensor, ...]:
        truth = truth.flatten(1).to(regions)
        boxes = torch.cat((regions.flatten(1)[:, 1:], truth[:, :4]))
        grown, true = _grown(boxes), _grown(truth[:, :4])
        most, match = overlaps(grown, true).max(1)
        labels = _drawn((most >= 0.5).to(boxes), _REGIONS // 4, _REGIONS)
        chosen = torch.cat([torch.where(labels == kind)[0] for kind in (1, 0)])
        classes = truth[match[chosen], 4].trunc() * (labels[chosen] == 1)
        moves = encode("CENTER_SIZE", grown[chosen], boxes.new_tensor(_DEVIATIONS), true[match[chosen]])
        targets = boxes.new_zeros(len(chosen), _CLASSES, 4)
        weights = targets.clone()
        (objects,) = torch.where(classes > 0)
        targets[objects, classes[objects].long()] = moves[objects]
        weights[objects, classes[objects].long()] = 1
        rows = torch.cat((boxes.new_zeros(len(chosen), 1), boxes[chosen]), 1)
        tops = rows, classes[:, None], targets.flatten(1), weights.flatten(1), weights.flatten(1).clone()
        return tuple(top[:, :, None, None] for top in tops)


def _grown(boxes: Tensor) -> Tensor:
    """Boxes that have the pixels of both their corners, up to the ends of these."""
    return boxes + boxes.new_tensor((0, 0, 1, 1))


def _labels(table: Tensor) -> Tensor:
    """Objects, background and others of anchors, by their overlaps with true boxes (B, G)."""
    most = table.amax(1)
    labels = torch.where(most < 0.3, 0.0, -1.0).to(table)
    best = ((table == table.amax(0)) & (table > 0)).any(1)
    return labels.masked_fill(best | (most >= 0.7), 1)


def _drawn(labels: Tensor, objects: int, count: int) -> Tensor:
    """At most so many objects, and so much background that there are ``count``, drawn at random; the others are -1."""
    for kind in (1, 0):
        (rows,) = torch.where(labels == kind)
        most = objects if kind else count - int((labels == 1).sum())
        if len(rows) > most:
            labels[rows[torch.randperm(len(rows), device=rows.device)[most:]]] = -1
    return labels
