"""KernelLoss: a contrastive loss by a Gaussian kernel. Of AdvKin (Nicole1990)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_same_shape
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "kernel_loss_param"


@register("KernelLoss")
class KernelLoss(Layer):
    """The mean of ``1 - exp(-|a - b|^2 / (2 sigma_sq))``, negative for pairs of items with one label.

    Bottoms: items a and b, the labels of each. So the loss draws pairs of unlike labels together and drives those of one
    label apart, as in the fork. Its gradient there is 0 for more than one pair, by a division of whole numbers; here it is
    the derivative.
    """

    n_bottoms = exactly(4)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_same_shape(spec, shapes[:2])
        for place in (2, 3):
            check_one_label_each_item(spec, shapes[place], place, shapes[0][0])
        param = spec.message.kernel_loss_param
        check_above_zero(spec, param.sigma_sq, PARAM, "sigma_sq")
        self.width: float = 2 * param.sigma_sq

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, a: Tensor, b: Tensor, labels: Tensor, others: Tensor) -> Tensor:
        far = -((a - b).flatten(1).square().sum(1) / -self.width).expm1()
        alike = labels.detach().long().flatten() == others.detach().long().flatten()
        return far.where(~alike, -far).mean()
