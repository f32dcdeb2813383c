"""SoftmaxWithLoss: the cross-entropy of a softmax."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_same_batch, check_share, refuse_shapes
from netdef.layers.core.labels import check_one_label_each, label_error
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_WORST = -math.log(torch.finfo(torch.float32).tiny)
_NO_LABEL = torch.iinfo(torch.int32).min


@register("SoftmaxWithLoss")
class SoftmaxWithLoss(Layer):
    """Minus the log of the softmax of bottom 0, along ``softmax_param.axis``, at the labels of bottom 1: the mean.

    Labels are whole numbers from 0 (fractions are cut off), one a prediction, in any shape of that count. The divisor
    is `Normalizer`'s, by default VALID. As in Caffe one prediction costs at most 87.3, the log of the smallest float,
    while its gradient goes on. The optional second top is the softmax; Caffe declares it but cannot build it.
    The optional third, from R-FCN's fork (Dai et al. 2016), is the loss of each prediction, of the labels' shape.
    Raises NetdefError on a label that is no class (on the CPU; a GPU reports it through CUDA).

    With ``weight_by_label_freqs``, from SegNet's fork (Badrinarayanan et al. 2015), the loss of a prediction, and its
    gradient, are times the number of its true class in ``class_weighting``. The divisor knows nothing of them. With
    ``weigh_instance``, of CCNN (Pathak et al. 2015), so is class 0 with ``background_weight``.

    With ``softmax_param.label_smooth_factor`` s, from happynear's fork, the loss of a prediction is
    ``(1 - s) L(true class) + s mean(L(each other class))``, L being minus the log of the softmax.

    ``label_smoothing`` s, of NVIDIA's fork (its code for GPUs), changes the gradient alone: of the label 1 - s is left, and
    s / (n - 1) is taken from each of the n scores of the item. intel's fork means something else by it; ``smooth_as_nvidia``,
    which is set in a net with other fields of NVIDIA's, says which is meant.

    A third bottom, from intel's fork, has a weight for each prediction: the loss is the weighted mean of those whose label is
    not ignored, whatever the normalization. With ``weights_keep_divisor``, of JAA-Net's fork (Shao et al. 2018), the divisor is
    the usual one.

    ``weight_source``, in ``loss_param`` of DeepLab's forks and in ``softmax_param`` of stephenyan1231's, is a text file of a
    weight for each class. With them VALID, which is the default, divides by the sum of the weights of the labels.
    """

    n_bottoms = between(2, 3)
    n_tops = between(1, 3)
    is_loss = True
    answer_type = "Softmax"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_batch(spec, shapes)
        kind = spec.message.softmax_param.normalize_type
        if kind != "Softmax":
            raise spec.refuse(f'has `normalize_type` "{kind}"; only Softmax is implemented', "softmax_param", "normalize_type")
        if spec.message.softmax_param.scaling_temperature != 1:
            raise spec.refuse("has a `scaling_temperature`, which only Softmax layers read", "softmax_param",
                              "scaling_temperature")
        self.axis = canonical_axis(spec, spec.message.softmax_param.axis, len(shapes[0]), "softmax_param", "axis")
        check_one_label_each(spec, shapes[:2], self.axis)
        if len(shapes) == 3 and math.prod(shapes[2]) != math.prod(shapes[1]):
            raise refuse_shapes(spec, shapes, 2, "its third bottom has a weight for each label")
        self.normalizer = Normalizer(spec, default="VALID")
        self.class_weights = _class_weights(spec, shapes[0][self.axis])
        self.divides_by_weights = bool(_weight_source(spec)) and self.normalizer.mode == "VALID"
        self.smoothing: float = spec.message.softmax_param.label_smooth_factor
        check_share(spec, self.smoothing, "softmax_param", "label_smooth_factor")
        if self.smoothing and shapes[0][self.axis] < 2:
            raise spec.refuse("has one class, and no other to give a part of its label to",
                              "softmax_param", "label_smooth_factor")
        self.of_gradient = _gradient_smoothing(spec)
        self.n_outputs = max(1, len(spec.tops))
        self.keeps_divisor: bool = spec.message.loss_param.weights_keep_divisor

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), *bottoms][: self.n_outputs]

    def forward(self, scores: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor | tuple[Tensor, ...]:
        shape = labels.shape
        by_class, labels, losses, ignored = self.each(scores, labels)
        if self.smoothing:
            losses = self._smoothed(by_class, losses, ignored)
        if self.of_gradient:
            losses = losses + self._unseen(by_class, labels, ignored, math.prod(scores.shape[self.axis :]))
        if self.class_weights:
            of_labels = losses.new_tensor(self.class_weights)[labels if ignored is None else labels.masked_fill(ignored, 0)]
            if self.divides_by_weights and weights is None:
                weights = of_labels
            else:
                losses = losses * of_labels
        if weights is not None and self.keeps_divisor:
            losses, weights = losses * weights.detach().reshape(losses.shape), None
        if weights is None:
            loss = self.normalizer.reduce(losses, len(by_class), ignored)
        else:
            loss = weighted_mean(losses, weights.detach().reshape(losses.shape), ignored)
        if self.n_outputs == 1:
            return loss
        return (loss, torch.softmax(scores, self.axis), losses.reshape(shape))[: self.n_outputs]

    def each(self, scores: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
        """The scores with classes on axis 1, and for each prediction its label, its loss, and whether it is ignored, if any."""
        by_class = scores if self.axis == 1 else _classes_second(scores, self.axis)
        labels = labels.long().reshape(by_class.shape[:1] + by_class.shape[2:])
        ignore = self.normalizer.ignore_label
        try:
            losses = F.cross_entropy(
                by_class, labels, reduction="none", ignore_index=_NO_LABEL if ignore is None else ignore)
        except IndexError:
            raise label_error(self, labels, by_class.shape[1], ignore, "loss_param") from None
        losses.detach().clamp_(max=_WORST)  # unseen by autograd: the gradient is not capped
        return by_class, labels, losses, self.normalizer.ignored(labels)

    def _unseen(self, scores: Tensor, labels: Tensor, ignored: Tensor | None, count: int) -> Tensor:
        """Zeros, with the gradient that `label_smoothing` adds; an item has ``count`` scores."""
        labels = (labels if ignored is None else labels.masked_fill(ignored, 0)).unsqueeze(1)
        added = self.of_gradient * (scores.gather(1, labels).squeeze(1) - scores.sum(1) / (count - 1))
        added = added if ignored is None else added.masked_fill(ignored, 0)
        return added - added.detach()

    def _smoothed(self, scores: Tensor, losses: Tensor, ignored: Tensor | None) -> Tensor:
        """The losses with a part of each label given to the other classes."""
        every = -torch.log_softmax(scores, 1)
        every.detach().clamp_(max=_WORST)
        others = (every.sum(1) - losses) / (scores.shape[1] - 1)
        if ignored is not None:
            others = others.masked_fill(ignored, 0)
        return (1 - self.smoothing) * losses + self.smoothing * others


@register("SoftmaxWithLossOHEM")
class SoftmaxWithLossOHEM(SoftmaxWithLoss):
    """SoftmaxWithLoss under its name in later versions of R-FCN's fork."""


