"""Convolution of the windows that an Im2col layer has laid out. Segmentation-aware nets, Harley et al. 2017."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution_window import PARAM, read_window
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, arguments
from netdef.layers.core.weighted import WeightedLayer


@register("Convolution", when=lambda spec: spec.message.convolution_param.bottom_is_im2col)
class ColumnConvolution(WeightedLayer):
    """The top of an Im2col layer (N, channels * kernel elements, H, W) to (N, num_output, H, W).

    The blobs are those of a Convolution of ``channels``; of the window only the kernel counts. ``bottom_is_im2col`` of segaware
    (aharley), whose nets change the windows in between.
    """

    pruned_by_default = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.convolution_param
        for field in ("num_output", "group"):
            check_positive(spec, getattr(param, field), PARAM, field)
        kernel = read_window(spec, 2).kernel
        parts = math.prod(kernel) * param.group
        if shapes[0][1] % parts or param.num_output % param.group:
            raise spec.refuse(f"wants a multiple of {parts} channels, for kernels {kernel} in {param.group} groups, and as many "
                              f"outputs for each; its bottom has {shapes[0][1]}, its `num_output` is {param.num_output}", PARAM)
        self.group: int = param.group
        self.add_weight_and_bias(spec, PARAM, (param.num_output, shapes[0][1] // parts, *kernel), param.num_output)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], len(self.weight), *bottoms[0][2:])]

    def forward(self, x: Tensor) -> Tensor:
        weight = self.blob("weight").flatten(1)[:, :, None, None]
        return F.conv2d(x, weight, self.optional_blob("bias"), groups=self.group)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        state = self.to_torch()
        state["weight"] = state["weight"].flatten(1)[:, :, None, None]
        made = arguments(state["weight"].shape[1] * self.group, len(self.weight), "kernel_size=1",
                         groups=(self.group, 1), bias=("bias" in state, True))
        return TorchCode.of_member(f"{me}({bottoms[0]})", f"nn.Conv2d({made})", state)

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return math.prod(tops[0]) * math.prod(self.weight.shape[1:])
