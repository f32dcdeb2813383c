"""GeneralHingeLoss: a hinge for each number. Of shenyunhang's caffe-wsl."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("GeneralHingeLoss")
class GeneralHingeLoss(PairLoss):
    """The sum over N of ``max(1 - x, 0)`` where the label is 1, else of ``max(1 + x, 0)``, or with ``norm: L2`` of their squares.

    With ``ignore_label`` the numbers do not count whose place in the blob, over N, leaves this remainder, as in the fork.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.general_hinge_loss_param
        self.squares = param.norm == param.L2
        self.ignored: int = param.ignore_label

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        flat = x.flatten()
        away = F.relu(1 - torch.where(labels.detach().flatten() == 1, flat, -flat))
        if 0 <= self.ignored < len(x):
            away = away * (torch.arange(len(flat), device=x.device) % len(x) != self.ignored)
        return (away.square() if self.squares else away).sum() / len(x)
