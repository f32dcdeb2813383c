"""GateRecurrent, SpatialRecurrent, GateRecurrent2d, DiagonalGateRecurrent: values carried over planes. SPN (Liu 2016, 2017)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_GATE, _SPATIAL, _THREE = "gaterecurrent_param", "spatialrecurrent_param", "gaterecurrent2d_param"
_ACTIVE: Mapping[str, Callable[[Tensor], Tensor]] = {
    "LINEAR": lambda x: x, "SIGMOID": torch.sigmoid, "RELU": F.relu, "TANH": torch.tanh}


class _Propagation(Layer):
    """A layer that goes over planes (N, C, H, W) column by column, or row by row, from either side."""

    family = "windows"
    param_name: ClassVar[str]
    most: float = -1

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(len(shapes)):
            check_axes(spec, shapes, 4, index)
            if (shapes[index][0], *shapes[index][2:]) != (shapes[0][0], *shapes[0][2:]):
                raise refuse_shapes(spec, shapes, index, "they must agree in batch, height and width")
        param = getattr(spec.message, self.param_name)
        self.axis = 3 if param.horizontal else 2
        self.reverse: bool = param.reverse

    def lines(self, x: Tensor) -> list[Tensor]:
        """The columns or rows (N, C, length) in the order in which they are passed."""
        found = list(x.unbind(self.axis))
        return found[::-1] if self.reverse else found

    def plane(self, lines: Sequence[Tensor]) -> Tensor:
        """The planes of lines in that order."""
        return torch.stack(list(lines)[::-1] if self.reverse else list(lines), self.axis)

    def bound(self, name: str) -> Tensor:
        """A weight with its values within ``restrict_w``, where that is above 0; in training the blob itself is changed."""
        if self.most <= 0 or self.blob(name).is_meta:
            return self.blob(name)
        if not self.training:
            return self.blob(name).clamp(-self.most, self.most)
        with torch.no_grad():
            getattr(self, name).clamp_(-self.most, self.most)
        return self.blob(name)


@register("GateRecurrent")
class GateRecurrent(_Propagation):
    """``h = active(a x + g (b - x + h_before))`` along columns or rows; gates g are the second bottom. SPN (Liu 2017).

    x is the bottom times the first blob, with ``use_wx``, h_before times the transposed second one, with ``use_wh``, and b the
    third one, with ``use_bias``; all are there in any case, (1, 1, inputs, outputs). The factor ``restrict_g``, a, is one of
    gates, too, where it is below 1. Without ``use_x_gate`` x is missing beside b.
    With ``use_new_fix`` a gate belongs to a place and the one to its left, or above, in reverse, too. What is passed first has
    the gate 0, and as in the fork its gradient goes to the left, or upper, gates.

    Also as in the fork ``bias_filler`` fills the second blob, the third begins at 0, and the gradients through the second are
    those of one that is not transposed.
    """

    n_bottoms = exactly(2)
    param_name = _GATE

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.gaterecurrent_param
        check_positive(spec, param.num_output, _GATE, "num_output")
        channels, outputs = shapes[0][1], param.num_output
        if not param.use_wx and channels != outputs:
            raise spec.refuse(f"has {channels} channels, and without `use_wx` as many outputs, not {outputs}",
                              _GATE, "num_output")
        if shapes[1][1] != outputs:
            raise refuse_shapes(spec, shapes, 1, f"it wants a gate for each of its {outputs} outputs")
        self.add_blob("input_weight", (1, 1, channels, outputs), filler(spec, _GATE, "weight_filler"))
        self.add_blob("state_weight", (1, 1, outputs, outputs), filler(spec, _GATE, "bias_filler"))
        self.add_blob("bias", (1, 1, 1, outputs))
        self.use_wx, self.use_wh, self.use_bias = param.use_wx, param.use_wh, param.use_bias
        self.gates_x, self.fixed, self.factor = param.use_x_gate, param.use_new_fix, param.restrict_g
        self.active = _ACTIVE[param.Active.Name(param.active)]
        self.most = param.restrict_w

    def forward(self, x: Tensor, gates: Tensor) -> Tensor:
        if self.use_wx:
            x = torch.einsum("nihw,io->nohw", x, self.blob("input_weight")[0, 0])
        weight = self.bound("state_weight")[0, 0] if self.use_wh else None
        bias = self.blob("bias").reshape(-1, 1) if self.use_bias else 0
        found = self.lines(gates * self.factor if self.factor < 1 else gates)
        if self.fixed:
            first = found[-1] if self.reverse else found[0]
            found = [first - first.detach(), *(found[:-1] if self.reverse else found[1:])]
        states: list[Tensor] = []
        for line, gate in zip(self.lines(x), found):
            inner = bias - line if self.gates_x else bias + torch.zeros_like(line)
            if states:
                inner = inner + (states[-1] if weight is None else _turned(states[-1], weight))
            states.append(self.active(gate * inner + self.factor * line))
        return self.plane(states)


@register("SpatialRecurrent")
class SpatialRecurrent(_Propagation):
    """``h = active(x + g (h_before w + b))`` along columns or rows; g is the second bottom, or 1. Liu et al. 2016.

    Blobs are w, (1, 1, channels, channels), and b, (1, 1, 1, channels).
    """

    n_bottoms = between(1, 2)
    keeps_shape = True
    param_name = _SPATIAL

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, channels = spec.message.spatialrecurrent_param, shapes[0][1]
        if not param.bias_term:
            raise spec.refuse("has no bias, which its fork reads in any case", _SPATIAL, "bias_term")
        if shapes[-1] != shapes[0]:
            raise refuse_shapes(spec, shapes, 1, "it wants a gate for each value")
        self.add_blob("weight", (1, 1, channels, channels), filler(spec, _SPATIAL, "weight_filler"))
        self.add_blob("bias", (1, 1, 1, channels), filler(spec, _SPATIAL, "bias_filler"))
        self.active = _ACTIVE[param.Active.Name(param.active)]
        self.most = param.restrict_w

    def forward(self, x: Tensor, gates: Tensor | None = None) -> Tensor:
        weight, bias = self.bound("weight")[0, 0].mT, self.blob("bias").reshape(-1, 1)
        states: list[Tensor] = []
        for i, line in enumerate(self.lines(x)):
            inner = weight @ states[-1] + bias if states else bias + torch.zeros_like(line)
            states.append(self.active(line + (inner if gates is None else self.lines(gates)[i] * inner)))
        return self.plane(states)


@register("GateRecurrent2d")
class GateRecurrent2d(_Propagation):
    """``h = sum over k of i_k ((1 - g_k) x + g_k h_k)`` of the three nearest places h_k in the column or row before.

    Bottoms are x, three gates g_k of its shape, and (N, 3, H, W) of shares i_k. A place that is not there adds nothing, so
    that the first column or row is 0.
    """

    n_bottoms = exactly(5)
    param_name = _THREE

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(1, 5):
            if shapes[index][1] != (3 if index == 4 else shapes[0][1]):
                raise refuse_shapes(spec, shapes, index, "it wants three gates of the first one's shape, and three shares")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return bottoms[:1]

    def forward(self, x: Tensor, *others: Tensor) -> Tensor:
        *gates, shares = (self.lines(other) for other in others)
        lines = self.lines(x)
        states = [torch.zeros_like(lines[0])]
        there = torch.ones_like(lines[0][:, :1])
        for i in range(1, len(lines)):
            top = torch.zeros_like(lines[0])
            for k in range(3):
                gate, share = gates[k][i], shares[i][:, k : k + 1] * _moved(there, 1 - k)
                top = top + share * ((1 - gate) * lines[i] + gate * _moved(states[-1], 1 - k))
            states.append(top)
        return self.plane(states)


@register("DiagonalGateRecurrent")
class DiagonalGateRecurrent(Layer):
    """``h = (1 - g) x + g h_before`` along diagonals, from the upper left; the first place of each is x.

    ``slash`` begins at the bottom and ``reverse`` at the right, where the gate is that of the place before. The fork's gradient
    of gates has ``restrict_g``, their factor where it is below 1, in it as many times as there are columns; here it has it once.
    """

    n_bottoms = exactly(2)
    keeps_shape = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.gaterecurrent_param
        if shapes[1] != shapes[0]:
            raise refuse_shapes(spec, shapes, 1, "it wants a gate for each value")
        if param.num_output != shapes[0][1]:
            raise spec.refuse(f"wants `num_output` {shapes[0][1]}, the number of channels, not {param.num_output}", _GATE)
        self.flips = [axis for axis, wanted in ((2, param.slash), (3, param.reverse)) if wanted]
        self.reverse: bool = param.reverse
        self.factor: float = min(param.restrict_g, 1.0)

    def forward(self, x: Tensor, gates: Tensor) -> Tensor:
        columns = x.flip(self.flips).unbind(3)
        found = (self.factor * gates).flip(self.flips).unbind(3)
        states = [columns[0]]
        for i in range(1, len(columns)):
            gate = found[i - 1][..., :-1] if self.reverse else found[i][..., 1:]
            inner = (1 - gate) * columns[i][..., 1:] + gate * states[-1][..., :-1]
            states.append(torch.cat([columns[i][..., :1], inner], -1))
        return torch.stack(states, 3).flip(self.flips)


def _turned(state: Tensor, weight: Tensor) -> Tensor:
    """The state (N, C, length) times the transposed weight, with the gradients of the weight that is not transposed."""
    value, other = weight @ state, weight.mT @ state
    return value.detach() + other - other.detach()


def _moved(line: Tensor, by: int) -> Tensor:
    """A line (N, C, length) moved along it by -1, 0 or 1, with zeros behind."""
    return F.pad(line, (max(by, 0), max(-by, 0)))[..., max(-by, 0) : line.shape[-1] + max(-by, 0)]
