"""Layers and their tops in nets written in Python, and the message of a net that computes some of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from netdef.errors import Problems
from netdef.schema.arguments import call_tree
from netdef.schema.descriptors import descriptor_of, message_type
from netdef.schema.lower import lower
from netdef.schema.messages import LayerParameter, NetParameter

PARAMS = {
    message_type(field).name.removesuffix("Parameter"): field.name
    for field in reversed(LayerParameter.DESCRIPTOR.fields)
    if field.name.endswith("_param")
}  # {"Convolution": "convolution_param", ...}: of several fields with one message, the first, since forks' follow Caffe's
PARAMS |= dict.fromkeys(
    ("Deconvolution", "Im2col", "DepthwiseConvolution", "ConvolutionDepthwise"), "convolution_param")  # none of their own


class Top:
    """One top of a layer: the result of a call of `layers`, and an argument of others."""

    def __init__(self, fn: Function, n: int):
        self.fn, self.n = fn, n

    def to_proto(self) -> NetParameter:
        """The net that computes this top."""
        return to_proto(self)


class Function:
    """One layer.

    Attributes:
        type_name: its type.
        inputs: its bottoms.
        ntop: the number of its tops: 1 unless given, 0 for a layer that only reads.
        in_place: whether its tops are its bottoms.
        params: the other keywords of the call.
        tops: its tops.
        message: its message, without bottoms and tops that are given by ``inputs`` and ``tops``.
    """

    def __init__(self, type_name: str, inputs: tuple[Top, ...], params: Mapping[str, object]):
        for index, given in enumerate(inputs):
            if not isinstance(given, Top):
                raise TypeError(f"{type_name} input {index} is not a Top (type is {type(given)})")  # in the original's words
        fields: dict[str, Any] = dict(params)
        self.type_name, self.inputs = type_name, inputs
        self.ntop: int = fields.pop("ntop", 1)
        self.in_place: bool = fields.pop("in_place", False)
        self.params = fields
        self.tops = tuple(Top(self, n) for n in range(self.ntop))
        self.message = _checked(type_name, fields)

    def update(self, params: Mapping[str, object]) -> None:
        """Add keywords to those of the call, or change them. Raises `SpecError` as the call does."""
        fields = {**self.params, **params}
        self.message = _checked(self.type_name, fields)
        self.params = fields

    def bottoms(self, layers: Mapping[Function, LayerParameter]) -> list[str]:
        """The names of its bottoms, given the messages of the layers that make them."""
        return [layers[top.fn].top[top.n] for top in self.inputs]


def to_proto(*tops: Top | Function) -> NetParameter:
    """The net that computes these tops, which are named after their layers' types."""
    return net_of("", dict.fromkeys(tops))


def net_of(name: str, names: dict[Top | Function, str | None]) -> NetParameter:
    """The net of these tops, {top: its name}; None names a top after its layer's type, with a number."""
    known = {top: given for top, given in names.items() if given is not None}
    counts: Counter[str] = Counter()
    layers: dict[Function, LayerParameter] = {}

    def name_of(named: Top | Function, type_name: str) -> str:
        if named not in known:
            counts[type_name] += 1
            known[named] = f"{type_name}{counts[type_name]}"
        return known[named]

    for function in _in_order(names):
        layer = layers[function] = deepcopy(function.message)
        bottoms = function.bottoms(layers)
        tops = bottoms if function.in_place else [name_of(top, function.type_name) for top in function.tops]
        layer.bottom[:] = [*bottoms, *layer.bottom]
        layer.top[:] = [*tops, *layer.top]
        if not layer.HasField("name"):
            layer.name = name_of(function.tops[0] if function.tops else function, function.type_name)
    net = NetParameter(layer=layers.values())
    if name:
        net.name = name
    return net


def _in_order(wanted: Iterable[Top | Function]) -> Iterator[Function]:
    """The layers that compute what is wanted, each after those that make its inputs."""
    done: set[Function] = set()
    for each in wanted:
        pending = [each.fn if isinstance(each, Top) else each]
        while pending:  # no recursion: nets are deeper than Python's stack
            missing = [top.fn for top in pending[-1].inputs if top.fn not in done]
            if missing:
                pending += missing[::-1]
            elif (function := pending.pop()) not in done:
                done.add(function)
                yield function


def _checked(type_name: str, params: Mapping[str, object]) -> LayerParameter:
    """The message of a layer from the arguments of a call. Raises `SpecError` with places in the call."""
    own = PARAMS.get(type_name)
    problems = Problems()
    message, _ = lower(call_tree(type_name, params, descriptor_of(LayerParameter), own), LayerParameter, problems)
    problems.raise_any()
    message.type = message.type or type_name
    return message
