"""SoftmaxWithLossExpectation: segmentation learnt from a few labelled points. Bearman et al. 2016 (abearman)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "loss_param"
# The terms, each with the fields that leave it out and that make it a mean.
_TERMS = {
    "classes": ("ignore_classes", "normalize_classes"), "location": ("ignore_location", "normalize_supervised"),
    "constraint": ("ignore_constraint", "normalize_constraint"), "objectness": ("ignore_objectness", "normalize_objectness"),
}


@register("SoftmaxWithLossExpectation")
class SoftmaxWithLossExpectation(Layer):
    """The sum over N of four terms of the softmax p of scores (N, classes, H, W). Its kernels' arithmetic, one image each.

    The labels have planes of H x W: the label of each pixel, ``ignore_label`` where it is unknown; its objectness from 0 to
    255; the classes that the image has, one after the other and then 0; and, unless ``ignore_rank``, weights from 0 to 255.

    - classes: ``-log p`` of each class of the image, in the pixel where it is likeliest;
    - location: ``-log p`` of the label, times the weight over 255, of pixels with a label;
    - constraint: ``-log(1 - p)`` of each other class, in the pixel where it is likeliest;
    - objectness: of pixels without a label, the cross-entropy of class 0 with ``1 - (objectness + 1) / 257``.

    ``ignore_*`` leaves a term out, ``normalize_*`` makes it a mean (``supervised``: the location's). The image has class 0,
    but for ``is_siftflow``, where classes and labels count from 1. A second top is the softmax.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.loss_param
        self.axis = canonical_axis(spec, spec.message.softmax_param.axis, len(shapes[0]), "softmax_param", "axis")
        if self.axis != 1:
            raise spec.refuse("has the classes on another axis than 1", "softmax_param", "axis")
        if not param.HasField("ignore_label"):
            raise spec.refuse("needs an `ignore_label`, that of pixels whose label is unknown", PARAM)
        self.terms = [name for name, (left_out, _) in _TERMS.items() if not getattr(param, left_out)]
        self.means = {name for name, (_, mean) in _TERMS.items() if getattr(param, mean)}
        self.ignore_label: int = param.ignore_label
        self.first_class = 1 if param.is_siftflow else 0
        self.planes = 3 if param.ignore_rank else 4
        if math.prod(shapes[1]) != shapes[0][0] * self.planes * math.prod(shapes[0][2:]):
            raise refuse_shapes(spec, shapes, 1, f"it wants {self.planes} planes of labels an image")
        self.n_outputs = max(1, len(spec.tops))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), bottoms[0]][: self.n_outputs]

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        p = scores.softmax(1)
        likely, least = p.flatten(2), torch.finfo(torch.float32).tiny
        planes = labels.detach().reshape(len(p), self.planes, -1)
        log_p, log_rest = likely.clamp(min=least).log(), (1 - likely).clamp(min=least).log()
        truth = planes[:, 0].long()
        labelled = (truth != self.ignore_label) & ("location" in self.terms)
        here = self._present(planes[:, 2].long(), p.shape[1])
        best = likely.detach().argmax(2, keepdim=True)
        of_truth = log_p.gather(1, (truth - self.first_class).where(labelled, 0)[:, None])[:, 0]
        weight = labelled.to(p.dtype) * (1 if self.planes == 3 else planes[:, 3] / 255)
        background = 1 - (planes[:, 1].trunc() + 1) / 257
        doubt = background * log_p[:, 0] + (1 - background) * log_rest[:, 0]
        each = {
            "classes": (log_p.gather(2, best)[..., 0], here.to(p.dtype), here.sum(1)),
            "location": (of_truth, weight, weight.sum(1)),
            "constraint": (log_rest.gather(2, best)[..., 0], (~here).to(p.dtype), (~here).sum(1)),
            "objectness": (doubt, (truth == self.ignore_label).to(p.dtype), (~labelled).sum(1)),
        }
        loss = p.new_zeros(())
        for name in self.terms:
            logs, counted, number = each[name]
            divisor = number.where(number > 0, 1) if name in self.means else 1
            loss = loss - ((logs * counted).sum(1) / divisor).sum() / len(p)
        return (loss, p) if self.n_outputs > 1 else loss

    def _present(self, listed: Tensor, classes: int) -> Tensor:
        """Whether an image has each class, (N, classes), by the lists that end at the first 0, (N, pixels)."""
        valid = (listed != 0).cumprod(1) > 0
        here = torch.zeros(len(listed), classes, dtype=torch.int64, device=listed.device)
        here.scatter_add_(1, (listed - self.first_class).where(valid, 0), valid.long())
        here[:, 0] += 1 - self.first_class
        return here > 0
