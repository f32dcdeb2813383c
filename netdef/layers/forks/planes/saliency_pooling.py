"""SaliencyPooling: the means of windows that a second blob finds salient. Of a pull request to BVLC/caffe (Montoya Obeso)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.pooling import padded_average_pool
from netdef.layers.pooling_window import read_window


@register("SaliencyPooling")
class SaliencyPooling(Layer):
    """Pooling by AVE, where the numbers of bottom 1 in a window add up to 0 the top is 0. ``pool`` has no effect.

    As on a GPU in January 2018, when the pull request read ``pooling_param``; on a CPU it pooled bottom 0 by MAX. The gradient
    is that of AVE in every window, as there; bottom 1 gets none.
    """

    n_bottoms = exactly(2)
    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        self.window = read_window(spec, shapes[0][2:])
        if self.window.dilation:
            raise spec.refuse("has `dilation`, which only Pooling takes", "pooling_param", "dilation", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self.window.places(bottoms[0][2:]))]

    def sizes(self, plane: Sequence[int]) -> tuple[Shape, Shape, Shape, Shape, Shape]:
        """Kernel, stride, padding before and after, and the top's sizes for a plane."""
        return (self.window.of(plane), self.window.stride, *self.window.padding(plane), self.window.places(plane))

    def forward(self, x: Tensor, saliency: Tensor) -> Tensor:
        return saliency_pool(x, saliency, *self.sizes(x.shape[2:]))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, saliency = bottoms
        sizes = ", ".join(str(tuple(pair)) for pair in self.sizes(x.shape[2:]))
        return TorchCode(f"saliency_pool({x}, {saliency}, {sizes})", functions=(padded_average_pool, saliency_pool))


def saliency_pool(
    x: Tensor, saliency: Tensor, kernel: tuple, stride: tuple, before: tuple, after: tuple, size: tuple
) -> Tensor:
    """Means of windows; 0 where the numbers of ``saliency`` add up to 0."""
    mean = padded_average_pool(x, kernel, stride, before, after, size, True)
    salient = padded_average_pool(saliency.detach(), kernel, stride, before, after, size, True) != 0
    return mean - mean.detach().masked_fill(salient, 0)
