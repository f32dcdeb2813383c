"""PlaneTurn and SRNNFormat: planes for recurrent layers that run along their rows. DSCLRCN (nian-liu), caffe_latte (fireae)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("PlaneTurn")
class PlaneTurn(Layer):
    """Planes (N, C, H, W) mirrored, columns in the opposite order, then turned clockwise; UNTRANSFORM turns and mirrors back.

    The forks call it SpatialTransformer, with ``spatialtransformer_param``; without it that is the layer of `spatial_sampling`.
    """

    family = "shape"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.spatialtransformer_param
        self.mirrors: bool = param.mirror
        self.back = param.operation == param.UNTRANSFORM
        self.quarters: int = param.rotate if self.back else -param.rotate  # against the clock

    def forward(self, x: Tensor) -> Tensor:
        if self.mirrors and not self.back:
            x = x.flip(3)
        top = x.rot90(self.quarters, (2, 3))
        return top.flip(3) if self.mirrors and self.back else top

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        before, after = (".flip(3)" if self.mirrors and self.back == last else "" for last in (False, True))
        return TorchCode(f"{bottoms[0]}{before}.rot90({self.quarters}, (2, 3)){after}")


@register("SRNNFormat")
class SRNNFormat(Layer):
    """Rows of planes (N, C, H, W) as sequences (W, N H, C), or back.

    FORMAT gives them, markers (W, N H), 0 at the first step and 1 after, and the number H. UNFORMAT takes sequences and such a
    number, which must be the third top of a layer with FORMAT: the net's definition adds the bottom of that layer as a third one,
    whose shape says H.
    """

    n_bottoms = between(1, 3)
    n_tops = between(1, 3)
    family = "shape"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.back = spec.message.srnnformat_param.operation == spec.message.srnnformat_param.UNFORMAT
        bottoms, tops = (2, 1) if self.back else (1, 3)
        if min(len(shapes), 2) != bottoms or len(spec.tops) != tops:
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(spec.tops)} tops; with "
                              f"{'UNFORMAT' if self.back else 'FORMAT'} it wants {bottoms} and {tops}", "bottom")
        check_axes(spec, shapes, 3 if self.back else 4)
        if not self.back:
            return
        if len(shapes) == 2:
            raise spec.refuse("wants as its second bottom the third top of an earlier SRNNFormat layer with FORMAT", "bottom", 1)
        if shapes[0][1] % shapes[2][2]:
            raise refuse_shapes(spec, shapes, 0, f"the sequences must be those of planes with {shapes[2][2]} rows")

    def forward(self, x: Tensor, *more: Tensor) -> Tensor | tuple[Tensor, ...]:
        return sequences_to_planes(x, more[1].shape[2]) if self.back else planes_to_sequences(x)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.back:
            return TorchCode(f"sequences_to_planes({bottoms[0]}, {bottoms[2]}.shape[2])", functions=(sequences_to_planes,))
        return TorchCode(f"planes_to_sequences({bottoms[0]})", functions=(planes_to_sequences,))


def planes_to_sequences(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Planes (N, C, H, W) as sequences (W, N H, C), their markers, and H."""
    n, channels, height, width = x.shape
    sequences = x.permute(3, 0, 2, 1).reshape(width, n * height, channels)
    markers = (torch.arange(width, device=x.device) > 0).to(x).unsqueeze(1).repeat(1, n * height)
    return sequences, markers, x.new_full((), height)


def sequences_to_planes(x: Tensor, height: int) -> Tensor:
    """Sequences (W, N H, C) as planes (N, C, H, W)."""
    return x.unflatten(1, (-1, height)).permute(1, 3, 2, 0)
