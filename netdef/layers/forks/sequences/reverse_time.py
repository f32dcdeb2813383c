"""ReverseTime, of caffe_latte (fireae) and caffe_ocr (senlinuc), and ReverseSequence, of Synopsys': sequences backwards."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("ReverseTime")
class ReverseTime(Layer):
    """x (T, N, ...) and N lengths: the first ``length`` steps of each sequence backwards.

    The further steps stay where they are with ``copy_remaining``; else they are 0, where the forks leave what was in memory. A
    length above T counts as T; the forks write beyond the blob.
    """

    n_bottoms = exactly(2)
    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        if shapes[1] != shapes[0][1:2]:
            raise refuse_shapes(spec, shapes, 1, "the second has one length for each sequence, axis 1 of the first")
        self.keeps: bool = spec.message.reverse_time_param.copy_remaining

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        return reverse_time(x, lengths, self.keeps)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"reverse_time({bottoms[0]}, {bottoms[1]}, {self.keeps})", functions=(reverse_time,))


@register("ReverseSequence")
class ReverseSequence(Layer):
    """x and a length for each item of ``batch_axis`` (0 by default): its first places along ``seq_axis`` backwards.

    The places behind stay where they are. A length beyond the axis counts as its size; Synopsys' fork writes beyond the blob. It
    has no gradient; here it has its own.
    """

    n_bottoms = exactly(2)
    refuses_inplace = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, n_axes = spec.message.reverse_sequence_param, len(shapes[0])
        self.axes: tuple[int, int] = (param.seq_axis, param.batch_axis)
        if not param.HasField("seq_axis") or max(self.axes) >= n_axes or self.axes[0] == self.axes[1]:
            raise spec.refuse(f"needs a `seq_axis` and another `batch_axis` among the {n_axes} axes of its bottom",
                              "reverse_sequence_param")
        if shapes[1] != (shapes[0][self.axes[1]],):
            raise refuse_shapes(spec, shapes, 1, f"the second has one length for each place of axis {self.axes[1]} of the first")

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        return reverse_time(x.movedim(self.axes, (0, 1)), lengths, keeps=True).movedim((0, 1), self.axes)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, lengths = bottoms
        call = f"reverse_time({x}.movedim({self.axes}, (0, 1)), {lengths}, True).movedim((0, 1), {self.axes})"
        return TorchCode(call, functions=(reverse_time,))


def reverse_time(x: Tensor, lengths: Tensor, keeps: bool) -> Tensor:
    """Sequences (T, N, ...) backwards up to their lengths; the steps behind as they are, or 0."""
    steps = torch.arange(len(x), device=x.device)[:, None]
    ends = lengths.detach().long().clamp(0, len(x))
    inside = steps < ends
    places = torch.where(inside, ends - 1 - steps, steps)
    shape = (*places.shape, *[1] * (x.ndim - 2))
    found = x.gather(0, places.reshape(shape).expand(x.shape))
    return found if keeps else found * inside.reshape(shape).to(x.dtype)
