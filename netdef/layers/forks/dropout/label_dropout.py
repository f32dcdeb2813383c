"""LabelDropout: predictions of which only some negatives count in a loss. xiaolonw's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_axes, check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "label_drop_param"


@register("LabelDropout")
class LabelDropout(Layer):
    """Maps of predictions, the first bottom, where they count, elsewhere the labels, the second: both (N, C, H, W).

    In each map count those of label 1, and ``drop_neg_ratio`` times as many of label 0, or all if there are no more. Of these,
    the share ``hard_ratio`` is drawn from that many predictions of the greatest size, the share ``rand_ratio`` from the rest. In
    TEST they are drawn, too. The labels get no gradient.
    """

    n_bottoms = exactly(2)
    keeps_shape = True
    depends_on_data = True
    family = "norm"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        param = spec.message.label_drop_param
        for field in ("drop_neg_ratio", "hard_ratio", "rand_ratio"):
            check_at_least(spec, getattr(param, field), 0, PARAM, field)
        if param.hard_ratio + param.rand_ratio > 1:
            raise spec.refuse(f"has `hard_ratio` {param.hard_ratio:g} and `rand_ratio` {param.rand_ratio:g}, more than 1 in all",
                              PARAM, "rand_ratio")
        self.ratio, self.hard, self.others = param.drop_neg_ratio, param.hard_ratio, param.rand_ratio

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        labels = labels.detach()
        counts = torch.stack([self._counting(*maps) for maps in zip(x.detach().flatten(0, 1), labels.flatten(0, 1), strict=True)])
        return torch.where(counts.reshape(x.shape), x, labels.to(x.dtype))

    def _counting(self, x: Tensor, labels: Tensor) -> Tensor:
        """Which places (H, W) of a map count."""
        counts = (labels == 1).flatten()
        (negatives,) = torch.where(labels.flatten() == 0)
        wanted = int(counts.sum() * self.ratio)
        if wanted >= len(negatives):
            counts[negatives] = True
            return counts.reshape(x.shape)
        hardest = negatives[x.flatten()[negatives].abs().argsort(descending=True)]
        mixed = hardest[:wanted][torch.randperm(wanted, device=x.device)]
        hard, others = int(wanted * self.hard), int(wanted * self.others)
        rest = torch.cat((hardest[wanted:], mixed[hard : hard + others]))
        counts[mixed[:hard]] = True
        counts[rest[torch.randperm(len(rest), device=x.device)[:others]]] = True
        return counts.reshape(x.shape)
