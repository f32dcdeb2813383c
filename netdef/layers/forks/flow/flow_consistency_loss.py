"""ConsistencyLoss: joints of two frames that move as the optical flow says. Of qxcv's fork (branch flow-consistency)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_batch, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("ConsistencyLoss")
class ConsistencyLoss(Layer):
    """``sum(|x + u - x'| + |y + v - y'|) / N`` over joints, (x, y) in one frame and (x', y') in the next.

    Bottoms: joints (N, 4 J, ...) as x, y, x', y' of each, and the flow (N, 2, H, W), which gets no gradient. (u, v) is the
    mean of the flow in the pixels of both places, cut off and clamped to the image. As in the fork, v in the place of the
    second is taken in the row of the first.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4, 1)
        check_same_batch(spec, shapes)
        if len(shapes[0]) < 2 or shapes[0][1] % 4:
            raise refuse_shapes(spec, shapes, 0, "it wants four numbers a joint along axis 1")
        if shapes[1][1] != 2 or 0 in shapes[1][2:]:
            raise refuse_shapes(spec, shapes, 1, "it wants a flow of two channels")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, joints: Tensor, flow: Tensor) -> Tensor:
        flow = flow.detach()
        x, y, x2, y2 = joints.reshape(len(joints), joints.shape[1] // 4, 4, -1).unbind(2)
        (column, column2), (row, row2) = (
            [a.detach().clamp(0, size - 1).long() for a in axis]
            for axis, size in (((x, x2), flow.shape[3]), ((y, y2), flow.shape[2])))
        image = torch.arange(len(flow), device=flow.device)[:, None, None]
        u = (flow[image, 0, row, column] + flow[image, 0, row2, column2]) / 2
        v = (flow[image, 1, row, column] + flow[image, 1, row, column2]) / 2
        return ((x + u - x2).abs() + (y + v - y2).abs()).sum() / len(joints)
