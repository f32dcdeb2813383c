"""MultiBoxFocalLoss: SSD's loss with the focal loss of classes. Of chuanqi305's fork of SSD (Lin et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.ssd.multibox_loss import MultiBoxLoss
from netdef.layers.forks.classification.focal_loss import focal


@register("MultiBoxFocalLoss")
class MultiBoxFocalLoss(MultiBoxLoss):
    """MultiBoxLoss whose softmax loss of a prior is ``-alpha (1 - p)^gamma log(p)``, p the softmax at its class.

    ``alpha`` is 0.25 and ``gamma`` 2 unless ``focal_loss_param`` gives others. With LOGISTIC it is MultiBoxLoss.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.focal_loss_param
        check_at_least(spec, param.gamma, 0, "focal_loss_param", "gamma")
        self.alpha, self.gamma = param.alpha, param.gamma

    def _confidence(self, scores: Tensor, labels: Tensor) -> Tensor:
        losses = super()._confidence(scores, labels)
        return losses if self.logistic else focal(losses, self.alpha, self.gamma)
