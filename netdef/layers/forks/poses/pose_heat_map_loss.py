"""PoseHeatMapLoss: a loss of maps of joints that counts few places without a joint. Of zimenglan's fork, for poses."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_same_shape, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "pose_heat_map_loss_param"
_NEEDED = "fg_eof", "bg_eof", "loss_emphase_type", "prob_num", "heat_score_thres", "parts_err_num_thres"
_LEAST = 1e-4  # a true value above it is of a joint


@register("PoseHeatMapLoss")
class PoseHeatMapLoss(Layer):
    """The sum of ``d^2``, d being weighted differences of maps x and true maps t, both (N, K, H, W).

    d is ``x - t`` times a weight of ``loss_emphase_type``. 0: 1. 1: 1 at joints, where t is above 1e-4, else 0. 2: ``fg_eof`` at
    joints, else 1. 3: 1 at joints; elsewhere ``bg_eof`` with a chance of ``ratio``, which ``bg_num`` gives as a number of places
    a map, else 0; but where x is at least ``heat_score_thres``, 1 with a chance of one in ``prob_num``. 4: 3 with ``fg_eof`` at
    joints. 5: 3, and of the places above that threshold the ``ratio`` H W with the largest ``x - t`` of a map count in any case.

    The gradient is ``d / N``, that of t ``-d / N``, and not that of the sum. A third bottom, (N, K, 1, 1), is a factor of it.
    """

    n_bottoms = between(2, 3)
    is_loss = True
    depends_on_data = True  # places are drawn, in TEST, too

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes[:2])
        if len(shapes) == 3 and (shapes[2][:2] != shapes[0][:2] or any(size != 1 for size in shapes[2][2:])):
            raise refuse_shapes(spec, shapes, 2, "the third has a number for each map")
        param = spec.message.pose_heat_map_loss_param
        for field in _NEEDED:
            if not param.HasField(field):
                raise spec.refuse(f"needs `{field}`", PARAM)
        check_positive(spec, param.prob_num, PARAM, "prob_num")
        if param.HasField("ratio") == param.HasField("bg_num"):
            raise spec.refuse("wants one of `ratio` and `bg_num`", PARAM)
        self.kind, self.at_joints, self.elsewhere = max(param.loss_emphase_type, 0), param.fg_eof, param.bg_eof
        if self.kind > 5:
            raise spec.refuse(f"has `loss_emphase_type` {self.kind}; it goes to 5", PARAM, "loss_emphase_type")
        self.chance, self.threshold = 1 / param.prob_num, param.heat_score_thres
        self.share, self.count = (param.ratio, 0) if param.HasField("ratio") else (0.0, int(param.bg_num))
        ratio = self._ratio(shapes[0])
        if not 0 < ratio <= 1:
            raise spec.refuse(f"counts a share of {ratio:g} of the places; it must be above 0 and at most 1", PARAM)

    def _ratio(self, shape: Sequence[int]) -> float:
        """The share of the places of maps of a shape."""
        return self.share or self.count / (shape[2] * shape[3])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, t: Tensor, mask: Tensor | None = None) -> Tensor:
        difference = (x - t).detach()
        difference = difference * self._weights(x.detach(), t.detach(), difference)
        gradient = difference / len(x)
        if mask is not None:
            gradient = gradient * mask.detach().flatten(2)[..., None]
        loss = with_gradient(difference.square().sum(), x, gradient)
        return loss + with_gradient(torch.zeros_like(loss), t, -gradient)

    def _weights(self, x: Tensor, t: Tensor, difference: Tensor) -> Tensor:
        joints = t > _LEAST
        if self.kind < 3:
            own, other = [(1.0, 1.0), (1.0, 0.0), (self.at_joints, 1.0)][self.kind]
            return torch.where(joints, own, other).to(x)
        drawn = torch.rand_like(x) < self._ratio(x.shape)
        hard = ~joints & ~drawn & (x >= self.threshold)
        kept = torch.rand_like(x) < self.chance
        if self.kind == 5:
            kept = kept | self._largest(difference.where(hard, float("-inf")))
        weights = torch.where(drawn, self.elsewhere, (hard & kept).to(x))
        return weights.where(~joints, self.at_joints if self.kind == 4 else 1.0)

    def _largest(self, numbers: Tensor) -> Tensor:
        """True for the largest numbers of each map, a ``ratio`` of it."""
        rows = numbers.flatten(2)
        order = rows.argsort(2, descending=True)
        chosen = torch.zeros_like(rows, dtype=torch.bool)
        return chosen.scatter(2, order[:, :, : int(rows.shape[2] * self._ratio(numbers.shape))], True).view_as(numbers)
