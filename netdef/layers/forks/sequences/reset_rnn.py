"""ResetRNN: gated recurrent units, as of Cho et al. 2014, of LRCN's fork in 2014."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
from netdef.layers.forks.sequences.buffered_lstm import PARAM, by_time


@register("ResetRNN")
class ResetRNN(Layer):
    """h' = z h + (1 - z) s(W_xh x + W_hh (f h) + b_h), f and z = s(W_x x + W_h h + b), of h times cont; s is the sigmoid.

    x (T N, *features), cont (T N) and ``lstm_param`` are those of `BufferedLSTM`. h goes on from batch to batch, and no
    gradient flows from one to another.

    Blobs: ``input_weight`` (hidden_dim, features) and ``bias`` of h, ``f`` and ``z``; ``hidden_weight`` of f, z and h.
    """

    n_bottoms = exactly(2)
    maskable = ("input_weight", "forget_input_weight", "update_input_weight", "forget_hidden_weight", "update_hidden_weight",
                "hidden_weight")
    pruned_by_default = True
    depends_on_data = True
    h: Tensor
    hidden_weight: nn.Parameter

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        (_, self.sequences, *features), _ = by_time(spec, shapes)
        self.size: int = spec.message.lstm_param.hidden_dim
        for gate in ("", "forget_", "update_"):
            self._add_weight(spec, f"{gate}input_weight", math.prod(features))
            self.add_blob(f"{gate}bias", (self.size,), filler(spec, PARAM, "bias_filler"))
        for gate in ("forget_", "update_", ""):
            self._add_weight(spec, f"{gate}hidden_weight", self.size)
        self.carried = ("h",)
        self.add_constant("h", (1, self.sequences, self.size), constant(0.0))

    def _add_weight(self, spec: LayerDefinition, name: str, columns: int) -> None:
        shape = check_shape(spec, (self.size, columns), PARAM, "hidden_dim")
        self.add_blob(name, shape, filler(spec, PARAM, "weight_filler", shape=shape))

    @classmethod
    def weight_indices(cls, definition: LayerDefinition, n_bottoms: int) -> tuple[int, ...]:
        return (0, 2, 4, 6, 7, 8)

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom != 1

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.size)]

    def forward(self, x: Tensor, cont: Tensor) -> Tensor:
        rows, marks = x.flatten(1), cont.detach().to(x.dtype).reshape(-1, self.sequences, 1)
        parts = [F.linear(rows, self.blob(f"{gate}input_weight"), self.blob(f"{gate}bias")).unflatten(0, (-1, self.sequences))
                 for gate in ("", "forget_", "update_")]
        weights = [self.blob(f"{gate}hidden_weight") for gate in ("", "forget_", "update_")]
        h, outputs = self.h[0].detach().to(x.dtype), []
        for of_h, of_f, of_z, mark in zip(*parts, marks):
            h = h * mark
            f, z = (of_f + F.linear(h, weights[1])).sigmoid(), (of_z + F.linear(h, weights[2])).sigmoid()
            h = z * h + (1 - z) * (of_h + F.linear(f * h, weights[0])).sigmoid()
            outputs.append(h)
        self.h = h.detach().clone()[None]
        return torch.cat(outputs)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Markers of 1 behind the first step's of 0."""
        if index != 1:
            return None
        markers = torch.ones(shape)
        markers[: self.sequences] = 0
        return markers

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return 3 * bottoms[0][0] * self.size * (math.prod(bottoms[0][1:]) + self.size)
