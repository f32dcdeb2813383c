"""Convolution and Deconvolution over any number of spatial axes; from forks, convolution of each channel alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution_window import PARAM, check_fits, read_same, read_sides, read_window, same_sides
from netdef.layers.core.arity import at_least
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.checks import canonical_axis, check_positive, check_same_shape
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable, arguments, size_text
from netdef.layers.core.weighted import WeightedLayer

# By number of spatial axes. Without any, torch has no function: the convolution runs over one axis of length 1.
_CONVOLVE = {0: F.conv1d, 1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_SPREAD = {0: F.conv_transpose1d, 1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


class _Filter(WeightedLayer):
    """The base of Convolution and Deconvolution. Blobs: ``weight`` and, with ``bias_term``, ``bias``; a top for each bottom.

    ``axis`` is the channel axis: the axes before it are all batch, those after it spatial. Every bottom has the same
    shape. ``engine`` and ``force_nd_im2col`` choose an implementation in Caffe, not a result, and are ignored.
    ``pad_l``, ``pad_r``, ``pad_t``, ``pad_b``, zeros on one side of a plane alone, are from forks; ``output_pad``, rows and
    columns more at the end of a Deconvolution's top, is what Caffe-TD's nets are read with. ``pad_type: 1``, of a Convolution,
    is TensorFlow's SAME, from Synopsys' fork; as when the fork's nets were written it comes before ``pad``, ``pad_h``, ``pad_w``.
    """

    transposed: ClassVar[bool]

    n_bottoms = at_least(1)
    n_tops = at_least(1)
    equal_bottoms_tops = True
    pruned_by_default = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.convolution_param
        check_same_shape(spec, shapes)
        shape = shapes[0]
        self.axis = canonical_axis(spec, param.axis, len(shape), PARAM, "axis")
        spatial = shape[self.axis + 1 :]
        if len(spatial) > 3:
            raise spec.refuse(f"has {len(spatial)} spatial axes; at most 3 are supported", PARAM)
        window = read_window(spec, len(spatial))
        channels, outputs = shape[self.axis], param.num_output
        group = self.groups(spec, channels)
        check_positive(spec, outputs, PARAM, "num_output")
        if group == 0 or channels % group:
            raise spec.refuse(
                f"has `group` {group}, which does not divide its {channels} input channels", PARAM, "group")
        if outputs % group:
            raise spec.refuse(
                f"has `num_output` {outputs}, which is not a multiple of `group` {group}", PARAM, "num_output")
        self.same = read_same(spec, len(spatial), self.transposed)
        if self.same:
            window = window._replace(pad=(0, 0))
        self.window = window
        self.sides = None if self.same else read_sides(spec, len(spatial), self.transposed)
        self.more: int = param.output_pad
        largest = max((*window.stride, *window.dilation), default=1)
        if self.more and not (self.transposed and self.more < largest):
            raise spec.refuse(f"has `output_pad` {self.more}; it is for a Deconvolution, and less than its stride or dilation",
                              PARAM, "output_pad")
        check_fits(spec, self._padded(spatial), window, self.transposed)

        front = (channels, outputs // group) if self.transposed else (outputs, channels // group)
        self.add_weight_and_bias(spec, PARAM, (*front, *window.kernel), outputs)
        self.outputs = outputs
        # The arguments of torch's functions.
        self.n_spatial = len(spatial)
        self.stride, self.pad, self.dilation = window.stride or (1,), window.pad or (0,), window.dilation or (1,)
        self.group = group
        self.plain = self.axis == 1 and self.n_spatial > 0
        one = self.n_spatial == 2 and set(window.kernel) == {1} and not any(window.pad) and not self.sides
        self.same = self.same and not one
        self.pads_alike = not (self.sides or self.same)  # on opposite sides, whatever the size of the bottom
        self.skips_pixels = one and max(window.stride) > 1 and group == 1 and not self.transposed

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        batch, spatial = bottoms[0][: self.axis], bottoms[0][self.axis + 1 :]
        places = (size + self.more for size in self.window.places(self._padded(spatial), self.transposed))
        return [(*batch, self.outputs, *places)] * len(bottoms)

    def _padded(self, spatial: Shape) -> Shape:
        """The spatial sizes of a bottom with the padding of single sides."""
        sides = self.sides_of(spatial)
        if not sides:
            return spatial
        left, right, above, below = sides
        return spatial[0] + above + below, spatial[1] + left + right

    def sides_of(self, spatial: Shape) -> tuple[int, int, int, int] | None:
        """The zeros left, right, above and below a plane, if they are not the same on opposite sides."""
        return same_sides(self.window, spatial) if self.same else self.sides

    def forward(self, *bottoms: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Each bottom (*batch, channels, *spatial) to (*batch, num_output, *spatial of the top)."""
        weight, bias = self.blob("weight"), self.optional_blob("bias")
        if len(bottoms) == 1:
            return self.compute(bottoms[0], weight, bias)
        return tuple(self.compute(x, weight, bias) for x in bottoms)

    def compute(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        return self._filter(x, weight, bias) if self.plain else self._filter_any(x, weight, bias)

    def _filter(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Convolve (batch, channels, *spatial), with 1 to 3 spatial axes."""
        if self.transposed:
            return _SPREAD[self.n_spatial](x, weight, bias, self.stride, self.pad, self.more, self.group, self.dilation)
        if not self.pads_alike and (sides := self.sides_of(x.shape[2:])):
            x = F.pad(x, sides)
        if self.skips_pixels and _is_better_thinned(x, weight, self.stride):
            return F.conv2d(x[:, :, :: self.stride[0], :: self.stride[1]], weight, bias)
        return _CONVOLVE[self.n_spatial](x, weight, bias, self.stride, self.pad, self.dilation, self.group)

    def _filter_any(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Convolve any number of batch axes, or no spatial axis, which torch's functions do not take."""
        batch = x.shape[: self.axis]
        x = x.reshape(math.prod(batch), *x.shape[self.axis :])
        if self.n_spatial == 0:
            x, weight = x.unsqueeze(-1), weight.unsqueeze(-1)
        top = self._filter(x, weight, bias)
        if self.n_spatial == 0:
            top = top.squeeze(-1)
        return top.reshape(*batch, *top.shape[1:])

    def groups(self, spec: LayerDefinition, channels: int) -> int:
        """The number of groups of channels."""
        return spec.message.convolution_param.group

    def channel_layout(self, blob: str) -> ChannelLayout:
        return ChannelLayout(output_axis=1, groups=self.group) if self.transposed else ChannelLayout()

    def folding_param(self) -> str | None:
        return PARAM if self.axis == 1 else None

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        """Multiply-adds: a slice of the weight for each element of the top (Deconvolution: of the bottom)."""
        seen = bottoms if self.transposed else tops
        return sum(math.prod(shape) for shape in seen) * math.prod(self.weight.shape[1:])

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if not self.plain:
            raise NotWritable("convolves along an axis other than 1, or without spatial axes")
        state, front = self.to_torch(), self.weight.shape[:2]
        inside, outside = (front[0], front[1] * self.group) if self.transposed else (front[1] * self.group, front[0])
        made = arguments(
            inside, outside, f"kernel_size={size_text(self.weight.shape[2:])}",
            stride=(size_text(self.stride), "1"), padding=(size_text(self.pad), "0"), dilation=(size_text(self.dilation), "1"),
            output_padding=(self.more, 0),
            groups=(self.group, 1), bias=("bias" in state, True))
        kind = f"nn.Conv{'Transpose' if self.transposed else ''}{self.n_spatial}d"
        sides = self.sides_of(bottoms[0].shape[2:])
        calls = [f"{me}(F.pad({x}, {tuple(sides)}))" if sides else f"{me}({x})" for x in bottoms]
        return TorchCode.of_member(", ".join(calls), f"{kind}({made})", state)


def _is_better_thinned(x: Tensor, weight: Tensor, stride: Shape) -> bool:
    """Whether to drop the pixels that a 1x1 kernel skips before the convolution, not within it.

    On the CPU and in channels_last torch (2.13) orders the weight anew in each pass, which costs more than the product if
    the top has few pixels: 1024 to 2048 channels take 0.46 of the time for 49 pixels, 0.67 for 98, 0.96 for 196.
    """
    if x.device.type != "cpu" or torch.compiler.is_compiling() or weight.numel() < 2**16:
        return False
    pixels = x.shape[0] * math.ceil(x.shape[2] / stride[0]) * math.ceil(x.shape[3] / stride[1])
    return pixels <= 128 and x.is_contiguous(memory_format=torch.channels_last)


@register("Convolution")
class Convolution(_Filter):
    """Cross-correlation with a weight of shape (num_output, channels / group, *kernel)."""

    transposed = False
    prefers_channels_last = True


@register("HoleConvolution")
class HoleConvolution(Convolution):
    """Convolution under its name in PSPNet's first prototxts; ``hole`` is the dilation."""


class _Depthwise(Convolution):
    """The base of convolutions with as many groups as channels: ``group`` need not be given.

    With another ``group``, and other outputs than inputs, it is the usual convolution, as the forks compute it on a CPU; their
    kernels for GPUs have no meaning there.
    """

    pruned_by_default = False
    prefers_channels_last = False

    def groups(self, spec: LayerDefinition, channels: int) -> int:
        param = spec.message.convolution_param
        if param.HasField("group") and param.group != channels != param.num_output:
            return super().groups(spec, channels)
        if param.num_output != channels:
            raise spec.refuse(f"convolves each channel by itself: its `num_output` {param.num_output} must be its "
                              f"{channels} input channels", PARAM, "num_output")
        if param.HasField("group") and param.group != channels:
            raise spec.refuse(f"convolves each channel by itself: its `group` {param.group} must be its {channels} "
                              "channels, or not given", PARAM, "group")
        return channels


@register("DepthwiseConvolution")
class DepthwiseConvolution(_Depthwise):
    """The type of yonghenglh6's fork, for MobileNets (Howard et al. 2017); the weight is (channels, 1, *kernel)."""


@register("ConvolutionDepthwise")
class ConvolutionDepthwise(_Depthwise):
    """The same type under its name in farmingyard's fork."""


@register("Deconvolution")
class Deconvolution(_Filter):
    """The transpose of a convolution; the weight has shape (channels, num_output / group, *kernel)."""

    transposed = True
    prefers_channels_last = True
