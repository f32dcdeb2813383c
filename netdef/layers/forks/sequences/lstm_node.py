"""LSTMNode: one step of an LSTM, of peteanderson80's fork (bottom-up attention, Anderson et al. 2018)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive, refuse_shapes
from netdef.layers.core.fillers import Fill, filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape

PARAM = "lstm_param"
_FILLERS = {  # of the rows of i, f, o, g
    "weight": ("input_gate_weight_filler", "forget_gate_weight_filler", "output_gate_weight_filler", "input_weight_filler"),
    "bias": ("input_gate_bias_filler", "forget_gate_bias_filler", "output_gate_bias_filler", "input_bias_filler"),
}


@register("LSTMNode")
class LSTMNode(Layer):
    """c = f m c_before + i g and h = o tanh(c), with i, f, o = sigmoid and g = tanh of W x + b.

    Bottoms: x (N, ...), c_before of N x ``num_cells`` numbers, and optionally N marks m: 0 where a sequence begins. The state
    h of the step before is no bottom of its own: nets concatenate it with x. Tops: h and c, each (N, num_cells).
    Blobs: ``weight`` (4 num_cells, features) and, with ``bias_term``, ``bias``, with the rows of i, f, o, g, each filled by
    its own filler. Marks get no gradient.
    """

    n_bottoms = between(2, 3)
    n_tops = exactly(2)
    maskable = ("weight",)
    pruned_by_default = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, items = spec.message.lstm_param, shapes[0][0] if shapes[0] else 1
        check_positive(spec, param.num_cells, PARAM, "num_cells")
        self.size: int = param.num_cells
        if math.prod(shapes[1]) != items * self.size:
            raise refuse_shapes(spec, shapes, 1, f"the second, cells, wants {items} x {self.size} numbers")
        if len(shapes) == 3 and math.prod(shapes[2]) != items:
            raise refuse_shapes(spec, shapes, 2, f"the third wants {items} marks")
        shape = check_shape(spec, (4 * self.size, math.prod(shapes[0][1:])), PARAM, "num_cells")
        self.add_blob("weight", shape, _rows(spec, "weight"))
        if param.bias_term:
            self.add_blob("bias", (4 * self.size,), _rows(spec, "bias"))

    def forward(self, x: Tensor, cells: Tensor, marks: Tensor | None = None) -> tuple[Tensor, Tensor]:
        i, f, o, g = F.linear(x.flatten(1), self.blob("weight"), self.optional_blob("bias")).chunk(4, 1)
        kept = f.sigmoid()
        if marks is not None:
            kept = kept * marks.detach().reshape(-1, 1)
        c = kept * cells.reshape(-1, self.size) + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return tops[0][0] * self.blobs[0].numel()


def _rows(spec: LayerDefinition, blob: str) -> Fill:
    """The fill of a blob whose quarters have a filler each."""
    return partial(_fill_rows, fills=[filler(spec, PARAM, name) for name in _FILLERS[blob]])


def _fill_rows(blob: Tensor, fills: Sequence[Fill]) -> None:
    for fill, part in zip(fills, blob.chunk(len(fills))):
        fill(part)
