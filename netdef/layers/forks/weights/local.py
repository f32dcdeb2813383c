"""Local: a convolution with kernels of its own at every place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.core.weighted import WeightedLayer

PARAM = "local_param"


@register("Local")
class Local(WeightedLayer):
    """(batch, channels, height, width) to (batch, num_output, rows, columns), as by a square Convolution, unshared.

    Blobs: ``weight`` (num_output, 1, channels * kernel_size^2, rows * columns), and with ``bias_term`` ``bias``
    (1, 1, num_output, rows * columns). From pull requests to BVLC/caffe of 2014 to 2016; as there, every item of the batch
    has the same kernels, and the fillers count the weight's axes as those of a convolution.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.local_param
        check_axes(spec, shapes, 4)
        for field in ("num_output", "kernel_size", "stride"):
            check_positive(spec, getattr(param, field), PARAM, field)
        self.outputs, self.kernel, self.stride, self.pad = param.num_output, param.kernel_size, param.stride, param.pad
        self.size = tuple((size + 2 * self.pad - self.kernel) // self.stride + 1 for size in shapes[0][2:])
        if min(self.size) < 1:
            raise spec.refuse(f"has a kernel of {self.kernel}, larger than its bottom of shape {shapes[0]} with padding",
                              PARAM, "kernel_size")
        places, self.channels = math.prod(self.size), shapes[0][1]
        shape = (self.outputs, 1, self.channels * self.kernel**2, places)
        check_shape(spec, shape, PARAM, "num_output")
        self.add_blob("weight", shape, filler(spec, PARAM, "weight_filler", shape=shape))
        if param.bias_term:
            self.add_blob("bias", (1, 1, self.outputs, places), filler(spec, PARAM, "bias_filler"))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.outputs, *self.size)]

    def forward(self, x: Tensor) -> Tensor:
        return local(x, self.blob("weight"), self.optional_blob("bias"), self.kernel, self.stride, self.pad, self.size)

    def channel_layout(self, blob: str) -> ChannelLayout:
        return ChannelLayout(inputs=self.channels)

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return bottoms[0][0] * self.weight.numel()

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        blobs = self.to_torch()
        bias = f"{me}_bias" if "bias" in blobs else None
        made = {f"_{name}": f"nn.Parameter(torch.zeros({tuple(blob.shape)}))" for name, blob in blobs.items()}
        return TorchCode(
            f"local({bottoms[0]}, {me}_weight, {bias}, {self.kernel}, {self.stride}, {self.pad}, {self.size})",
            made, {f"_{name}": {"": blob} for name, blob in blobs.items()}, (local,))


def local(x: Tensor, weight: Tensor, bias: Tensor | None, kernel: int, stride: int, pad: int, size: tuple) -> Tensor:
    """A convolution with a kernel and a bias for each place: (outputs, 1, inputs, places), (1, 1, outputs, places)."""
    windows = F.unfold(x, kernel, padding=pad, stride=stride)  # (batch, channels * kernel^2, places)
    top = torch.einsum("mjq,njq->nmq", weight[:, 0], windows)
    return (top if bias is None else top + bias[0]).unflatten(2, size)
