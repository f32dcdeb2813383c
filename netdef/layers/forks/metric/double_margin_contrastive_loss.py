"""DoubleMarginContrastiveLoss, of a pull request to BVLC/caffe of 2016: a contrastive loss that leaves near like pairs alone."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.contrastive_loss import PairDistanceLoss, softened_root
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("DoubleMarginContrastiveLoss")
class DoubleMarginContrastiveLoss(PairDistanceLoss):
    """The sum of ``max(0, d - margin_gen)^2`` over like pairs and ``max(0, margin_imp - d)^2`` over unlike ones, over 2 N.

    Bottoms and the softened gradient of a distance d are those of ContrastiveLoss.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.double_margin_contrastive_loss_param
        self.near: float = param.margin_gen
        self.far: float = param.margin_imp

    def costs(self, squared: Tensor, like: Tensor) -> Tensor:
        distance = softened_root(squared)
        return F.relu(torch.where(like, distance - self.near, self.far - distance)).square()
