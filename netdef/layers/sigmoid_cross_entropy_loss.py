"""SigmoidCrossEntropyLoss: the cross-entropy of independent yes-or-no predictions."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.checks import check_axes
from netdef.layers.core.loss_normalizer import Normalizer
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("SigmoidCrossEntropyLoss")
class SigmoidCrossEntropyLoss(PairLoss):
    """``-t log(s(x)) - (1 - t) log(1 - s(x))`` with targets t from 0 to 1 and the sigmoid s, summed, divided.

    The divisor is `Normalizer`'s, BATCH_SIZE (the size of the first axis) by default, unlike SoftmaxWithLoss. A target
    is ignored when it is ``ignore_label`` after its fraction is cut off: with label 0 that takes 0.7 as well. A third bottom,
    from ARL's fork (Shao et al. 2019), has a weight for each target; the divisor knows nothing of them.
    """

    n_bottoms = between(2, 3)
    answer_type = "Sigmoid"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.normalizer = Normalizer(spec, default="BATCH_SIZE")

    def forward(self, x: Tensor, targets: Tensor, weights: Tensor | None = None) -> Tensor:
        targets = targets.reshape(x.shape).to(x.dtype)
        ignored = self.normalizer.ignored(targets)
        weights = None if weights is None else weights.detach().reshape(x.shape).to(x.dtype)
        losses = F.binary_cross_entropy_with_logits(x, targets, weights, reduction="none")
        if ignored is not None:
            losses.masked_fill_(ignored, 0)
        return self.normalizer.reduce(losses, len(x), ignored)


@register("MultiLabelSigmoidLoss")
class MultiLabelSigmoidLoss(PairLoss):
    """SigmoidCrossEntropyLoss without targets below 0, the mean over the others. Of jolibrain's fork (DeepDetect).

    The optional second top is the sigmoid. The fork's gradient on the CPU is divided by N; here by what the loss is divided by,
    as on its GPU.
    """

    n_tops = between(1, 2)
    answer_type = "Sigmoid"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.with_probabilities = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), bottoms[0]][: 1 + self.with_probabilities]

    def forward(self, x: Tensor, targets: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        targets = targets.detach().reshape(x.shape).to(x.dtype)
        known = (targets >= 0).to(x.dtype)
        total = F.binary_cross_entropy_with_logits(x, targets * known, known, reduction="sum")
        loss = total / known.sum().clamp(min=1)
        return (loss, x.sigmoid()) if self.with_probabilities else loss


@register("NormalizedSigmoidCrossEntropyLoss")
class NormalizedSigmoidCrossEntropyLoss(PairLoss):
    """SigmoidCrossEntropyLoss of maps (N, C, H, W), divided by N H W. FastMask (Hu et al. 2017)."""

    answer_type = "Sigmoid"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)

    def forward(self, x: Tensor, targets: Tensor) -> Tensor:
        total = F.binary_cross_entropy_with_logits(x, targets.reshape(x.shape).to(x.dtype), reduction="sum")
        return total / (len(x) * x.shape[2] * x.shape[3])
