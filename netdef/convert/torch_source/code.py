"""Layers in torch's words: for each type, what a person would write in a module of their own. The types are in ``words_*``.

A wording reads the built layer, not its message. It is for inference: what a layer does in TRAIN alone is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from netdef.errors import NetdefError
from netdef.layers.core.base import Layer
from netdef.layers.core.shapes import Shape


class Wordless(NetdefError):
    """A layer that is not written as a plain module; the message goes on from "layer `name` (Type)"."""


@dataclass(frozen=True)
class Wording:
    """``call`` is the expression of the top (of several tops, a tuple).

    ``members`` are the attributes that it uses: {what stands behind the layer's name: how it is made}; ``state`` their
    tensors, by the name that they have within the member. ``pieces`` are the functions of `pieces` that are needed.
    """

    call: str
    members: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[str, Mapping[str, Tensor]] = field(default_factory=dict)
    pieces: tuple[Callable, ...] = ()


class Variable(str):
    """The name of a variable that holds a blob, and the shape that the blob has."""

    shape: Shape

    def __new__(cls, name: str, shape: Shape) -> Variable:
        variable = super().__new__(cls, name)
        variable.shape = shape
        return variable


Writer = Callable[[Layer, str, Sequence[Variable]], Wording]
_writers: dict[str, Writer] = {}


def words_for(*types: str) -> Callable[[Writer], Writer]:
    """Decorator: a function of the layer, its attribute (``self.conv1``) and its bottoms' variables."""

    def claim(function: Writer) -> Writer:
        _writers.update(dict.fromkeys(types, function))
        return function

    return claim


def wording(layer: Layer, me: str, bottoms: Sequence[Variable]) -> Wording:
    """The wording of a layer. Raises `Wordless` where there is none."""
    found = _writers.get(layer.type_name)
    if found is None:
        why = "computes a loss or a score" if layer.is_loss or layer.type_name == "Accuracy" else "has no words in torch"
        raise Wordless(why)
    return found(layer, me, bottoms)


def number(value: float) -> str:
    """A number as a person writes it: the shortest that is the same float32."""
    if isinstance(value, (bool, int)):
        return repr(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e6 else str(np.float32(value))


def sizes(values: Sequence[int]) -> str:
    """One number where all are equal, else a tuple."""
    return str(values[0]) if len(set(values)) == 1 else str(tuple(values))


def arguments(*given: object, **named: tuple[object, object]) -> str:
    """``named`` are (value, torch's default): left out where equal."""
    return ", ".join([*map(str, given), *(f"{key}={value}" for key, (value, usual) in named.items() if value != usual)])


def single(call: str, made: str, state: Mapping[str, Tensor]) -> Wording:
    """A layer that is one module, or one parameter."""
    return Wording(call, {"": made}, {"": state})


def plain(call: str, *needed: Callable) -> Wording:
    """A layer that is an expression."""
    return Wording(call, pieces=needed)


def weight_and_bias(layer: Layer, transpose: bool = False) -> dict[str, Tensor]:
    """``weight`` under its mask, and ``bias`` where there is one."""
    weight = layer.blob("weight")
    state = {"weight": weight.t() if transpose else weight}
    if (bias := layer.blob("bias")) is not None:
        state["bias"] = bias
    return state
