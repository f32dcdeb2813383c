"""LSTM, and the unit that Caffe unrolls it into. Gates stand in Caffe's order: input, forget, output, candidate.

Hochreiter and Schmidhuber 1997 with the forget gates of Gers et al. 2000, as in Donahue et al., "Long-term recurrent
convolutional networks", 2015. No peepholes.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.recurrent import Recurrent
from netdef.layers.recurrent_modules import CaffeLSTM


@register("LSTM")
class LSTM(Recurrent):
    """c' = f * cont * c + i * g, h' = o * tanh(c') with i, f, o = sigmoid and g = tanh of W x + b + W_h (cont * h).

    Bottoms, tops and blobs are those of `Recurrent`; the states are h and c, blob rows i, f, o, g. From Synopsys'
    fork and DSCLRCN (nian-liu): ``forget_bias`` is added to what the sigmoid of f is taken of.
    """

    n_gates = 4
    torch_module = CaffeLSTM
    states = ("h", "c")

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.forget_bias: float = spec.message.recurrent_param.forget_bias

    def gate_bias(self) -> Tensor:
        bias = self.blob("bias")
        if not self.forget_bias:
            return bias
        i, f, o_and_g = bias.split_with_sizes((self.size, self.size, 2 * self.size))
        return torch.cat((i, f + self.forget_bias, o_and_g))

    def torch_arguments(self) -> dict[str, tuple[object, object]]:
        return {"forget_bias": (self.forget_bias, 0), **super().torch_arguments()}

    def torch_order(self, rows: Tensor) -> Tensor:
        i_and_f, o, g = torch.split_with_sizes(rows, (2 * self.size, self.size, self.size))
        return torch.cat((i_and_f, g, o))

    def kernel(self, x: Tensor, state: Sequence[Tensor], weights: Sequence[Tensor]) -> tuple[Tensor, ...]:
        return torch.lstm(x, list(state), list(weights), True, 1, 0.0, torch.is_grad_enabled(), False, False)

    def step(self, gates: Tensor, state: Sequence[Tensor], cont: Tensor) -> tuple[Tensor, ...]:
        c, h = lstm_unit(state[1], gates, cont)
        return h, c

    def forward(self, x: Tensor, cont: Tensor, *more: Tensor) -> tuple[Tensor, ...]:
        """h of every step (T, N, num_output); with ``expose_hidden`` also the last h and c, (1, N, num_output) each."""
        return self.hidden(x, cont, *more)


@register("LSTMUnit")
class LSTMUnit(Layer):
    """One step: c (1, N, size), gates (1, N, 4 * size) and cont (1, N) to the new c and h, (1, N, size) each.

    The gradient of the gates is the true one for every cont; Caffe's is that only where cont is 0 or 1.
    """

    n_bottoms = exactly(3)
    n_tops = exactly(2)
    axes = 3
    state = "(1, sequences, size)"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        c, gates, cont = shapes
        if len(c) != self.axes or c[0] != 1:
            raise spec.refuse(f"wants a cell state of shape {self.state}; its shape is {c}", "bottom", 0)
        for index, shape, wanted, name in ((1, gates, (1, c[1], 4 * c[2], *c[3:]), "gates"), (2, cont, c[:2], "markers")):
            if shape != wanted:
                raise spec.refuse(f"wants {name} of shape {wanted} beside a cell state of {c}; their shape is {shape}",
                                  "bottom", index)

    def forward(self, c: Tensor, gates: Tensor, cont: Tensor) -> tuple[Tensor, Tensor]:
        """The new cell state and the output."""
        return lstm_unit(c, gates, cont.detach().to(c.dtype).unsqueeze(2))


def lstm_unit(c: Tensor, gates: Tensor, cont: Tensor) -> tuple[Tensor, Tensor]:
    """The new (c, h), each (..., size), from c, gates (..., 4 * size) before their nonlinearity and cont (..., 1)."""
    size = c.shape[-1]
    sigmoids, candidate = gates.split((3 * size, size), -1)
    i, f, o = sigmoids.sigmoid().chunk(3, -1)
    c = torch.addcmul(i * candidate.tanh(), f, c * cont)
    return c, o * c.tanh()
