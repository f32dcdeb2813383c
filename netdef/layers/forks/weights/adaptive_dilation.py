"""Convolution with a dilation for each place, of learnable dilation (He et al. 2017, SSAW14)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution_window import read_window
from netdef.layers.core.arity import exactly
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.weighted import WeightedLayer

PARAM = "convolution_param"


@register("Convolution", when=lambda spec: spec.message.convolution_param.dilation_from_bottom)
class AdaptiveDilation(WeightedLayer):
    """Convolution of (N, C, H, W) whose kernel, for each channel and place, starts d above and left, and has steps of d.

    Bottom 1 holds the dilations d, as large as bottom 0, of which those of the top's places count, from the first row and
    column. Between whole dilations the values of both are interpolated, along rows and columns alike; a place of the larger
    one outside the image counts as 0. ``pad`` is the largest dilation: the text's own ``dilation`` is that, too, and says how
    large the top is. Both bottoms get gradients. This is the fork's GPU code; its CPU code knows one dilation a place.
    """

    n_bottoms = exactly(2)
    pruned_by_default = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        if tuple(shapes[1]) != tuple(shapes[0]):
            raise refuse_shapes(spec, shapes, 1, "there must be a dilation for each value")
        param, channels = spec.message.convolution_param, shapes[0][1]
        self.window = read_window(spec, 2)
        check_positive(spec, param.num_output, PARAM, "num_output")
        if param.group < 1 or channels % param.group or param.num_output % param.group:
            raise spec.refuse(f"has `group` {param.group}, which does not divide {channels} channels and {param.num_output} "
                              "outputs", PARAM, "group")
        self.most = self.window.pad[0]
        if self.most < 1 or set(self.window.pad) | set(self.window.dilation) != {self.most}:
            raise spec.refuse(f"has `pad` {self.window.pad} and `dilation` {self.window.dilation}; with dilations from a bottom "
                              "both are the largest of these, along both axes", PARAM)
        self.outputs, self.group = param.num_output, param.group
        self.add_weight_and_bias(spec, PARAM, (self.outputs, channels // self.group, *self.window.kernel), self.outputs)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.outputs, *self.window.places(bottoms[0][2:], False))]

    def forward(self, x: Tensor, dilations: Tensor) -> Tensor:
        places = self.window.places(tuple(x.shape[2:]), False)
        return adaptive_convolution(x, dilations[:, :, : places[0], : places[1]], self.blob("weight"), self.optional_blob("bias"),
                                    self.window.stride, self.most, self.group)

    def channel_layout(self, blob: str) -> ChannelLayout:
        return ChannelLayout()

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return torch.Size(tops[0]).numel() * self.weight[0].numel()


def adaptive_convolution(
    x: Tensor, dilations: Tensor, weight: Tensor, bias: Tensor | None, stride: Sequence[int], most: int, group: int
) -> Tensor:
    """A convolution of ``x`` with dilations (N, C, rows, columns) of the top's places; ``most`` is the largest."""
    rows, columns = dilations.shape[2:]
    near = dilations.detach().trunc()
    near = near.where(near != most, near - 1)
    part = dilations - near
    down = stride[0] * torch.arange(rows, device=x.device)[:, None]
    across = stride[1] * torch.arange(columns, device=x.device)
    seen = []
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            far_row, far_column = down + (i - 1) * (near + 1).long(), across + (j - 1) * (near + 1).long()
            inside = (far_row >= 0) & (far_row < x.shape[2]) & (far_column >= 0) & (far_column < x.shape[3])
            near_row, near_column = down + (i - 1) * near.long(), across + (j - 1) * near.long()
            value = torch.zeros_like(part)
            for row, share in ((far_row, part), (near_row, 1 - part)):
                for column, other in ((far_column, part), (near_column, 1 - part)):
                    place = (row * x.shape[3] + column).where(inside, 0).flatten(2)
                    value = value + share * other * x.flatten(2).gather(2, place).view_as(part)
            seen.append(value.where(inside, 0))
    kernels = torch.stack(seen, 2).unflatten(1, (group, -1)).flatten(2, 3).flatten(3)
    top = weight.reshape(group, weight.shape[0] // group, -1) @ kernels
    top = top.reshape(len(x), -1, rows, columns)
    return top if bias is None else top + bias[:, None, None]
