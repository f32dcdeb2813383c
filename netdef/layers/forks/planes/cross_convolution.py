"""CrossConvolution: the products of all windows of two blobs. Of pulkitag's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution_window import PARAM, read_window
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("CrossConvolution")
class CrossConvolution(Layer):
    """Two bottoms (N, C, H, W) to (N, rows * columns, rows, columns): bottom 1 convolved with the windows of bottom 0.

    Channel p holds the products of window p of bottom 0, row by row, with the windows of bottom 1. The windows are those of a
    ``convolution_param``, which must say ``bias_term: false`` and have no ``num_output``.
    """

    n_bottoms = exactly(2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.convolution_param
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        if param.bias_term or param.num_output or param.group != 1:
            raise spec.refuse("wants `bias_term: false`, no `num_output` and one group: windows of bottom 0 are its weights",
                              PARAM)
        self.window = read_window(spec, 2)
        self.size = self.window.places(shapes[0][2:], False)
        if min(self.size) < 1:
            raise spec.refuse(f"has a kernel of {self.window.kernel}, larger than its bottoms of shape {shapes[0]} with padding",
                              PARAM)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.size[0] * self.size[1], *self.size)]

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return products_of_windows(x, y, *self.window, self.size)

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        n, p, rows, columns = tops[0]
        return n * p * rows * columns * bottoms[0][1] * self.window.kernel[0] * self.window.kernel[1]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        numbers = ", ".join(map(str, self.window))
        call = f"products_of_windows({bottoms[0]}, {bottoms[1]}, {numbers}, {self.size})"
        return TorchCode(call, functions=(products_of_windows,))


def products_of_windows(
    x: Tensor, y: Tensor, kernel: tuple[int, ...], stride: tuple[int, ...], pad: tuple[int, ...], dilation: tuple[int, ...],
    size: tuple[int, ...],
) -> Tensor:
    """The sums of products of each window of ``x`` with each of ``y``."""
    of_x, of_y = (F.unfold(blob, kernel, dilation, pad, stride) for blob in (x, y))
    return (of_x.transpose(1, 2) @ of_y).unflatten(2, size)
