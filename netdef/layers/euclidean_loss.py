"""EuclideanLoss: half the squared distance. L1Loss, SVRLoss and AbsLoss, from forks: the sum of absolute differences.

MTCNNEuclideanLoss, from a fork, leaves items out.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("EuclideanLoss")
class EuclideanLoss(PairLoss):
    """``sum((a - b)^2) / (2 N)``, N the size of the first axis."""

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return True

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return F.mse_loss(a, b.reshape(a.shape), reduction="sum") / (2 * len(a))


@register("L1Loss")
class L1Loss(PairLoss):
    """``sum(|a - b|) / N``, N the size of the first axis. From NVIDIA's fork, for DetectNet."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return F.l1_loss(a, b.reshape(a.shape), reduction="sum") / len(a)


@register("SVRLoss")
class SVRLoss(L1Loss):
    """L1Loss in IQA_CNN, a pull request to BVLC/caffe, without a gradient for b."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return super().forward(a, b.detach())


@register("AbsLoss")
class AbsLoss(L1Loss):
    """L1Loss under its name in other forks, where places of which b, its fraction cut off, is ``ignore_label`` cost nothing."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        loss = spec.message.loss_param
        self.ignored = loss.ignore_label if loss.HasField("ignore_label") else None

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return True

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        b = b.reshape(a.shape)
        if self.ignored is not None:
            b = b.where(b.trunc() != self.ignored, a)
        return super().forward(a, b)


@register("MTCNNEuclideanLoss")
class MTCNNEuclideanLoss(EuclideanLoss):
    """EuclideanLoss. With an ``ignore_label``, the mean over the items whose label, in a third bottom, is another.

    Of caffe_latte (fireae). That mean's gradient is not divided by the items, as on the fork's GPU; its CPU adds to each item
    the distances of those before. Where no item counts the loss is 0, in the fork not a number.
    """

    n_bottoms = between(2, 3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:2])
        loss = spec.message.loss_param
        self.ignored = loss.ignore_label if loss.HasField("ignore_label") else None
        if len(shapes) != (2 if self.ignored is None else 3):
            raise spec.refuse(f"has {len(shapes)} bottoms; it takes a third with an `ignore_label`, and only then", "bottom")
        if self.ignored is not None:
            check_one_label_each_item(spec, shapes[2], 2, shapes[0][0])

    def forward(self, a: Tensor, b: Tensor, labels: Tensor | None = None) -> Tensor:
        if labels is None or self.ignored is None:
            return super().forward(a, b)
        counts = labels.detach().flatten().ne(self.ignored).to(a.dtype)
        distances = (a - b.reshape(a.shape)).flatten(1).square().sum(1) * counts / 2
        total = distances.sum()
        mean = total.detach() / counts.sum().clamp(min=1)
        return total + (mean - total).detach()
