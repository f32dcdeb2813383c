"""Lstm and LstmNew: junhyukoh's LSTM, which CTPN (Tian et al. 2016) and others use; BVLC's is `LSTM`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_axes, check_least_axes, check_positive, refuse_shapes
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable

PARAM = "lstm_param"


@register("Lstm")
class Lstm(Layer):
    """c' = f c + i g, h' = o tanh(c') with i, f, o = sigmoid and g = tanh of W x + b + W_h h: (T, N, ...) to (T, N, num_output).

    A bottom of two axes is (T N, features), as in junhyukoh's own fork, with N the ``batch_size``; the top is (T N, num_output).
    With one bottom every batch begins with a state of zeros. With two, the second of T x N numbers, the state of the batch
    before goes on, and where the number is 0 the sequence begins anew: h and f are 0 at that step. No gradient flows into
    the batch before. ``clipping_threshold`` above 0 bounds the gradient of each gate at each step, before it goes on.

    Blobs: ``input_weight`` (4 num_output, features), ``hidden_weight`` (4 num_output, num_output), ``bias``, with the rows of
    i, f, o, g. (With a state that goes on, the fork's gradient of ``hidden_weight`` at the first step is that of one sequence;
    here it is that of all.)
    """

    n_bottoms = between(1, 2)
    maskable = ("input_weight", "hidden_weight")
    pruned_by_default = True
    h: Tensor
    c: Tensor
    input_weight: nn.Parameter
    hidden_weight: nn.Parameter
    bias: nn.Parameter

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.lstm_param
        check_least_axes(spec, shapes, 2)
        self.sequences = _sequences(spec, shapes[0]) if len(shapes[0]) == 2 else None
        steps, sequences, *features = shapes[0]
        if self.sequences:
            steps, sequences, features = steps // self.sequences, self.sequences, [shapes[0][1]]
        check_positive(spec, param.num_output, PARAM, "num_output")
        check_at_least(spec, param.clipping_threshold, 0, PARAM, "clipping_threshold")
        if len(shapes) == 2 and math.prod(shapes[1]) != steps * sequences:
            raise refuse_shapes(spec, shapes, 1, f"the second wants {steps} x {sequences} numbers, one a step")
        self.size: int = param.num_output
        self.threshold: float = param.clipping_threshold
        for name, columns in (("input_weight", math.prod(features)), ("hidden_weight", self.size)):
            shape = check_shape(spec, (4 * self.size, columns), PARAM, "num_output")
            self.add_blob(name, shape, filler(spec, PARAM, "weight_filler", shape=shape))
        self.add_blob("bias", (4 * self.size,), filler(spec, PARAM, "bias_filler"))
        self.goes_on = len(shapes) == 2
        if self.goes_on:
            self.carried = ("h", "c")
            for name in self.carried:
                self.add_constant(name, (sequences, self.size), constant(0.0))

    @classmethod
    def weight_indices(cls, definition: LayerDefinition, n_bottoms: int) -> tuple[int, ...]:
        return (0, 1)

    def forward(self, x: Tensor, clip: Tensor | None = None) -> Tensor:
        if self.sequences is None:
            return self._outputs(x, clip)
        return self._outputs(x.unflatten(0, (-1, self.sequences)), clip).flatten(0, 1)

    def _outputs(self, x: Tensor, clip: Tensor | None) -> Tensor:
        """h of every step, for x of (T, N, ...)."""
        n = x.shape[1]
        if not self.goes_on and not self.threshold:
            zeros = x.new_zeros(1, n, self.size)
            weights = list(self._in_torch_order().values())
            return torch.lstm(x.flatten(2), [zeros, zeros], weights, True, 1, 0.0, torch.is_grad_enabled(), False, False)[0]
        h = c = x.new_zeros(n, self.size)
        if self.goes_on and len(self.h) == n:
            h, c = self.h.to(x.dtype), self.c.to(x.dtype)
        marks = None if clip is None else (clip.detach() != 0).to(x.dtype).reshape(len(x), n, 1)
        outputs = []
        for step, gates in enumerate(F.linear(x.flatten(2), self.blob("input_weight"), self.blob("bias"))):
            h, c = self._step(gates, h, c, None if marks is None else marks[step])
            outputs.append(h)
        if self.goes_on:
            self.h, self.c = h.detach().clone(), c.detach().clone()
        return torch.stack(outputs)

    def _step(self, gates: Tensor, h: Tensor, c: Tensor, mark: Tensor | None) -> tuple[Tensor, Tensor]:
        if mark is not None:
            h, c = h * mark, c * mark
        gates = _BoundedGradient.apply(gates + F.linear(h, self.blob("hidden_weight")), self.threshold)
        i, f, o, g = gates.chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

    def _in_torch_order(self) -> dict[str, Tensor]:
        """The weights of torch's module, whose rows are those of i, f, g, o, and which has a second bias."""
        blobs = [self.blob(name) for name in self.blob_names]
        order = (0, 1, 3, 2)
        parts = [torch.cat([blob.chunk(4)[gate] for gate in order]) for blob in blobs]
        names = "weight_ih_l0", "weight_hh_l0", "bias_ih_l0"
        return dict(zip(names, parts)) | {"bias_hh_l0": torch.zeros_like(parts[2], requires_grad=False)}

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return math.prod(tops[0][:-1]) * (self.input_weight.numel() + self.hidden_weight.numel())

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.goes_on:
            raise NotWritable("carries its state from batch to batch")
        made = f"nn.LSTM({self.input_weight.shape[1]}, {self.size})"
        x = f"{bottoms[0]}.flatten(2)" if self.sequences is None else f"{bottoms[0]}.unflatten(0, (-1, {self.sequences}))"
        back = "" if self.sequences is None else ".flatten(0, 1)"
        return TorchCode.of_member(f"{me}({x})[0]{back}", made, self._in_torch_order())


@register("LstmNew")
class LstmNew(Lstm):
    """Lstm of a bottom of three axes. Of caffe_latte (fireae), whose second bottom is only right for one sequence: it takes the
    number t + n where here it is that of sequence n at step t."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        check_axes(spec, shapes, 3)
        super().__init__(spec, shapes)


def _sequences(spec: LayerDefinition, shape: Shape) -> int:
    """The number of sequences in a bottom of two axes."""
    count: int = spec.message.lstm_param.batch_size
    if not count or shape[0] % count:
        raise spec.refuse(f"has a `batch_size` of {count}, which does not divide the {shape[0]} rows of `{spec.bottoms[0]}`",
                          PARAM, "batch_size")
    return count


class _BoundedGradient(torch.autograd.Function):
    """The identity, whose gradient is clipped to the threshold on both sides if that is above 0."""

    @staticmethod
    def forward(ctx: Any, gates: Tensor, threshold: float) -> Tensor:
        ctx.threshold = threshold
        return gates.view_as(gates)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return (gradient.clamp(-ctx.threshold, ctx.threshold) if ctx.threshold else gradient), None
