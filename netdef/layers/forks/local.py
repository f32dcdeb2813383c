"""Local: a convolution with kernels of its own at every place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
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
        places = math.prod(self.size)
        shape = (self.outputs, 1, shapes[0][1] * self.kernel**2, places)
        check_shape(spec, shape, PARAM, "num_output")
        self.add_blob("weight", shape, filler(spec, PARAM, "weight_filler", shape=shape))
        if param.bias_term:
            self.add_blob("bias", (1, 1, self.outputs, places), filler(spec, PARAM, "bias_filler"))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.outputs, *self.size)]

    def forward(self, x: Tensor) -> Tensor:
        windows = F.unfold(x, self.kernel, padding=self.pad, stride=self.stride)  # (batch, channels * kernel^2, places)
        top = torch.einsum("mjq,njq->nmq", self.blob("weight")[:, 0], windows)
        bias = self.optional_blob("bias")
        return (top if bias is None else top + bias[0]).unflatten(2, self.size)

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return bottoms[0][0] * self.weight.numel()
