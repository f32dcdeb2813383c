"""ReNetLSTM: an LSTM along the rows or columns of images, both ways (Visin et al. 2015). As PiCANet has it (ArcherFMY)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable

PARAM = "renet_lstm_param"
_GATES = "icof"
_BIAS_FILLERS = {"i": "input_gate_bias_filler", "c": "general_bias_filler", "o": "output_gate_bias_filler",
                 "f": "forget_gate_bias_filler"}


@register("ReNetLSTM")
class ReNetLSTM(Layer):
    """(N, C, H, W) in patches of ``patch_height`` x ``patch_width`` to (N, 2 ``num_output``, rows, columns) of patches.

    X_DIR: an LSTM goes along each row, to the right for the first half of the channels, to the left for the other; Y_DIR: along
    columns. With x a patch, s' = f s + i c, h' = o tanh(s'), i, f and o the sigmoid of ``W [x, h] + b``, c its tanh; with
    ``peephole`` i and f have a matrix times s added, o one times s'.

    Blobs of each way: W of i, c, o and f (num_output, patch + num_output); matrices of i, o and f for s, without effect if
    there is no ``peephole``; b of i, c, o and f.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.renet_lstm_param
        check_axes(spec, shapes, 4)
        for field in ("num_output", "patch_height", "patch_width"):
            check_positive(spec, getattr(param, field), PARAM, field)
        self.size: int = param.num_output
        self.patch = param.patch_height, param.patch_width
        _, channels, *plane = shapes[0]
        if any(side % part for side, part in zip(plane, self.patch)):
            raise spec.refuse(f"cuts planes of {plane[0]} x {plane[1]} into patches of {self.patch[0]} x {self.patch[1]}; they "
                              "must fit", PARAM)
        self.along_rows = param.direction == param.X_DIR
        self.peephole: bool = param.peephole
        self.inputs = channels * self.patch[0] * self.patch[1]
        for way in ("forth", "back"):
            self._add_blobs(spec, way)

    def _add_blobs(self, spec: LayerDefinition, way: str) -> None:
        """The blobs of one way."""
        shape = check_shape(spec, (self.size, self.inputs + self.size), PARAM, "num_output")
        weights = filler(spec, PARAM, "general_weight_filler")
        for gate in _GATES:
            self.add_blob(f"{way}_{gate}", shape, weights)
        for gate in "iof":
            self.add_blob(f"{way}_{gate}_state", (self.size, self.size), weights if self.peephole else constant(0))
        for gate in _GATES:
            self.add_blob(f"{way}_{gate}_bias", (self.size,), filler(spec, PARAM, _BIAS_FILLERS[gate]))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        n, _, *plane = bottoms[0]
        return [(n, 2 * self.size, *(side // part for side, part in zip(plane, self.patch)))]

    def forward(self, x: Tensor) -> Tensor:
        steps = to_steps(x, self.patch, self.along_rows)
        if self.peephole:
            ways = [self._walk(steps, "forth"), self._walk(steps.flip(0), "back").flip(0)]
            return from_steps(torch.cat(ways, 2), len(x), self.along_rows)
        zeros = steps.new_zeros(2, steps.shape[1], self.size)
        weights = list(self._in_torch_order().values())
        outputs = torch.lstm(steps, [zeros, zeros], weights, True, 1, 0.0, torch.is_grad_enabled(), True, False)[0]
        return from_steps(outputs, len(x), self.along_rows)

    def _walk(self, steps: Tensor, way: str) -> Tensor:
        """h of every step, with peepholes."""
        weight = torch.cat([self.blob(f"{way}_{gate}") for gate in _GATES])
        bias = torch.cat([self.blob(f"{way}_{gate}_bias") for gate in _GATES])
        of_i, of_o, of_f = (self.blob(f"{way}_{gate}_state") for gate in "iof")
        h = s = steps.new_zeros(steps.shape[1], self.size)
        outputs = []
        for given in F.linear(steps, weight[:, : self.inputs], bias):
            i, c, o, f = (given + F.linear(h, weight[:, self.inputs :])).chunk(4, 1)
            s = torch.sigmoid(f + F.linear(s, of_f)) * s + torch.sigmoid(i + F.linear(s, of_i)) * c.tanh()
            h = torch.sigmoid(o + F.linear(s, of_o)) * s.tanh()
            outputs.append(h)
        return torch.stack(outputs)

    def _in_torch_order(self) -> dict[str, Tensor]:
        """The weights of torch's module both ways, whose rows are those of i, f, c, o, and which has a second bias."""
        found: dict[str, Tensor] = {}
        for way, suffix in (("forth", ""), ("back", "_reverse")):
            weight = torch.cat([self.blob(f"{way}_{gate}") for gate in "ifco"])
            bias = torch.cat([self.blob(f"{way}_{gate}_bias") for gate in "ifco"])
            found |= {f"weight_ih_l0{suffix}": weight[:, : self.inputs], f"weight_hh_l0{suffix}": weight[:, self.inputs :],
                      f"bias_ih_l0{suffix}": bias, f"bias_hh_l0{suffix}": torch.zeros_like(bias, requires_grad=False)}
        return found

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        n, _, rows, columns = tops[0]
        return n * rows * columns * 2 * self.size * (4 * (self.inputs + self.size) + 3 * self.size * self.peephole)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.peephole:
            raise NotWritable("has peepholes, which torch's LSTM has not")
        x = bottoms[0]
        call = f"from_steps({me}(to_steps({x}, {self.patch}, {self.along_rows}))[0], len({x}), {self.along_rows})"
        made = f"nn.LSTM({self.inputs}, {self.size}, bidirectional=True)"
        return TorchCode(call, {"": made}, {"": self._in_torch_order()}, (to_steps, from_steps))


def to_steps(x: Tensor, patch: tuple, along_rows: bool) -> Tensor:
    """(N, C, H, W) as (steps, lines N, C patch): the patches of each row, or of each column."""
    cells = x.unflatten(3, (-1, patch[1])).unflatten(2, (-1, patch[0]))  # N, C, rows, patch, columns, patch
    cells = cells.permute(4, 2, 0, 1, 3, 5) if along_rows else cells.permute(2, 4, 0, 1, 3, 5)
    return cells.flatten(3).flatten(1, 2)


def from_steps(outputs: Tensor, n: int, along_rows: bool) -> Tensor:
    """(steps, lines N, C) as (N, C, rows, columns)."""
    cells = outputs.unflatten(1, (-1, n))
    return cells.permute(2, 3, 1, 0) if along_rows else cells.permute(2, 3, 0, 1)
