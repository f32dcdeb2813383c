"""MVN: bring each image to mean 0 and variance 1."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number


@register("MVN")
class MVN(Layer):
    """``(x - mean) / (deviation + eps)`` over each channel of each image, or with ``across_channels`` over each image.

    With ``normalize_variance: false`` only the mean is taken away. ``eps`` is added to the deviation, not to the
    variance as in BatchNorm; with ``add_eps_before_sqrt``, from Synopsys' fork, to the variance. The top has the 4 axes
    (batch, channels, height, width), as in Caffe; a bottom with fewer gets axes of size 1 at its end, so that without
    ``across_channels`` one of 2 axes becomes all zeros. Where all numbers are equal the gradient is that of taking the
    mean away, divided by ``eps``. Elsewhere it is exact; Caffe's leaves out that the deviation in it is one without
    ``eps``, which shows when ``eps`` is large.
    """

    fresh_output = True
    family = "norm"
    needs_float32 = True  # squares overflow float16

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.mvn_param, shapes[0]
        if not 1 <= len(shape) <= 4:
            raise spec.refuse(f"wants a bottom of 1 to 4 axes, (batch, channels, height, width); it has shape {shape}",
                              "bottom", 0)
        self.axes = (1, 2, 3) if param.across_channels else (2, 3)
        self.eps: float | None = param.eps if param.normalize_variance else None
        self.on_variance: bool = param.add_eps_before_sqrt

    def forward(self, x: Tensor) -> Tensor:
        """The bottom (batch, channels, height, width), normalised."""
        x = x.reshape(x.shape + (1,) * (4 - x.ndim))
        x = x - x.mean(self.axes, keepdim=True)
        if self.eps is None:
            return x
        if self.on_variance:
            return x / (x.square().mean(self.axes, keepdim=True) + self.eps).sqrt()
        # By way of the norm, whose gradient at 0 is 0; that of a square root would be infinite.
        norm = torch.linalg.vector_norm(x, dim=self.axes, keepdim=True)
        return x / (norm / math.sqrt(math.prod([x.shape[axis] for axis in self.axes])) + self.eps)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        eps = None if self.eps is None else number(self.eps)
        place = ", True" if self.on_variance else ""
        return TorchCode(f"mean_variance_norm({bottoms[0]}, {self.axes}, {eps}{place})", functions=(mean_variance_norm,))


def mean_variance_norm(x: Tensor, axes: tuple, eps: float | None, on_variance: bool = False) -> Tensor:
    """Caffe's MVN: ``eps`` is added to the deviation, or to the variance; None leaves the variance as it is."""
    x = x.reshape(x.shape + (1,) * (4 - x.ndim))
    x = x - x.mean(axes, keepdim=True)
    if eps is None:
        return x
    variance = x.square().mean(axes, keepdim=True)
    return x / ((variance + eps).sqrt() if on_variance else variance.sqrt() + eps)
