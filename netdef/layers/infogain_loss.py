"""InfogainLoss: cross-entropy weighted by a matrix of labels by predictions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from google.protobuf.message import DecodeError
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_same_batch
from netdef.layers.core.labels import check_one_label_each, label_error
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.schema import messages
from netdef.schema.blobs import to_array

PARAM = "infogain_loss_param"
_WORST = math.log(1e-20)


@register("InfogainLoss")
class InfogainLoss(Layer):
    """Minus the sum over k of ``H[label, k] * log(p_k)``, p the softmax of bottom 0 along ``axis``: the mean.

    The labels are bottom 1. With H the unit matrix this is SoftmaxWithLoss. H (classes, classes) is the blob in the
    file ``source``, or bottom 2; nothing goes back to it. Labels are whole numbers from 0 (fractions are cut off), one
    a prediction. The divisor is `Normalizer`'s, by default VALID. No probability counts as less than 1e-20, while its
    gradient goes on. The optional second top is the softmax; unlike Caffe's it needs no loss weight. Raises
    NetdefError on a label that is no class (on the CPU; a GPU reports it through CUDA).
    """

    n_bottoms = between(2, 3)
    n_tops = between(1, 2)
    is_loss = True
    answer_type = "Softmax"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.infogain_loss_param
        check_same_batch(spec, shapes)
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), PARAM, "axis")
        check_one_label_each(spec, shapes[:2], self.axis)
        if spec.message.loss_param.HasField("normalize"):
            raise spec.refuse("does not take the old `normalize`; `normalization: VALID` is `normalize: true`, "
                              "BATCH_SIZE is false", "loss_param", "normalize")
        self.normalizer = Normalizer(spec, default="VALID")
        self.with_probabilities = len(spec.tops) == 2
        classes = shapes[0][self.axis]
        if len(shapes) == 3:
            _check_matrix(spec, shapes[2], classes, "bottom", 2)
        else:
            if not param.source:
                raise spec.refuse("needs a matrix: a `source`, or a third bottom", PARAM)
            matrix = read_matrix(spec, param.source, classes, PARAM, "source")
            self.add_constant("matrix", (classes, classes), partial(_copy, matrix))

    def forward(self, scores: Tensor, labels: Tensor, matrix: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        classes = scores.shape[self.axis]
        matrix = self.get_buffer("matrix") if matrix is None else matrix.detach().reshape(classes, classes)
        labels = labels.long().reshape(scores.shape[: self.axis] + scores.shape[self.axis + 1 :])
        ignored = self.normalizer.ignored(labels)
        known = labels if ignored is None else labels.masked_fill(ignored, 0)
        try:
            worth = F.embedding(known, matrix)
        except (IndexError, RuntimeError):
            if scores.is_meta:
                raise
            raise label_error(self, labels, classes, self.normalizer.ignore_label, "loss_param") from None
        logs = F.log_softmax(scores, self.axis).clone()  # its backward reads its own result
        logs.detach().clamp_(min=_WORST)  # unseen by autograd: the gradient is not floored
        losses = -(logs.movedim(self.axis, -1) * worth).sum(-1)
        if ignored is not None:
            losses = losses.masked_fill(ignored, 0)
        loss = self.normalizer.reduce(losses, math.prod(scores.shape[: self.axis]), ignored)
        return (loss, torch.softmax(scores, self.axis)) if self.with_probabilities else loss


def read_matrix(spec: LayerDefinition, source: str, classes: int, *path: str) -> np.ndarray:
    """The matrix (classes, classes) in a file of a BlobProto. ``path`` is that of the field that names it."""
    file = spec.resolve(source, *path)
    try:
        matrix = to_array(messages.BlobProto.FromString(file.read_bytes()))
    except (OSError, DecodeError, NetdefError) as error:
        raise spec.refuse(f"cannot read its matrix {file}: {error}", *path) from error
    _check_matrix(spec, matrix.shape, classes, *path)
    return matrix.reshape(classes, classes)


def _check_matrix(spec: LayerDefinition, shape: Shape, classes: int, *path: str | int) -> None:
    if math.prod(shape) != classes**2:
        raise spec.refuse(
            f"has {classes} classes and a matrix of shape {tuple(shape)}; it wants ({classes}, {classes})", *path)


def _copy(values: np.ndarray, tensor: Tensor) -> None:
    tensor.copy_(torch.from_numpy(values))
