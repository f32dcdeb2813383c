"""GlobalLSEMargin: one additive margin for all items, which the net finds itself. Of happynear's fork, for AM-Softmax."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "scale_param"
_NEAR, _SETTLED = 0.1, 0.001


@register("GlobalLSEMargin")
class GlobalLSEMargin(Layer):
    """``s (x - m)`` at each item's label and ``s x`` elsewhere, of cosines x (N, classes); m takes nothing off below 0.

    Bottoms: cosines, labels and perhaps a length for each item, in place of s. Blob ``s`` starts at 30 or by
    ``scale_param { filler }`` and stays within its ``min_value``, 0 unless given, and ``max_value``. Blob ``m`` is not
    learned. With the margin of an item its cosine at the label less ``log(sum of exp(s x) over the others) / s``, a first pass
    in training sets m to the mean of margins near their mean, by mean shift; later ones move m a tenth of the way to the mean
    of margins within 0.1 of it. (The fork does so in TEST, too.) m gets and gives no gradient. A second top (5,) has s (or
    the mean length), the mean cosine at labels, the mean of those logs, the mean greatest cosine elsewhere, and m.
    """

    n_bottoms = between(2, 3)
    n_tops = between(1, 2)
    depends_on_data = True  # the search for the mean margin
    s: Tensor
    m: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        if math.prod(shapes[0][1:]) < 2:
            raise spec.refuse(f"wants at least 2 classes; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        for place in range(1, len(shapes)):
            check_one_label_each_item(spec, shapes[place], place, shapes[0][0])
        param = spec.message.scale_param
        self.limits = param.min_value if param.HasField("min_value") else 0.0, (
            param.max_value if param.HasField("max_value") else torch.finfo(torch.float32).max)
        self.n_outputs = len(spec.tops)
        self.add_blob("s", (1,), filler(spec, PARAM, "filler", default=30.0))
        self.add_blob("m", (1,), constant(0.0), learnable=False)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0], (5,)][: self.n_outputs]

    def forward(self, x: Tensor, labels: Tensor, lengths: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        cosines, classes = x.flatten(1), labels.detach().long().reshape(-1, 1)
        check_classes(self, classes, cosines.shape[1])
        s = self._scale() if lengths is None else lengths.reshape(-1, 1)
        own = torch.arange(cosines.shape[1], device=x.device) == classes
        target, most, others = self._parts(cosines.detach(), s.detach(), own)
        if self.training:
            with torch.no_grad():
                self.m.copy_(next_margin(target - others, self.m))
        m = self.m.detach().clone()
        top = (torch.where(own & (m > 0), cosines - m, cosines) * s).view_as(x)
        if self.n_outputs == 1:
            return top
        return top, torch.stack([*(part.mean() for part in (s.detach(), target, others, most)), m[0].to(x.dtype)])

    def _scale(self) -> Tensor:
        """The scale within its limits, into which training brings the blob; its gradient is that of a scale without any."""
        s = self.blob("s")
        limited = s.detach().clamp(*self.limits)
        if self.training and not torch.equal(limited, s):
            with torch.no_grad():
                s.copy_(limited)
        return limited + (s - s.detach())

    def _parts(self, cosines: Tensor, s: Tensor, own: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """For each item its cosine at the label, the greatest elsewhere, and the log of the sum elsewhere, over s."""
        target = cosines.masked_select(own)
        elsewhere = cosines.masked_fill(own, -torch.inf)
        return target, elsewhere.amax(1), (elsewhere * s).logsumexp(1) / s.reshape(-1)


def next_margin(margins: Tensor, before: Tensor) -> Tensor:
    """The margin (1,) after a pass with these margins of items; 0 ``before`` is none yet. NaN changes nothing."""
    first = bool(before == 0)
    mean = margins.mean() if first else before[0].to(margins.dtype)
    for _ in range(20 if first else 1):
        near = (margins - mean).abs() < _NEAR
        last, mean = mean, (margins[near] if near.any() else margins).mean()
        if near.any() and (last - mean).abs() < _SETTLED:
            break
    found = mean if first else 0.9 * before[0] + 0.1 * mean
    return before if mean.isnan() else found.reshape(1)
