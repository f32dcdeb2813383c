"""DetectionLoss and DetectionGroupLoss: the losses of maps of scores and boxes, of MS-CNN and Cascade R-CNN."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.mscnn.fields import FieldLayer, check_maps

_WORST = -math.log(torch.finfo(torch.float32).tiny)
_MODES = ("random", "bootstrap", "mixture")


class _FieldLoss(FieldLayer):
    """The base of both: the mean cross-entropy of a softmax, plus ``lambda`` times the mean loss of boxes.

    Places with a label above 0 count, and of those with label 0 and an overlap below ``bg_threshold`` a
    choice, anew in each pass; boxes count where the label is above 0. The top (1, 1, 1, 2) has the loss, and its second part
    alone, which has no gradient. With ``pos_neg_weighted`` both kinds of places weigh as 1 to ``bg_multiple``.
    """

    is_loss = True
    depends_on_data = True
    balances_background: bool
    """Whether background weighs as balanced where there is no object."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape], stride: str):
        super().__init__(spec, shapes, stride)
        param = getattr(spec.message, self.param)
        self.balanced, self.multiple = param.pos_neg_weighted, param.bg_multiple
        self.share: float = getattr(param, "lambda")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 2)]

    def forward(self, *bottoms: Tensor) -> Tensor:
        return self.loss(*bottoms)

    def loss(self, *bottoms: Tensor) -> Tensor:
        """The top; a subclass says of which bottoms."""
        raise NotImplementedError

    def class_losses(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Minus the log of each place's softmax at its label, at most 87.3, (M, H, W)."""
        labels = labels.clamp(max=1) if self.objectness else labels
        losses = F.cross_entropy(scores, labels * self.used(labels), reduction="none")
        return losses - (losses - _WORST).clamp(min=0).detach()

    def balance(self, weights: Tensor, objects: Tensor, background: Tensor) -> Tensor:
        """Weights of which those of the objects sum to 1 / (1 + bg_multiple) of the places' number, the others to the rest."""
        count, share = objects.sum() + background.sum(), 1 / (1 + self.multiple)
        sums = [(weights * places).sum() for places in (objects, background)]
        inside, outside = (part * count / torch.where(total > 0, total, 1) for part, total in zip((share, 1 - share), sums))
        balanced = weights * torch.where(objects, inside, outside)
        return balanced if self.balances_background else torch.where(sums[0] > 0, balanced, weights)

    def total(
        self, losses: Tensor, weights: Tensor, counted: Tensor, differences: Tensor, boxes: Tensor, smooth: bool
    ) -> Tensor:
        """The top, by the losses of places (M, H, W) that are counted and the differences (M, 4, H, W) at those of ``boxes``."""
        of_classes = (losses * weights * counted).sum() / counted.sum().clamp(min=1)
        size = differences.abs()
        each = torch.where(size < 1, size.square() / 2, size - 0.5) if smooth else size.square() / 2
        of_boxes = self.share * (each * boxes[:, None]).sum() / (4 * boxes.sum()).clamp(min=1)
        return torch.stack((of_classes + of_boxes, of_boxes.detach())).view(1, 1, 1, 2)


@register("DetectionLoss")
class DetectionLoss(_FieldLoss):
    """`_FieldLoss` of MS-CNN: the first bottom has scores of ``cls_num`` classes and then offsets, of one field.

    Of the background ``sample_mode`` "random" takes those of so many draws of any place: ``bg_multiple`` for each place of an
    object, at least 4 for each class; "bootstrap", for each class, those of its greatest scores, as many for each of its own
    places, at least 4; "mixture" half of each; any other word all. ``iou_weighted``: objects' places weigh their overlap.
    """

    n_bottoms = exactly(2)
    param = "detection_loss_param"
    balances_background = False

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes, "downsample_rate")
        self.check_joined(spec, shapes)
        param = spec.message.detection_loss_param
        self.mode, self.smooth, self.by_overlap = param.sample_mode, param.bb_smooth, param.iou_weighted

    def loss(self, *bottoms: Tensor) -> Tensor:
        x, truth = bottoms
        scores, offsets = x.split((self.classes, 4), 1)
        labels, overlap = truth[:, 0].long(), truth[:, 5]
        objects, free = labels > 0, (labels == 0) & (overlap < self.threshold)
        with torch.no_grad():
            background = torch.stack([self._chosen(*each) for each in zip(scores, labels, free)])
            weights = torch.where(objects & self.by_overlap, overlap, 1)
            if self.balanced:
                weights = self.balance(weights, objects, background)
        used = self.used(labels.clamp(max=1) if self.objectness else labels)
        differences = self.fields.limited(offsets) - self.fields.encode(truth[:, 1:5])
        return self.total(self.class_losses(scores, labels), weights, used & (objects | background), differences,
                          objects & self.used(labels), self.smooth)

    def _chosen(self, scores: Tensor, labels: Tensor, free: Tensor) -> Tensor:
        """The background places (H, W) of an image that count."""
        if self.mode not in _MODES:
            return free
        scores, labels, places = scores.flatten(1), labels.flatten(), free.flatten()
        chosen, part = torch.zeros_like(places), self.multiple * (0.5 if self.mode == "mixture" else 1)
        if self.mode != "bootstrap":
            draws = max(int(int((labels > 0).sum()) * part), 4 * (self.classes - 1))
            chosen[torch.randint(len(places), (draws,), device=places.device)] = True
        if self.mode != "random":
            classes = labels.clamp(max=1) if self.objectness else labels
            last_first = places.nonzero().flatten().flip(0)  # of equal scores the last goes first
            for number in range(1, self.classes):
                count = max(int(int((classes == number).sum()) * part), 4)
                order = scores[number, last_first].sort(descending=True, stable=True).indices
                chosen[last_first[order[:count]]] = True
        return (chosen & places).reshape(free.shape)


