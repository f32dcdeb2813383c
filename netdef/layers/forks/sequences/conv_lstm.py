"""ConvLSTM, an LSTM over planes with convolutions for its products (Shi et al. 2015), as in agethen's and other forks.

ConvLSTMReLU, of t2mhanh's fork, is rectified. ConvLSTMUnit is one step without its convolutions.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution_window import Window, read_window
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_shapes
from netdef.layers.core.fillers import constant, fill_of
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.lstm import LSTMUnit

PARAM, DEBUG = "lstm_conv_param", "lstm_debug_param"
_PEEPHOLES = ("peephole_input", "peephole_forget", "peephole_output")


@register("ConvLSTM")
class ConvLSTM(Layer):
    """x (T, N, C, H, W) and cont (T, N) to h of every step, (T, N, num_output, H, W).

    c' = f cont c + i g, h' = o tanh(c') with i, f, o = sigmoid and g = tanh of W_x * x + W_h * (cont h) + b + p c; * is a
    convolution that keeps H x W, p c, not for g, the product with weights of the axes ``axis_hadamard`` and on, left out with
    ``disable_hadamard``. A third bottom (1, N, D, H, W) adds W_s * s to every step. ``ignore_x`` leaves W_x * x out.

    The state at t = 0 is what the last pass left, at first zeros. With ``expose_hidden`` h and c come from two more bottoms
    (1, N, num_output, H, W) and leave as two more tops, with their gradients. Of two ``lstm_conv_param`` the one of ``type``
    "hidden" is that of h. Blobs, as far as there are such: the weights of x and of s, weight and bias of h, and those of c for i,
    f and o.
    """

    n_bottoms = between(2, 5)
    n_tops = between(1, 3)

    @staticmethod
    def squash(x: Tensor) -> Tensor:
        """The function that is applied to the candidates and to the cells."""
        return x.tanh()

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        debug, given = spec.message.lstm_debug_param, spec.message.lstm_conv_param
        check_axes(spec, shapes, 5)
        if not 1 <= len(given) <= 2 or given[0].num_output != given[-1].num_output:
            raise spec.refuse(f"has {len(given)} `{PARAM}`; it wants one, or two of the same `num_output`",
                              *([PARAM] if given else []))
        if debug.expose:
            raise spec.refuse("shows blobs of single steps, which are not made here", DEBUG, "expose", 0)
        self.outputs: int = given[0].num_output
        check_positive(spec, self.outputs, PARAM, 0, "num_output")
        self.state_shape = (1, shapes[0][1], self.outputs, *shapes[0][3:])
        self.exposed: bool = spec.message.recurrent_param.expose_hidden
        static = self._check_bottoms(spec, shapes)
        of_x = 1 if given[0].type == "hidden" and len(given) == 2 else 0
        of_h = 1 if given[0].type == "input" and len(given) == 2 else 0
        self.windows = {name: read_window(spec, 2, given[i], (PARAM, i)) for name, i in (("x", of_x), ("h", of_h))}
        self.groups = {"x": given[of_x].group, "h": given[of_h].group}
        if not debug.ignore_x:
            self._add_weight(spec, "x_weight", "x", of_x, shapes[0][2])
            if static is not None:
                self._add_weight(spec, "static_weight", "x", of_x, static[2])
        self._add_weight(spec, "h_weight", "h", of_h, self.outputs)
        if given[of_h].bias_term:
            self.add_blob("bias", (4 * self.outputs,), fill_of(given[of_h].bias_filler, spec, PARAM, of_h, "bias_filler"))
        self.first_axis = debug.axis_hadamard
        self._add_peepholes(spec)
        if not self.exposed:
            self.carried = ("h", "c")
            for name in self.carried:
                self.add_constant(name, self.state_shape, constant(0.0))

    def _check_bottoms(self, spec: LayerDefinition, shapes: Sequence[Shape]) -> Shape | None:
        """Refuse bottoms that do not fit together. Returns the shape of the static one, if there is one."""
        states = 2 if self.exposed else 0
        if len(shapes) - states not in (2, 3) or len(spec.tops) != 1 + states:
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(spec.tops)} tops; with `expose_hidden: "
                              f"{str(self.exposed).lower()}` it wants {2 + states} or {3 + states} and {1 + states}", "bottom")
        if shapes[1] != shapes[0][:2]:
            raise refuse_shapes(spec, shapes, 1, f"continuation markers have shape {shapes[0][:2]} (time, sequences)")
        for index in range(len(shapes) - states, len(shapes)):
            if shapes[index] != self.state_shape:
                raise refuse_shapes(spec, shapes, index, f"a state has shape {self.state_shape}")
        if len(shapes) == 2 + states:
            return None
        static = shapes[2]
        if len(static) != 5 or static[:2] != (1, shapes[0][1]) or static[3:] != shapes[0][3:]:
            raise refuse_shapes(spec, shapes, 2, "an input of every step has one step and the same sequences and planes")
        return static

    def _add_weight(self, spec: LayerDefinition, name: str, of: str, index: int, channels: int) -> None:
        """Declare the weight of a convolution whose `lstm_conv_param` has this index."""
        window, group = self.windows[of], self.groups[of]
        param = spec.message.lstm_conv_param[index]
        if window.places(self.state_shape[3:], False) != self.state_shape[3:]:
            raise spec.refuse(f"makes planes of {window.places(self.state_shape[3:], False)} of those of {self.state_shape[3:]}; "
                              "they must stay as large", PARAM, index)
        if not group or channels % group or 4 * self.outputs % group:
            raise spec.refuse(f"has `group` {group}, which does not divide {channels} channels and 4 x {self.outputs} outputs",
                              PARAM, index, "group")
        shape = (4 * self.outputs, channels // group, *window.kernel)
        self.add_blob(name, shape, fill_of(param.weight_filler, spec, PARAM, index, "weight_filler", shape=shape))

    def _add_peepholes(self, spec: LayerDefinition) -> None:
        """Declare the weights of c, of some of its axes."""
        debug = spec.message.lstm_debug_param
        self.peephole_shape: Shape = ()
        if debug.disable_hadamard:
            return
        last = self.first_axis + debug.num_axes_hadamard
        if not 0 < debug.num_axes_hadamard or last > 5:
            raise spec.refuse(f"has weights of the axes from {self.first_axis} to before {last}; a state has 5 axes", DEBUG)
        own = self.state_shape[self.first_axis : last]
        self.peephole_shape = (*own, *[1] * (5 - last))
        for name in _PEEPHOLES:
            self.add_blob(name, own, constant(1.0))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        state = (1, bottoms[0][1], *self.state_shape[2:])
        return [(bottoms[0][0], *state[1:]), *[state] * (2 if self.exposed else 0)]

    def forward(self, x: Tensor, cont: Tensor, *more: Tensor) -> tuple[Tensor, ...]:
        h, c = self._state(x.shape[1], more)
        fixed = self._inputs(x, more[0] if len(more) in (1, 3) else None)
        weight, bias, outputs = self.blob("h_weight"), self.optional_blob("bias"), []
        for step, mark in enumerate(cont.detach().to(weight.dtype)):
            mark = mark[:, None, None, None]
            gates = convolve(h[0] * mark, weight, bias, self.windows["h"], self.groups["h"])
            if fixed is not None:
                gates = gates + fixed[step]
            i, f, o, g = gates.chunk(4, 1)
            if self.peephole_shape:
                i, f, o = (gate + (self.blob(name).reshape(self.peephole_shape) * c)[0]
                           for gate, name in zip((i, f, o), _PEEPHOLES))
            c = (f.sigmoid() * mark * c[0] + i.sigmoid() * self.squash(g))[None]
            h = o.sigmoid()[None] * self.squash(c)
            outputs.append(h)
        if self.exposed:
            return torch.cat(outputs), h, c
        self.h, self.c = h.detach().clone(), c.detach().clone()
        return (torch.cat(outputs),)

    def _state(self, n: int, more: Sequence[Tensor]) -> Sequence[Tensor]:
        """h and c at t = 0."""
        if self.exposed:
            return more[-2:]
        state = [self.h.detach(), self.c.detach()]
        return state if state[0].shape[1] == n else [value.new_zeros(1, n, *value.shape[2:]) for value in state]

    def _inputs(self, x: Tensor, static: Tensor | None) -> Tensor | None:
        """The gates' parts from x and a static input, (T, N, 4 num_output, H, W)."""
        if "x_weight" not in self.blob_names:
            return None
        window, group = self.windows["x"], self.groups["x"]
        parts = convolve(x.flatten(0, 1), self.blob("x_weight"), None, window, group).unflatten(0, x.shape[:2])
        if static is not None:
            parts = parts + convolve(static[0], self.blob("static_weight"), None, window, group)
        return parts

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Markers that let every sequence begin once, at the first step."""
        if index != 1:
            return None
        markers = torch.ones(shape)
        markers[0] = 0
        return markers


@register("ConvLSTMReLU")
class ConvLSTMReLU(ConvLSTM):
    """ConvLSTM with ``max(x, 0)`` in place of tanh."""

    @staticmethod
    def squash(x: Tensor) -> Tensor:
        return x.relu()


@register("ConvLSTMUnit")
class ConvLSTMUnit(LSTMUnit):
    """`LSTMUnit` over planes: c (1, N, C, H, W), gates (1, N, 4 C, H, W) and cont (1, N) to the new c and h, as c is."""

    axes = 5
    state = "(1, sequences, channels, height, width)"

    def forward(self, c: Tensor, gates: Tensor, cont: Tensor) -> tuple[Tensor, Tensor]:
        new, h = super().forward(c.flatten(2), gates.flatten(2), cont)
        return new.reshape(c.shape), h.reshape(c.shape)


def convolve(x: Tensor, weight: Tensor, bias: Tensor | None, window: Window, group: int) -> Tensor:
    """A convolution of planes."""
    return F.conv2d(x, weight, bias, window.stride, window.pad, window.dilation, group)
