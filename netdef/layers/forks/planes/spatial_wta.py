"""SpatialWta: the winners of windows. Of t2mhanh's fork for autoencoders in which the winner takes all."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_both
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "spatial_wta_param"


@register("SpatialWta")
class SpatialWta(Layer):
    """x (N, C, H, W) at the places of greatest absolute value of a window, and 0 elsewhere; of equals the first wins.

    Windows stand within the plane, ``stride`` apart; with ``global_wta`` the plane is the only one. The optional second top is 1
    at the winners' places, else 0.
    """

    n_tops = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.spatial_wta_param
        check_axes(spec, shapes, 4)
        sizes = [name for name in ("kernel_size", "kernel_h", "kernel_w") if param.HasField(name)]
        if param.global_wta:
            if sizes:
                raise refuse_both(spec, "global_wta", sizes[0], PARAM, sizes[0])
            if (param.stride, param.stride_h or 1, param.stride_w or 1) != (1, 1, 1):
                raise spec.refuse("has one window with `global_wta`, so a stride of 1", PARAM, "global_wta")
        elif sizes not in (["kernel_size"], ["kernel_h", "kernel_w"]):
            raise spec.refuse("wants `kernel_size`, or `kernel_h` and `kernel_w`, or `global_wta: true`", PARAM)
        if param.HasField("stride_h") != param.HasField("stride_w"):
            raise spec.refuse("wants `stride_h` and `stride_w`, or neither", PARAM)
        for name in sizes:
            check_positive(spec, getattr(param, name), PARAM, name)
        self.kernel = (param.kernel_h or param.kernel_size, param.kernel_w or param.kernel_size)
        self.stride = (param.stride_h, param.stride_w) if param.HasField("stride_h") else (param.stride,) * 2
        self.whole: bool = param.global_wta
        for name, size in zip(("stride_h", "stride_w") if param.HasField("stride_h") else ("stride",), self.stride):
            check_positive(spec, size, PARAM, name)
        if not self.whole and (self.kernel[0] > shapes[0][2] or self.kernel[1] > shapes[0][3]):
            raise spec.refuse(f"has a window of {self.kernel}, larger than a plane of {shapes[0][2:]}", PARAM)
        self.shows_winners = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [bottoms[0]] * (2 if self.shows_winners else 1)

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        won = winners(x, *self.window(x.shape))
        return (x * won, won) if self.shows_winners else x * won

    def window(self, shape: Sequence[int]) -> tuple[tuple[int, int], tuple[int, int]]:
        """The sides and strides of a window."""
        return ((shape[2], shape[3]), (1, 1)) if self.whole else (self.kernel, self.stride)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        kernel, stride = self.window(bottoms[0].shape)
        x, call = bottoms[0], f"winners({bottoms[0]}, {kernel}, {stride})"
        return TorchCode(f"{x} * {call}, {call}" if self.shows_winners else f"{x} * {call}", functions=(winners,))


def winners(x: Tensor, kernel: tuple[int, int], stride: tuple[int, int]) -> Tensor:
    """1 at the place of greatest absolute value of each window, else 0."""
    _, places = F.max_pool2d(x.detach().abs(), kernel, stride, return_indices=True)
    return torch.zeros_like(x).flatten(2).scatter(2, places.flatten(2), 1.0).reshape(x.shape)
