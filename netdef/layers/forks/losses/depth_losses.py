"""BerhuLoss, EuclideanfcnLoss and the ScaleInvariant losses: depth maps compared. Of Akrit2013's fork, after Eigen 2014."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from google.protobuf.message import Message
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_axes, check_same_shape, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_LEAST = float(torch.finfo(torch.float32).tiny)


class _DepthLoss(PairLoss):
    """A loss of the differences d = x - t of maps (N, C, H, W), where t is valid. Both get a gradient."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)


@register("EuclideanfcnLoss")
class EuclideanfcnLoss(_DepthLoss):
    """``sum d^2 / 2`` over the number of values at places where a channel of t is at least 0.001; d is 0 at the others.

    As in the fork the gradient is d over N.
    """

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return _of_places(x - t, x - t, (t < 0.001).all(1, keepdim=True), len(x))


@register("BerhuLoss")
class BerhuLoss(_DepthLoss):
    """``sum d^2 / 2`` over the number of values at valid places, after d below C in size, but for 0, has become C, or -C.

    C is ``c_rate`` times the greatest size of d, or with ``c_rate_mode: AVE`` times the mean. With ``h_rate``, whatever its
    value, all greater d become C, too, as in the fork. A place is valid unless each of its labels is above ``max_label``, below
    ``min_label``, or within 0.0001 of ``invalid_label``; d is 0 elsewhere.

    As in the fork the gradient is the changed d over N, or with ``normalize`` over the number of all values.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.berhu_param
        self.rule = _Berhu(param, param.c_rate)
        self.bounds = (param.min_label if param.HasField("min_label") else -math.inf,
                       param.max_label if param.HasField("max_label") else math.inf)
        self.invalid = param.invalid_label if param.HasField("invalid_label") else None
        self.divisor = math.prod(shapes[0]) if param.normalize else shapes[0][0]

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        bad = (t < self.bounds[0]) | (t > self.bounds[1])
        if self.invalid is not None:
            bad = bad | ((t - self.invalid).abs() < 0.0001)
        return _of_places(x - t, self.rule.changed(x - t), bad.all(1, keepdim=True), self.divisor)


@register("ScaleInvariantLoss")
class ScaleInvariantLoss(_DepthLoss):
    """``sum d^2 / (2 n)`` less ``delta / (2 N)`` times the sum over items of ``(sum d / n of the item)^2``, of one channel.

    n counts the values with labels within ``min_label``, which with ``max_label`` alone is the least float, and ``max_label``; d
    is 0 elsewhere. With ``adjust_pixel_num: false`` it counts all. As in the fork values that are not valid get the gradient of
    the second part.
    """

    param_name: ClassVar[str] = "scale_invariant_param"
    of_logs: ClassVar[bool] = False
    sign: ClassVar[int] = -1

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if shapes[0][1] != 1:
            raise refuse_shapes(spec, shapes, 0, "it wants one channel")
        param = getattr(spec.message, self.param_name)
        self.delta: float = param.delta
        self.bounded = param.HasField("min_label") or param.HasField("max_label")
        self.least = param.min_label if param.HasField("min_label") else _LEAST
        self.most = param.max_label if param.HasField("max_label") else torch.finfo(torch.float32).max
        self.adjusts: bool = param.adjust_pixel_num

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        if self.of_logs:
            x = self.within(x) if self.bounded else x
            difference, values = x.detach().log() - t.detach().log(), x.log() - t.log()
        else:
            difference, values = x.detach() - t.detach(), x - t
        valid = (t >= self.least) & (t <= self.most) if self.bounded else torch.ones_like(t, dtype=torch.bool)
        difference = self.changed(difference, valid)
        counts = valid.flatten(1).sum(1) if self.adjusts else torch.full((len(x),), t[0].numel(), device=t.device)
        means = difference.flatten(1).sum(1) / counts
        of_items = self.delta / len(x) * means
        loss = difference.square().sum() / counts.sum() / 2 + self.sign * (of_items * means).sum() / 2
        slope = difference / counts.sum() - (of_items / counts).reshape(-1, 1, 1, 1)
        return with_gradient(loss, values, slope)

    def within(self, x: Tensor) -> Tensor:
        """x within the bounds of labels, with a gradient everywhere."""
        return with_gradient(x.detach().clamp(self.least, self.most), x, torch.ones_like(x))

    def changed(self, difference: Tensor, valid: Tensor) -> Tensor:
        """The differences as the loss takes them."""
        return difference.where(valid, 0)


@register("ScaleInvariantLogLoss")
class ScaleInvariantLogLoss(ScaleInvariantLoss):
    """`ScaleInvariantLoss` of ``d = log x - log t``; with bounds x is brought within them. As in the fork its second part is
    added to the loss, while the gradient is that of a loss less it."""

    of_logs = True
    sign = 1


@register("ScaleInvariantBerhuLoss")
class ScaleInvariantBerhuLoss(ScaleInvariantLoss):
    """`ScaleInvariantLoss` with the second part added to the loss, not its gradient, and valid d changed first, given bounds.

    Those of at most C in size, but above ``c_boundary``, become C, or -C; with ``h_rate`` those above H become H, or -H. C and H
    are ``c_rate`` and ``h_rate`` times the greatest size of all d, or with ``c_rate_mode: AVE`` their mean.
    """

    param_name = "scale_invariant_berhu_param"
    sign = 1

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.scale_invariant_berhu_param
        self.rule = _Berhu(param, param.h_rate, abs(param.c_boundary))

    def changed(self, difference: Tensor, valid: Tensor) -> Tensor:
        return self.rule.changed(difference).where(valid, 0) if self.bounded else difference


@register("ScaleInvariantLogBerhuLoss")
class ScaleInvariantLogBerhuLoss(ScaleInvariantBerhuLoss):
    """`ScaleInvariantBerhuLoss` of logs, as in `ScaleInvariantLogLoss`. d change with bounds or not, by C and H of valid ones."""

    of_logs = True

    def changed(self, difference: Tensor, valid: Tensor) -> Tensor:
        return self.rule.changed(difference.where(valid, 0))


class _Berhu:
    """The rule that raises small differences to ``c_rate`` times the largest or mean one, and cuts large ones to ``h_rate``."""

    def __init__(self, param: Message, h_rate: float, boundary: float = 0.0):
        self.c_rate: float = param.c_rate  # type: ignore[attr-defined]
        self.h_rate = h_rate if param.HasField("h_rate") else None
        self.of_mean = param.c_rate_mode == param.AVE  # type: ignore[attr-defined]
        self.boundary = boundary

    def changed(self, difference: Tensor) -> Tensor:
        """The differences after the change."""
        size = difference.detach().abs()
        scale = size.mean() if self.of_mean else size.max()
        low = abs(self.c_rate) * scale
        grown = low.where((size <= low) & (size > self.boundary), size)
        if self.h_rate is not None:
            high = abs(self.h_rate) * scale
            grown = high.where((size > low) & (size > high), grown)
        return difference.detach().sign() * grown


def _of_places(difference: Tensor, changed: Tensor, bad: Tensor, divisor: int) -> Tensor:
    """Half the sum of squares over the number of values at places that are not bad, with the gradient ``changed / divisor``."""
    changed = changed.detach().where(~bad, 0)
    count = (~bad).sum() * changed.shape[1]
    return with_gradient(changed.square().sum() / 2 / count, difference, changed / divisor)
