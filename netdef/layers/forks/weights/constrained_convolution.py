"""Convolution whose kernels see only earlier diagonals. CCN (Li et al. 2020), limuhit's fork."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution import Convolution
from netdef.layers.convolution_window import PARAM
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("Convolution", when=lambda spec: bool(spec.message.convolution_param.constrain))
class ConstrainedConvolution(Convolution):
    """Convolution in which weights on later diagonals count as 0, so that an output depends on earlier codes alone.

    With i, j a place of a k x k kernel, a weight counts where i + j + channel // group_in is below output // group_out + k - 1
    (``constrain: 5``), or not above it (``constrain: 6``).
    """

    keep: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.convolution_param, self.weight.shape
        if param.constrain not in (5, 6) or len(shape) != 4 or shape[2] != shape[3]:
            raise spec.refuse(f"has `constrain` {param.constrain} and kernels {tuple(shape[2:])}; 5 and 6 are implemented, for "
                              "square kernels", PARAM, "constrain")
        for field in ("group_in", "group_out"):
            check_positive(spec, getattr(param, field), PARAM, field)
        latest = 0 if param.constrain == 6 else -1
        self.add_constant("keep", shape, partial(_fill, groups=(param.group_out, param.group_in), latest=latest))

    def blob(self, name: str) -> Tensor:
        value = super().blob(name)
        return torch.where(self.keep > 0, value, 0) if name == "weight" else value


def _fill(keep: Tensor, groups: tuple[int, int], latest: int) -> None:
    """Set each number of a weight's shape to whether it counts."""
    outputs, channels, side, _ = keep.shape
    output, channel = (torch.arange(count, device=keep.device) // group for count, group in zip((outputs, channels), groups))
    place = torch.arange(side, device=keep.device)
    diagonal = channel[:, None, None] + place[:, None] + place - (side - 1)
    keep.copy_(diagonal - output[:, None, None, None] <= latest)
