"""Im2col: lay out the windows of a convolution as channels."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution_window import PARAM, check_fits, read_window
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Im2col")
class Im2col(Layer):
    """(*batch, channels, *spatial) to (*batch, channels * kernel elements, *places of the window).

    The window is that of ``convolution_param``, over zeros where it is padded; channels vary slowest, then the places
    within the kernel. ``axis`` is the channel axis; the axes before it are all batch.
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        shape = shapes[0]
        self.axis = canonical_axis(spec, spec.message.convolution_param.axis, len(shape), PARAM, "axis")
        spatial = shape[self.axis + 1 :]
        if not spatial:
            raise spec.refuse(f"wants a bottom with spatial axes; one of shape {shape} has none after axis {self.axis}",
                              "bottom", 0)
        self.window = read_window(spec, len(spatial))
        check_fits(spec, spatial, self.window)

    def forward(self, x: Tensor) -> Tensor:
        window = self.window
        return windows(x, self.axis, window.extent, window.stride, window.dilation, window.pad)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        window = self.window
        sizes = ", ".join(str(tuple(size)) for size in (window.extent, window.stride, window.dilation, window.pad))
        return TorchCode(f"windows({bottoms[0]}, {self.axis}, {sizes})", functions=(windows,))


def windows(
    x: Tensor, axis: int, extents: tuple[int, ...], strides: tuple[int, ...], dilations: tuple[int, ...], pads: tuple[int, ...]
) -> Tensor:
    """The windows of the axes after ``axis``, laid out as channels along it. An extent counts the gaps of the dilation."""
    first, n_spatial = axis + 1, len(extents)
    x = F.pad(x, [pad for pad in reversed(pads) for _ in range(2)])
    for i, (extent, stride, dilation) in enumerate(zip(extents, strides, dilations)):
        x = x.unfold(first + i, extent, stride)[..., ::dilation]
    # From (*batch, channels, *places, *kernel), the kernel moves behind the channels.
    x = x.movedim(tuple(range(-n_spatial, 0)), tuple(range(first, first + n_spatial)))
    return x.flatten(axis, axis + n_spatial)
