"""SLLSTM: an LSTM that begins anew with each batch. Of Caffe_action (Lyp100208)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive, refuse_shapes
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
from netdef.layers.lstm import lstm_unit

PARAM = "recurrent_param"


@register("SLLSTM")
class SLLSTM(Layer):
    """c' = f c + i g, h' = o tanh(c') with i, f, o = sigmoid and g = tanh of W x + b + W_h h: (T, N, K) to (T, N, num_output).

    The state is zero at the first step, and of a sequence whose marker, in the second bottom of T x N numbers, is not above 0.
    To each step comes W_s s of a third bottom s of N x K numbers. Markers get no gradient.

    Blobs: ``hidden_weight`` (4 num_output, num_output), ``bias``, ``input_weight`` and, with s, ``static_weight``
    (4 num_output, K), with the rows of i, f, o, g.
    """

    n_bottoms = between(1, 3)
    maskable = ("hidden_weight", "input_weight", "static_weight")
    pruned_by_default = True
    hidden_weight: nn.Parameter
    input_weight: nn.Parameter

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.size: int = spec.message.recurrent_param.num_output
        check_positive(spec, self.size, PARAM, "num_output")
        if len(shapes[0]) != 3:
            raise refuse_shapes(spec, shapes, 0, "the first wants three axes: steps, sequences and features")
        steps, sequences, features = shapes[0]
        for index, name, rows, columns in ((1, "second", steps, sequences), (2, "third", sequences, features)):
            if len(shapes) > index and math.prod(shapes[index]) != rows * columns:
                raise refuse_shapes(spec, shapes, index, f"the {name} wants {rows} x {columns} numbers")
        self._add_weight(spec, "hidden_weight", self.size)
        self.add_blob("bias", (4 * self.size,), filler(spec, PARAM, "bias_filler"))
        for name in ("input_weight", "static_weight")[: max(1, len(shapes) - 1)]:
            self._add_weight(spec, name, features)

    def _add_weight(self, spec: LayerDefinition, name: str, columns: int) -> None:
        shape = check_shape(spec, (4 * self.size, columns), PARAM, "num_output")
        self.add_blob(name, shape, filler(spec, PARAM, "weight_filler", shape=shape))

    @classmethod
    def weight_indices(cls, definition: LayerDefinition, n_bottoms: int) -> tuple[int, ...]:
        return (0, 2, 3) if n_bottoms == 3 else (0, 2)

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom != 1

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], self.size)]

    def forward(self, x: Tensor, markers: Tensor | None = None, static: Tensor | None = None) -> Tensor:
        gates = F.linear(x, self.blob("input_weight"), self.blob("bias"))
        if static is not None:
            gates = gates + F.linear(static.reshape(x.shape[1:]), self.blob("static_weight"))
        ones = torch.ones_like(x[..., :1])
        marks = ones if markers is None else (markers.detach() > 0).to(x.dtype).reshape(ones.shape)
        h = c = x.new_zeros(x.shape[1], self.size)
        weight, outputs = self.blob("hidden_weight"), []
        for mine, mark in zip(gates, marks):
            c, h = lstm_unit(c, mine + F.linear(h * mark, weight), mark)
            outputs.append(h)
        return torch.stack(outputs)

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return math.prod(tops[0][:2]) * (self.input_weight.numel() + self.hidden_weight.numel())