def _gradient_smoothing(spec: LayerDefinition) -> float:
    """``label_smoothing`` in TRAIN; refused where nothing says which fork's it is."""
    param = spec.message.loss_param
    if not param.label_smoothing or spec.phase != "TRAIN":
        return 0.0
    check_share(spec, param.label_smoothing, "loss_param", "label_smoothing")
    if not param.smooth_as_nvidia:
        raise spec.refuse(
            "has a `label_smoothing`, on which NVIDIA/caffe and intel/caffe disagree: `smooth_as_nvidia: true` beside it trains "
            "as NVIDIA's does; `softmax_param { label_smooth_factor: 0.1 }` gives a part of each label to the other classes in "
            "equal shares", "loss_param", "label_smoothing")
    smoothing: float = param.label_smoothing
    return smoothing


def weighted_mean(losses: Tensor, weights: Tensor, ignored: Tensor | None) -> Tensor:
    """The mean of losses, weighted; 0 if no weight is left. Those ``ignored`` do not count."""
    if ignored is not None:
        weights = weights.masked_fill(ignored, 0)
    total = weights.sum()
    return (losses * weights).sum() / torch.where(total == 0, 1, total)


def _class_weights(spec: LayerDefinition, classes: int) -> list[float]:
    """A weight for each class, or none."""
    param = spec.message.loss_param
    if source := _weight_source(spec):
        return _read_weights(spec, source, classes)
    if param.weigh_instance:
        return [param.background_weight, *[1.0] * (classes - 1)]
    if not param.weight_by_label_freqs:
        return []
    if len(param.class_weighting) != classes:
        raise spec.refuse(f"has {len(param.class_weighting)} numbers in `class_weighting` for {classes} classes",
                          "loss_param", "class_weighting")
    return list(param.class_weighting)


def _weight_source(spec: LayerDefinition) -> str:
    """The field that has a ``weight_source``, or nothing."""
    return next((param for param in ("loss_param", "softmax_param") if getattr(spec.message, param).weight_source), "")


def _read_weights(spec: LayerDefinition, param: str, classes: int) -> list[float]:
    file = spec.resolve(getattr(spec.message, param).weight_source, param, "weight_source")
    try:
        weights = [float(word) for word in file.read_text(encoding="utf-8").split()]
    except (OSError, ValueError) as error:
        raise spec.refuse(f"cannot read its weights of classes {file}: {error}", param, "weight_source") from error
    if len(weights) != classes or not all(0 <= weight < math.inf for weight in weights):
        raise spec.refuse(f"has {len(weights)} numbers in its `weight_source` for {classes} classes; it wants one of at least 0 "
                          "for each", param, "weight_source")
    return weights


def _classes_second(scores: Tensor, axis: int) -> Tensor:
    """Move the class axis to axis 1, where torch wants it, and keep the order of predictions."""
    return scores.unsqueeze(0) if axis == 0 else scores.flatten(0, axis - 1)
