"""LSTM of LRCN's fork in 2014, with ``lstm_param``: the steps and the sequences are one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_positive, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.lstm import LSTM
from netdef.schema.messages import LayerParameter

PARAM = "lstm_param"


def by_time(spec: LayerDefinition, shapes: Sequence[Shape]) -> tuple[Shape, Shape]:
    """The bottoms' shapes with an axis of steps and one of ``buffer_size`` sequences in place of their first."""
    param = spec.message.lstm_param
    check_positive(spec, param.hidden_dim, PARAM, "hidden_dim")
    check_positive(spec, param.buffer_size, PARAM, "buffer_size")
    if param.diagonal_cell_gates:
        raise spec.refuse("has `diagonal_cell_gates`, gates that read the cell, which are not implemented", PARAM,
                          "diagonal_cell_gates")
    items, *features = shapes[0]
    if items % param.buffer_size:
        raise spec.refuse(f"has a `buffer_size` of {param.buffer_size}, which does not divide the {items} items of "
                          f"`{spec.bottoms[0]}`", PARAM, "buffer_size")
    if shapes[1] not in ((items,) + (1,) * axes for axes in range(4)):
        raise refuse_shapes(spec, shapes, 1, f"the second wants {items} numbers, one an item")
    steps = items // param.buffer_size
    return (steps, param.buffer_size, *features), (steps, param.buffer_size)


@register("LSTM", when=lambda spec: spec.message.lstm_param.HasField("hidden_dim"))
class BufferedLSTM(LSTM):
    """LSTM from x (T N, *features) and cont (T N), with N the ``buffer_size``, to (T N, hidden_dim); states go on as there.

    Item ``t N + n`` is step t of sequence n. The blobs are those of `LSTM`. As in the last version of that layer in its
    fork there are no peepholes, and ``identity_prior`` has no effect.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        if len(shapes) != 2:
            raise spec.refuse(f"has {len(shapes)} bottoms; with `lstm_param` it wants 2", "bottom")
        x, cont = by_time(spec, shapes)
        old = spec.message.lstm_param
        message = LayerParameter()
        message.CopyFrom(spec.message)
        message.recurrent_param.num_output = old.hidden_dim
        message.recurrent_param.weight_filler.CopyFrom(old.weight_filler)
        message.recurrent_param.bias_filler.CopyFrom(old.bias_filler)
        super().__init__(replace(spec, message=message), [x if len(x) > 2 else (*x, 1), cont])
        self.sequences: int = old.buffer_size

    def forward(self, x: Tensor, cont: Tensor, *more: Tensor) -> tuple[Tensor, ...]:
        (h,) = self.hidden(x.unflatten(0, (-1, self.sequences)), cont.reshape(-1, self.sequences))
        return (h.flatten(0, 1),)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Markers that let every sequence begin once, at the first step."""
        markers = super().random_bottom(index, (shape[0] // self.sequences, self.sequences), generator)
        return None if markers is None else markers.reshape(shape)

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return bottoms[0][0] * (self.input_weight.numel() + self.hidden_weight.numel())

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, cont = bottoms
        steps = x.shape[0] // self.sequences
        code = super().torch_code(me, [
            Variable(f"{x}.unflatten(0, (-1, {self.sequences}))", (steps, self.sequences, *x.shape[1:])),
            Variable(f"{cont}.reshape(-1, {self.sequences})", (steps, self.sequences))])
        return replace(code, call=f"{code.call}.flatten(0, 1)")
