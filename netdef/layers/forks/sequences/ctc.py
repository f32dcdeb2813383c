"""CtcLoss and LabelsequenceAccuracy, from the forks with warp-ctc: sequences without alignment. Graves et al. 2006."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import label_error
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "ctc_loss_param"


@register("CtcLoss")
class CtcLoss(Layer):
    """The mean over sequences of minus the log of the probability of their labels, summed over all alignments.

    Bottoms: scores (T, N, C) before the softmax, and labels (N, L), of which those that are not ``blank_label`` are the
    sequence, in order. A sequence that does not fit into T steps costs nothing, as in warp-ctc. As in the fork the gradient
    is that of the sum over sequences, N times that of the mean. Raises NetdefError on a label that is no class.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True
    blank_field = "blank_label"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        scores, labels = shapes
        if len(scores) != 3:
            raise spec.refuse(f"wants scores (time, sequences, classes); their shape is {scores}", "bottom", 0)
        if len(labels) < 2 or labels[0] != scores[1]:
            raise refuse_shapes(spec, shapes, 1, f"it wants labels for each of {scores[1]} sequences, (sequences, labels)")
        self.check_sizes(spec, scores)
        param = spec.message.ctc_loss_param
        self.blank: int = getattr(param, self.blank_field) if param.HasField(self.blank_field) else 0
        if not 0 <= self.blank < scores[2]:
            raise spec.refuse(f"has `{self.blank_field}` {self.blank}, which is none of {scores[2]} classes", PARAM,
                              self.blank_field)

    def check_sizes(self, spec: LayerDefinition, scores: Shape) -> None:
        """Refuse sizes in the text that are not those of scores (T, N, C)."""
        for field, found in (("alphabet_size", scores[2]), ("time_step", scores[0])):
            stated = getattr(spec.message.ctc_loss_param, field)
            if stated != found:
                raise spec.refuse(f"has `{field}` {stated} for scores of shape {scores}; it wants {found}", PARAM, field)

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        if scores.is_meta:
            return scores.new_empty(())
        labels = labels.detach().long().flatten(1)
        steps, n, classes = scores.shape
        if ((labels < 0) | (labels >= classes)).any():
            raise label_error(self, labels, classes, None)
        counted = labels != self.blank
        losses = F.ctc_loss(
            scores.log_softmax(2), labels[counted], torch.full((n,), steps), counted.sum(1).cpu(), self.blank, "none",
            zero_infinity=True)
        return with_gradient(losses.mean(), losses, torch.ones_like(losses))


@register("WarpCTCLoss")
class WarpCTCLoss(CtcLoss):
    """`CtcLoss` of caffe_ocr (senlinuc) and yuqj1991's caffe_train: ``blank_index``, 0 by default, is not part of the labels."""

    blank_field = "blank_index"

    def check_sizes(self, spec: LayerDefinition, scores: Shape) -> None:
        pass  # the text has none


@register("LabelsequenceAccuracy")
class LabelsequenceAccuracy(Layer):
    """The share of correctly decoded sequences: the best class of each step, without repeats and blanks.

    Bottoms: scores (N, T, C), whose batch comes first, and labels (N, L), of which those that are not ``blank_label`` count.
    """

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 3)
        check_least_axes(spec, shapes, 2, 1)
        if shapes[0][0] != shapes[1][0]:
            raise refuse_shapes(spec, shapes, 1, "it wants scores (sequences, time, classes) and labels (sequences, labels)")
        self.blank: int = spec.message.labelsequence_accuracy_param.blank_label

    @torch.no_grad()
    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        if scores.is_meta:
            return scores.new_empty(())
        best, labels = scores.argmax(2), labels.long().flatten(1)
        new = torch.ones_like(best, dtype=torch.bool)
        new[:, 1:] = best[:, 1:] != best[:, :-1]
        kept = new & (best != self.blank)
        right = [torch.equal(path[keep], true[true != self.blank]) for path, keep, true in zip(best, kept, labels)]
        return scores.new_tensor(sum(right) / len(right))
