"""The base of LSTM and RNN: their blobs, the state they carry between batches, and the steps through time."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive
from netdef.layers.core.fillers import constant, filler
from netdef.layers.core.shapes import Shape, check_shape
from netdef.layers.core.torch_code import TorchCode, Variable, arguments

PARAM = "recurrent_param"
STEPS_A_RUN = 3
"""From how many steps a run, on average, torch's kernel over runs is faster than going step by step."""


class Recurrent(Layer):
    """A layer over time: x (T, N, *features) and cont (T, N) to (T, N, num_output).

    ``cont[t, n]`` multiplies the state that sequence n brings to step t: 0 where a sequence begins, 1 where it goes on.
    A third bottom (N, *features) is an input of every step, or, with ``static_input_only_start`` of DSCLRCN (nian-liu),
    of step 0 alone. At t = 0 the state is what the last forward pass of this
    net left (zeros at first, after `reset_state`, and when the number of sequences changes). With ``expose_hidden`` it
    comes from further bottoms (1, N, num_output) instead, and the last state leaves as further tops. As in Caffe no
    gradient flows into a state that comes in or from one that goes out: batches are cut apart. T and N are those of
    the batch; Caffe holds T fixed.

    Blobs: ``input_weight`` (gates * num_output, features), ``bias``, with a third bottom ``static_weight``, and
    ``hidden_weight`` (gates * num_output, num_output).
    """

    n_gates: ClassVar[int]
    states: ClassVar[tuple[str, ...]]
    """Names of the states: h, the output of a step, first."""
    torch_module: ClassVar[type[nn.Module]]
    """What computes the same in a module of torch."""

    maskable: tuple[str, ...] = ("input_weight", "static_weight", "hidden_weight")
    pruned_by_default = True
    depends_on_data = True
    more_weights: ClassVar[int] = 0
    """How many weights come behind ``hidden_weight``."""

    input_weight: nn.Parameter
    static_weight: nn.Parameter | None
    hidden_weight: nn.Parameter

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.n_bottoms = between(2, 3 + len(cls.states))
        cls.n_tops = between(1, 1 + len(cls.states))

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.recurrent_param
        self.size: int = param.num_output
        check_positive(spec, self.size, PARAM, "num_output")
        self.exposed: bool = param.expose_hidden
        self.static_at_start: bool = param.static_input_only_start
        static = self._check_bottoms(spec, shapes)
        rows = self.n_gates * self.size
        self._add_weight(spec, "input_weight", (rows, math.prod(shapes[0][2:])))
        self.add_blob("bias", (rows,), filler(spec, PARAM, "bias_filler"))
        if static is None:
            self.register_parameter("static_weight", None)
        else:
            self._add_weight(spec, "static_weight", (rows, math.prod(static[1:])))
        self._add_weight(spec, "hidden_weight", (rows, self.size))
        if not self.exposed:
            self.carried = self.states
            for name in self.states:
                self.add_constant(name, (1, shapes[0][1], self.size), constant(0.0))

    def _add_weight(self, spec: LayerDefinition, name: str, shape: Shape) -> None:
        check_shape(spec, shape, PARAM, "num_output")
        self.add_blob(name, shape, filler(spec, PARAM, "weight_filler", shape=shape))

    def _check_bottoms(self, spec: LayerDefinition, shapes: Sequence[Shape]) -> Shape | None:
        """Refuse bottoms that do not fit together. Returns the shape of the static one, if there is one."""
        exposed = len(self.states) if self.exposed else 0
        for kind, least, most, count in (("bottom", 2 + exposed, 3 + exposed, len(shapes)),
                                         ("top", 1 + exposed, 1 + exposed, len(spec.tops))):
            if not least <= count <= most:
                wanted = str(least) if least == most else f"{least} or {most}"
                raise spec.refuse(
                    f"has {count} {kind}s; with `expose_hidden: {str(self.exposed).lower()}` it wants {wanted}", kind)
        x, cont = shapes[:2]
        if len(x) < 3:
            raise spec.refuse(
                f"wants a first bottom of at least 3 axes (time, sequences, features); its shape is {x}", "bottom", 0)
        if cont != x[:2]:
            raise spec.refuse(
                f"wants continuation markers of shape {x[:2]} (time, sequences), as its first bottom has them; "
                f"their shape is {cont}", "bottom", 1)
        for index, shape in enumerate(shapes[len(shapes) - exposed :], len(shapes) - exposed):
            if shape != (1, x[1], self.size):
                raise spec.refuse(
                    f"wants a state of shape {(1, x[1], self.size)} (1, sequences, `num_output`); its shape is {shape}",
                    "bottom", index)
        if len(shapes) == 2 + exposed:
            return None
        static = shapes[2]
        if static[:1] != x[1:2]:
            raise spec.refuse(
                f"wants {x[1]} rows, one a sequence, of its static bottom; its shape is {static}", "bottom", 2)
        return static

    @classmethod
    def allows_force_backward(cls, bottom: int) -> bool:
        return bottom != 1

    @classmethod
    def weight_indices(cls, definition: LayerDefinition, n_bottoms: int) -> tuple[int, ...]:
        exposed = len(cls.states) if definition.message.recurrent_param.expose_hidden else 0
        static = n_bottoms - exposed - 2
        return (0, *range(2, 3 + static + cls.more_weights))  # blob 1 is the bias

    @abstractmethod
    def kernel(self, x: Tensor, state: Sequence[Tensor], weights: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Run torch's own kernel, which takes every marker as 1: the h of every step, then the last state."""

    @abstractmethod
    def step(self, gates: Tensor, state: Sequence[Tensor], cont: Tensor) -> tuple[Tensor, ...]:
        """The new state after one step. ``gates`` (N, rows) lack the part of h only; ``cont`` is (N, 1)."""

    def gate_bias(self) -> Tensor:
        """The bias of the gates."""
        return self.blob("bias")

    def torch_arguments(self) -> dict[str, tuple[object, object]]:
        """Further arguments of `torch_module`, each with its default."""
        return {"static_at_start": (self.static_at_start, False)}

    def torch_order(self, rows: Tensor) -> Tensor:
        """Reorder the rows of a blob, gate by gate, from Caffe's order to torch's."""
        return rows

    def hidden(self, x: Tensor, cont: Tensor, *more: Tensor) -> tuple[Tensor, ...]:
        """h of every step (T, N, num_output), and with ``expose_hidden`` the last state."""
        dtype = self.hidden_weight.dtype
        static = None if self.static_weight is None else more[0].to(dtype)
        state: Sequence[Tensor] = [value.detach().to(dtype) for value in self._state(x.shape[1], more)]
        x, cont = x.flatten(2).to(dtype), cont.detach().to(dtype)
        starts = _run_starts(cont)
        with _without_autocast(x.device.type):
            if len(starts) == 1 or len(starts) * STEPS_A_RUN <= len(x):
                h, state = self._run_by_run(x, cont, state, static, starts)
            else:
                h, state = self._step_by_step(x, cont, state, static)
        last = tuple(value.detach() for value in state)
        if self.exposed:
            return h, *last
        for name, value in zip(self.states, last):
            setattr(self, name, value.clone())  # with memory of its own: this one may be a view of all steps
        return (h,)

    def _state(self, n: int, more: Sequence[Tensor]) -> Sequence[Tensor]:
        if self.exposed:
            return more[-len(self.states) :]
        state = [getattr(self, name) for name in self.states]
        return state if state[0].shape[1] == n else [value.new_zeros(1, n, self.size) for value in state]

    def _run_by_run(
        self, x: Tensor, cont: Tensor, state: Sequence[Tensor], static: Tensor | None, starts: list[int]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Cut time where a marker is not 1, and run torch's kernel on each run from the marked state.

        To the kernel a static input is more features of every step. Where there are fewer sequences than those, they
        are one feature a sequence, 1 for its own, whose weight is what the static input gives to the gates.
        """
        input_weight, parts = self.blob("input_weight"), []
        if static is not None:
            features, weight = static.flatten(1), self.blob("static_weight")
            if features.shape[1] > len(features):
                features, weight = torch.eye(len(features)).to(features), F.linear(weight, features)
            features = features.expand(len(x), -1, -1)
            if self.static_at_start:
                features = torch.cat((features[:1], torch.zeros_like(features[1:])))
            x = torch.cat((x, features), 2)
            input_weight = torch.cat((input_weight, weight), 1)
        weights = [self.torch_order(rows) for rows in (input_weight, self.blob("hidden_weight"), self.gate_bias())]
        weights.append(torch.zeros_like(weights[2], requires_grad=False))  # torch has a second bias
        if x.is_cuda:
            weights = _in_one_piece(weights)
        lengths = [end - start for start, end in zip(starts, [*starts[1:], len(x)])]
        for start, run in zip(starts, x.split(lengths)):
            mark = cont[start].unsqueeze(1)
            part, *state = self.kernel(run, [value * mark for value in state], weights)
            parts.append(part)
        return parts[0] if len(parts) == 1 else torch.cat(parts), state

    def _step_by_step(
        self, x: Tensor, cont: Tensor, state: Sequence[Tensor], static: Tensor | None
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Go step by step, with any markers. The gates' parts from x and a static input are one product for all steps."""
        gates = F.linear(x, self.blob("input_weight"), self.gate_bias())
        if static is not None:
            more = F.linear(static.flatten(1), self.blob("static_weight"))
            gates = torch.cat((gates[:1] + more, gates[1:])) if self.static_at_start else gates + more
        weight, outputs = self.blob("hidden_weight").t(), []
        state = [value.squeeze(0) for value in state]
        for mine, mark in zip(gates, cont.unsqueeze(2)):
            state = self.step(torch.addmm(mine, state[0] * mark, weight), state, mark)
            outputs.append(state[0])
        return torch.stack(outputs), [value.unsqueeze(0) for value in state]

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Markers that let every sequence begin once, at the first step."""
        if index != 1:
            return None
        markers = torch.ones(shape)
        markers[0] = 0
        return markers

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        steps, n = bottoms[0][:2]
        static = 0 if self.static_weight is None else n * self.static_weight.numel()
        return steps * n * (self.input_weight.numel() + self.hidden_weight.numel()) + static

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        static = [] if self.static_weight is None else ["static"]
        more = "".join(f", {name}={x}" for name, x in zip([*static, *(self.states if self.exposed else ())], bottoms[2:]))
        features = 0 if self.static_weight is None else self.static_weight.shape[1]
        made = arguments(self.input_weight.shape[1], self.size, static=(features, 0), **self.torch_arguments())
        kind, call = self.torch_module, f"{me}({bottoms[0]}, {bottoms[1]}{more})"
        return TorchCode(call, {"": f"{kind.__name__}({made})"}, {"": self.to_torch()}, (kind,))


def _without_autocast(device: str) -> AbstractContextManager:
    """Turn autocast off: rounding adds up over steps, and oneDNN often has no LSTM of bfloat16."""
    known = torch.amp.is_autocast_available(device)
    return torch.autocast(device, enabled=False) if known and torch.is_autocast_enabled(device) else nullcontext()


def _in_one_piece(weights: Sequence[Tensor]) -> list[Tensor]:
    """The weights as views of one tensor, as cuDNN needs them; otherwise torch copies them, and warns."""
    together = torch.cat([weight.flatten() for weight in weights])
    pieces = torch.split_with_sizes(together, [weight.numel() for weight in weights])
    return [piece.view_as(weight) for piece, weight in zip(pieces, weights)]


def _run_starts(cont: Tensor) -> list[int]:
    """The first step of each run: 0, and each later one with a marker that is not 1. One run on meta."""
    if cont.is_meta:
        return [0]
    return [0, *((cont[1:] != 1).any(1).nonzero().flatten() + 1).tolist()]
