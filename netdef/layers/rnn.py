"""RNN: the plain recurrent layer, with an output layer of its own."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.recurrent import PARAM, Recurrent
from netdef.layers.recurrent_modules import CaffeRNN


@register("RNN", "SimpleRNN")
class RNN(Recurrent):
    """h' = tanh(W x + b + W_h (cont * h)); the top is tanh(W_o h' + b_o).

    Bottoms, tops and the first blobs are those of `Recurrent`; the only state is h. Then come ``output_weight``
    (num_output, num_output) and ``output_bias``. In SimpleRNN, and with ``tf_rnn``, of Synopsys' fork, the top is h', and there
    are no more blobs.
    """

    n_gates = 1
    torch_module = CaffeRNN
    states = ("h",)
    more_weights = 1
    output_weight: nn.Parameter
    maskable = ("input_weight", "static_weight", "hidden_weight", "output_weight")

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.gives_state = _gives_state(spec)
        if not self.gives_state:
            self._add_weight(spec, "output_weight", (self.size, self.size))
            self.add_blob("output_bias", (self.size,), filler(spec, PARAM, "bias_filler"))

    @classmethod
    def weight_indices(cls, definition: LayerDefinition, n_bottoms: int) -> tuple[int, ...]:
        indices = super().weight_indices(definition, n_bottoms)
        return indices[:-1] if _gives_state(definition) else indices

    def kernel(self, x: Tensor, state: Sequence[Tensor], weights: Sequence[Tensor]) -> tuple[Tensor, ...]:
        return torch.rnn_tanh(x, state[0], list(weights), True, 1, 0.0, torch.is_grad_enabled(), False, False)

    def step(self, gates: Tensor, state: Sequence[Tensor], cont: Tensor) -> tuple[Tensor, ...]:
        return (gates.tanh(),)

    def forward(self, x: Tensor, cont: Tensor, *more: Tensor) -> tuple[Tensor, ...]:
        """The outputs (T, N, num_output); with ``expose_hidden`` also the last h (1, N, num_output)."""
        h, *last = self.hidden(x, cont, *more)
        if self.gives_state:
            return h, *last
        return F.linear(h, self.blob("output_weight"), self.blob("output_bias")).tanh(), *last

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        steps, n = bottoms[0][:2]
        output = 0 if self.gives_state else self.output_weight.numel()
        return super().multiply_adds(bottoms, tops) + steps * n * output

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.gives_state:
            raise NotWritable("gives its state")
        return super().torch_code(me, bottoms)


def _gives_state(spec: LayerDefinition) -> bool:
    return spec.type == "SimpleRNN" or spec.message.recurrent_param.tf_rnn
