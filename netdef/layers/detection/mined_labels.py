"""OnlineHardMine, OnlineHardMineV2 and OnlineRandomMine, of GuohongWu's fork: places of label maps left out of a loss."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_NEGATIVE = 0.1
_LEAST = 10


class _HardMine(Layer):
    """The base of both: bottoms scores (N, C, H, W) and labels (N, 1, H, W). The top is the labels, without a gradient.

    A label below 0.1 becomes -1, or 0 at the places, of the chosen ones, of the lowest scores of channel 0.
    """

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        wanted = (shapes[0][0], 1, *shapes[0][2:])
        if shapes[1] != wanted:
            raise refuse_shapes(spec, shapes, 1, f"the labels must have shape {wanted}")
        self.places = math.prod(shapes[0][2:])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[1:]

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        flat = labels.detach().flatten(1)
        negative = flat < _NEGATIVE
        ranks = scores.detach()[:, 0].flatten(1).masked_fill(~negative, math.inf).argsort(dim=1, stable=True).argsort(1)
        kept = self.kept(ranks, (flat > 0).sum(1, keepdim=True), negative.sum(1, keepdim=True))
        return torch.where(negative, torch.where(kept, 0, -1), flat).to(labels.dtype).view_as(labels)

    def kept(self, ranks: Tensor, positives: Tensor, negatives: Tensor) -> Tensor:
        """True at the places that become 0, by their ranks (N, places) from the lowest score, and the counts (N, 1)."""
        raise NotImplementedError


@register("OnlineHardMine")
class OnlineHardMine(_HardMine):
    """Labels with some of those below 0.1 set to 0 and the rest of these to -1; other labels stay.

    They become 0 at the ``k = resample_ratio H W`` places with the lowest scores of channel 0, without the ``post_n_ratio k + 1``
    of these with the highest scores. k and that product are rounded down; with a k of 0 all labels stay. Bottoms: scores
    (N, C, H, W) and labels (N, 1, H, W). No gradient.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.online_hard_mine_param
        if param.resample_ratio < 0:
            raise spec.refuse(f"has `resample_ratio` {param.resample_ratio:g}; it must be at least 0",
                              "online_hard_mine_param", "resample_ratio")
        if not 0 <= param.post_n_ratio < 1:
            raise spec.refuse(f"has `post_n_ratio` {param.post_n_ratio:g}; it must be from 0 to below 1",
                              "online_hard_mine_param", "post_n_ratio")
        self.count = math.floor(param.resample_ratio * self.places)
        self.dropped = math.floor(self.count * param.post_n_ratio) + 1

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        return super().forward(scores, labels) if self.count else labels.detach().clone()

    def kept(self, ranks: Tensor, positives: Tensor, negatives: Tensor) -> Tensor:
        return ranks < negatives.clamp(max=self.count) - self.dropped


@register("OnlineHardMineV2")
class OnlineHardMineV2(_HardMine):
    """As OnlineHardMine with another k, and other labels that become -1 after all.

    k is ``neg_vs_pos_ratio`` times the number of labels above 0 of the item, and at least 10. Of the k labels the
    ``top_ignore_ratio k`` with the lowest scores become -1. Both are rounded.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.online_hard_mine_v2_param
        if shapes[0][1] != 2:
            raise refuse_shapes(spec, shapes, 0, "the scores have 2 channels")
        self.ratio, self.dropped = param.neg_vs_pos_ratio, param.top_ignore_ratio
        if self.ratio < 0:
            raise spec.refuse(f"has `neg_vs_pos_ratio` {self.ratio:g}; it must be at least 0",
                              "online_hard_mine_v2_param", "neg_vs_pos_ratio")
        if not 0 <= self.dropped <= 1:
            raise spec.refuse(f"has `top_ignore_ratio` {self.dropped:g}; it must be from 0 to 1",
                              "online_hard_mine_v2_param", "top_ignore_ratio")

    def kept(self, ranks: Tensor, positives: Tensor, negatives: Tensor) -> Tensor:
        count = torch.minimum((self.ratio * positives + 0.5).floor().clamp(min=_LEAST), negatives)
        return (ranks < count) & (ranks >= (self.dropped * count + 0.5).floor())


@register("OnlineRandomMine")
class OnlineRandomMine(Layer):
    """Labels of which some are drawn: those above 0 become 1, those of 0 stay 0, and all that are not drawn become -1.

    In each item ``sample_size / 2`` of either kind are drawn, or all if there are fewer.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        size = spec.message.online_random_mine_param.sample_size
        check_positive(spec, size, "online_random_mine_param", "sample_size")
        self.most = size // 2

    def forward(self, labels: Tensor) -> Tensor:
        flat = labels.detach().flatten(1)
        drawn = torch.rand(flat.shape, device=flat.device)
        top = torch.full_like(flat, -1)
        for group, label in ((flat > 0, 1), (flat == 0, 0)):
            ranks = drawn.masked_fill(~group, 2).argsort(1).argsort(1)
            top = top.masked_fill(group & (ranks < self.most), label)
        return top.view_as(labels)
