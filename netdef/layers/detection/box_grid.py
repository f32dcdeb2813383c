"""BBTXTBB and BB3TXTBB: the corners of boxes from what a net predicts at each place. libornovax' thesis (Novak 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number

PARAM = "bbtxt_bb_param"


@register("BBTXTBB")
class BBTXTBB(Layer):
    """(N, 5, H, W), score and x1, y1, x2, y2 at each place, to the same with the corners in pixels of the image.

    A corner is the centre of its place, ``downsampling`` pixels wide and cut to a whole number, plus ``ideal_size`` times what
    is predicted less a half. The fork has no backward pass; the gradient is the exact one.
    """

    keeps_shape = True
    fresh_output = True
    family = "pointwise"
    channels = 5

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if shapes[0][1] != self.channels:
            raise spec.refuse(f"wants {self.channels} channels, a score and corners; its bottom has {shapes[0][1]}", "bottom", 0)
        param = spec.message.bbtxt_bb_param
        check_above_zero(spec, param.ideal_size, PARAM, "ideal_size")
        check_above_zero(spec, param.downsampling, PARAM, "downsampling")
        self.size, self.step = param.ideal_size, param.downsampling

    def forward(self, x: Tensor) -> Tensor:
        return boxes_of_grid(x, self.size, self.step)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"boxes_of_grid({bottoms[0]}, {number(self.size)}, {self.step})", functions=(boxes_of_grid,))


@register("BB3TXTBB")
class BB3TXTBB(BBTXTBB):
    """`BBTXTBB` of boxes in space: (N, 8, H, W), a score and seven numbers of corners, x y x y x y y."""

    channels = 8


def boxes_of_grid(x: Tensor, size: float, step: int) -> Tensor:
    """Boxes in pixels from (N, 5, H, W), or (N, 8, H, W) of `BB3TXTBB`; see `BBTXTBB`."""
    rows, columns = (((torch.arange(count, device=x.device) + 0.5) * step).floor().to(x.dtype) for count in x.shape[2:])
    across, down = columns.expand(x.shape[2:]), rows[:, None].expand(x.shape[2:])
    centres = (across, down) * 2 if x.shape[1] == 5 else (*(across, down) * 3, down)
    return torch.cat((x[:, :1], torch.stack(centres) + size * (x[:, 1:] - 0.5)), 1)