@register("DetectionGroupLoss")
class DetectionGroupLoss(_FieldLoss):
    """`_FieldLoss` of Cascade R-CNN: bottoms (N G, cls_num, H, W), scores, and (N G, 4, H, W), offsets, of G fields.

    Of each image as many background places count as ``bg_multiple`` for each place of an object, at least ``min_num_neg``;
    or ``batch_size`` places of both kinds. ``neg_mining_type`` "random" draws them, "bootstrap" takes those of the greatest
    loss, "mixture" half of each. Offsets are limited where ``field_whr`` and ``field_xyr`` are given; the fork overwrites its
    bottom with the limited ones, too.
    """

    n_bottoms = exactly(3)
    param = "detection_group_loss_param"
    balances_background = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes, "stride")
        param = spec.message.detection_group_loss_param
        check_maps(spec, shapes, (self.classes, 4, 6), len(self.fields.sizes))
        if param.neg_mining_type not in _MODES:
            raise spec.refuse(f'has `neg_mining_type` "{param.neg_mining_type}"; it is {", ".join(_MODES)}', self.param,
                              "neg_mining_type")
        if param.bbox_loss_type not in ("Smooth_L1", "Euclidean_L2"):
            raise spec.refuse(f'has `bbox_loss_type` "{param.bbox_loss_type}"; it is Smooth_L1 or Euclidean_L2', self.param,
                              "bbox_loss_type")
        if param.batch_size == 0 or param.batch_size < -1:
            raise spec.refuse(f"has `batch_size` {param.batch_size}; it is -1 or above 0", self.param, "batch_size")
        self.mode, self.smooth = param.neg_mining_type, param.bbox_loss_type == "Smooth_L1"
        self.batch, self.least = param.batch_size, param.min_num_neg
        self.limits = param.HasField("field_xyr") and param.HasField("field_whr")

    def loss(self, *bottoms: Tensor) -> Tensor:
        scores, offsets, truth = bottoms
        labels, images = truth[:, 0].long(), len(truth) // len(self.fields.sizes)
        losses = self.class_losses(scores, labels)
        free = (labels == 0) & (truth[:, 5] < self.threshold)
        with torch.no_grad():
            parts = (part.reshape(images, -1) for part in (losses, labels > 0, free))
            kept = torch.stack([self._chosen(*each) for each in zip(*parts)]).reshape(labels.shape)
            weights = torch.ones_like(losses)
            if self.balanced:
                weights = self.balance(weights, kept & (labels > 0), kept & (labels == 0))
        differences = (self.fields.limited(offsets) if self.limits else offsets) - self.fields.encode(truth[:, 1:5])
        boxes = kept & (labels > 0) & self.used(labels)
        used = self.used(labels.clamp(max=1) if self.objectness else labels)
        return self.total(losses, weights, kept & used, differences, boxes, self.smooth)

    def _chosen(self, losses: Tensor, objects: Tensor, free: Tensor) -> Tensor:
        """The places of an image (n,) that count, of both kinds."""
        inside, outside = objects.nonzero().flatten(), free.nonzero().flatten()
        n_inside, n_outside = len(inside), max(len(inside) * self.multiple, self.least)
        if self.batch > 0:
            n_inside = min(int(self.batch / (1 + self.multiple) + 0.5), len(inside))
            n_outside = self.batch - n_inside
        if n_outside < len(outside):
            hard = {"random": 0, "bootstrap": n_outside, "mixture": int(n_outside * 0.5 + 0.5)}[self.mode]
            outside = outside.flip(0)[losses[outside].flip(0).sort(descending=True, stable=True).indices]
            rest = outside[hard:]
            outside = torch.cat((outside[:hard], rest[torch.randperm(len(rest), device=rest.device)[: n_outside - hard]]))
        if n_inside < len(inside):
            inside = inside[torch.randperm(len(inside), device=inside.device)[:n_inside]]
        kept = torch.zeros_like(objects)
        kept[inside], kept[outside] = True, True
        return kept
