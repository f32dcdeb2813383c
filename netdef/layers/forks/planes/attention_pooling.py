"""AttPooling: weighted sums of windows, with weights from another blob. Of PiCANet (Liu et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "att_pooling_param"


@register("AttPooling")
class AttPooling(Layer):
    """(N, C, H, W) by weights (N, K K, rows, columns): (N, C, rows, columns), sums over K x K places.

    LOCAL: over the window of a convolution of ``kernel_size`` K with ``pad``, ``stride`` and ``dilation`` at each place, of which
    there are as many as weights. GLOBAL: over the same K x K places of the bottom, a square, for all; they are those of the
    only window, by default the whole bottom.
    """

    n_bottoms = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.att_pooling_param
        for index in range(2):
            check_axes(spec, shapes, 4, index)
        (n, _, *plane), (m, count, *places) = shapes
        self.everywhere = param.att_mode == param.GLOBAL
        if self.everywhere and (plane[0] != plane[1] or param.stride != 1):
            raise spec.refuse(f"is GLOBAL with a stride of {param.stride} on planes of {plane[0]} x {plane[1]}; that takes "
                              "squares, and a stride of 1", PARAM, "att_mode")
        if not param.HasField("kernel_size") and not (self.everywhere and param.dilation == 1):
            raise spec.refuse("needs a `kernel_size`", PARAM)
        self.kernel: int = param.kernel_size if param.HasField("kernel_size") else plane[0]
        for field in ("kernel_size", "stride", "dilation"):
            check_positive(spec, self.kernel if field == "kernel_size" else getattr(param, field), PARAM, field)
        self.pad, self.stride, self.dilation = param.pad, param.stride, param.dilation
        reach = (self.kernel - 1) * self.dilation + 1
        found = [(side + 2 * self.pad - reach) // self.stride + 1 for side in plane]
        if found != ([1, 1] if self.everywhere else places):
            raise spec.refuse(f"has {found[0]} x {found[1]} windows of {reach} x {reach} on planes of {plane[0]} x {plane[1]}; "
                              + ("GLOBAL wants one" if self.everywhere else f"the weights are for {places[0]} x {places[1]}"),
                              PARAM)
        if (m, count) != (n, self.kernel**2):
            raise refuse_shapes(spec, shapes, 1, f"it wants {self.kernel} x {self.kernel} weights for each place")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *bottoms[1][2:])]

    def forward(self, x: Tensor, weights: Tensor) -> Tensor:
        return weighted_windows(x, weights, self.kernel, self.dilation, self.pad, self.stride, self.everywhere)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        sizes = f"{self.kernel}, {self.dilation}, {self.pad}, {self.stride}, {self.everywhere}"
        return TorchCode(f"weighted_windows({bottoms[0]}, {bottoms[1]}, {sizes})", functions=(weighted_windows,))


def weighted_windows(
    x: Tensor, weights: Tensor, kernel: int, dilation: int, pad: int, stride: int, everywhere: bool
) -> Tensor:
    """Sums over windows of x by the weights of each place; ``everywhere``: there is one window, for all places."""
    windows = F.unfold(x, kernel, dilation, pad, stride).unflatten(1, (x.shape[1], kernel * kernel))
    shares = weights.flatten(2)
    sums = torch.matmul(windows[..., 0], shares) if everywhere else (windows * shares[:, None]).sum(2)
    return sums.unflatten(2, weights.shape[2:])
