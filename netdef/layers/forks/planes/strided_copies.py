"""Downsampling and Upsampling: a value of each window, and values with zeros between. Of YutingZhang's fork."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, read_pair
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Downsampling")
class Downsampling(Layer):
    """The upper left value of each window of ``kernel_size`` of (N, C, H, W), also of windows that reach beyond it.

    The fork's CPU adds to what the top held before, and its GPU does not; here nothing is added.
    """

    param_name = "downsampling_param"
    family = "windows"
    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = getattr(spec.message, self.param_name)
        kernel = read_pair(spec, param, "kernel_size", "kernel_h", "kernel_w", self.param_name)
        if kernel is None:
            raise spec.refuse("needs a `kernel_size`, or `kernel_h` and `kernel_w`",
                              *([self.param_name] if spec.message.HasField(self.param_name) else []))
        for size, name in zip(kernel, ("kernel_size",) * 2 if param.HasField("kernel_size") else ("kernel_h", "kernel_w")):
            check_positive(spec, size, self.param_name, name)
        self.kernel = kernel

    def forward(self, x: Tensor) -> Tensor:
        return x[..., :: self.kernel[0], :: self.kernel[1]].clone()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"{bottoms[0]}[..., ::{self.kernel[0]}, ::{self.kernel[1]}].clone()")


@register("Upsampling")
class Upsampling(Downsampling):
    """Each value in the upper left corner of a window of zeros of ``kernel_size``."""

    param_name = "upsampling_param"

    def forward(self, x: Tensor) -> Tensor:
        return spread_out(x, self.kernel)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"spread_out({bottoms[0]}, {self.kernel})", functions=(spread_out,))


def spread_out(x: Tensor, kernel: tuple) -> Tensor:
    """Values (N, C, H, W), each in the upper left corner of a window of zeros."""
    top = x.new_zeros(*x.shape[:2], x.shape[2] * kernel[0], x.shape[3] * kernel[1])
    top[..., :: kernel[0], :: kernel[1]] = x
    return top
