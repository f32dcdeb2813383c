"""Torch source of a layer, as in a handwritten module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from netdef.errors import NetdefError
from netdef.layers.core.shapes import Shape


class NotWritable(NetdefError):
    """A layer that cannot be written as torch source; the message goes on from "layer `name` (Type)"."""


class Variable(str):
    """The name of a variable that holds a blob, and the blob's shape."""

    shape: Shape

    def __new__(cls, name: str, shape: Shape) -> Variable:
        variable = super().__new__(cls, name)
        variable.shape = shape
        return variable


@dataclass(frozen=True)
class TorchCode:
    """The source of one layer, for inference.

    ``call`` is the expression of the top (of several tops, a tuple), or empty for a layer that computes nothing.
    ``members`` are the attributes that it uses: {suffix of the layer's name: expression that makes it}; ``state`` is {suffix:
    {name within the member: tensor}}. ``functions`` are the functions and classes that it calls.
    Their source is copied into the module: it may use ``torch``, ``nn``, ``F``, ``Tensor``, each other, and nothing else.
    """

    call: str
    members: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[str, Mapping[str, Tensor]] = field(default_factory=dict)
    functions: tuple[Callable[..., object], ...] = ()

    @classmethod
    def of_member(cls, call: str, made: str, state: Mapping[str, Tensor]) -> TorchCode:
        """A layer that is one module, or one parameter."""
        return cls(call, {"": made}, {"": state})

    @classmethod
    def of_affine(
        cls, me: str, x: str, blobs: Mapping[str, Tensor], trailing: Sequence[int], factor: str = ""
    ) -> TorchCode:
        """``x`` times ``factor`` or the blob ``scale``, plus the blob ``bias``, each if given.

        ``trailing`` are the axes of size 1 behind those of a blob, with which it is broadcast over ``x``.
        """

        def spread(name: str) -> str:
            view = f".reshape({', '.join(map(str, (*blobs[name].shape, *trailing)))})" if trailing else ""
            return f"{me}_{name}{view}"

        call = x
        if factor or "scale" in blobs:
            call = f"{call} * {factor or spread('scale')}"
        if "bias" in blobs:
            call = f"{call} + {spread('bias')}"
        usual = {"scale": "ones", "bias": "zeros"}
        made = {f"_{name}": f"nn.Parameter(torch.{usual[name]}({tuple(blob.shape)}))" for name, blob in blobs.items()}
        return cls(call, made, {f"_{name}": {"": blob} for name, blob in blobs.items()})


def number(value: float) -> str:
    """The shortest text that is the same float32."""
    if isinstance(value, (bool, int)):
        return repr(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e6 else str(np.float32(value))


def size_text(values: Sequence[int]) -> str:
    """One number if all are equal, else a tuple."""
    return str(values[0]) if len(set(values)) == 1 else str(tuple(values))


def arguments(*given: object, **named: tuple[object, object]) -> str:
    """The text between a call's brackets. ``named`` are (value, torch's default), left out where equal."""
    return ", ".join([*map(str, given), *(f"{key}={value}" for key, (value, usual) in named.items() if value != usual)])


def broadcast(blob: str, trailing: Sequence[int]) -> str:
    """A variable with axes of size 1 appended."""
    return f"{blob}.reshape(*{blob}.shape{', 1' * len(trailing)})" if trailing else blob
