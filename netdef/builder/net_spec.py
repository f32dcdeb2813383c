"""Nets written in Python, in the manner of ``caffe.net_spec``: model builders written for the original still run.

    from netdef.builder.net_spec import NetSpec, layers as L, params as P

    n = NetSpec()
    n.data, n.label = L.Data(source="train_lmdb", backend=P.Data.LMDB, batch_size=64, ntop=2)
    n.conv1 = L.Convolution(n.data, kernel_size=5, num_output=20, weight_filler=dict(type="xavier"))
    n.relu1 = L.ReLU(n.conv1, in_place=True)
    n.loss = L.SoftmaxWithLoss(L.InnerProduct(n.relu1, num_output=10), n.label)
    n.save("net.prototxt")

A keyword is a field of the layer's own message (``convolution_param``) if that has it, else of the layer (``param``,
``include``, ``loss_weight``, ``transform_param``). A dictionary is a message, a list a repeated field. Arguments are
checked when the call is made, as text is when it is read; types of layers when the net is compiled.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping

from netdef.errors import Problems, did_you_mean
from netdef.files import atomic_write
from netdef.schema import messages
from netdef.schema.arguments import call_tree
from netdef.schema.lower import lower
from netdef.schema.messages import LayerParameter, NetParameter
from netdef.text.write import message_text

TRAIN, TEST = messages.TRAIN, messages.TEST

_PARAMS = {
    field.message_type.name.removesuffix("Parameter"): field.name
    for field in LayerParameter.DESCRIPTOR.fields
    if field.name.endswith("_param")
}  # "Convolution": "convolution_param"
_PARAMS |= dict.fromkeys(
    ("Deconvolution", "Im2col", "DepthwiseConvolution", "ConvolutionDepthwise"), "convolution_param")  # none of their own


class Top:
    """One top of a layer: what a call of `layers` gives, and other calls take."""

    def __init__(self, fn: Function, n: int):
        self.fn, self.n = fn, n

    def to_proto(self) -> NetParameter:
        """The net that computes this top."""
        return to_proto(self)


class Function:
    """One layer: its type, its bottoms, its message. ``ntop`` tops, one unless said otherwise; none is a sink.

    ``params`` are the other keywords of the call, ``tops`` its tops.
    """

    def __init__(self, type_name: str, inputs: tuple[Top, ...], params: dict[str, object]):
        for index, given in enumerate(inputs):
            if not isinstance(given, Top):
                raise TypeError(f"{type_name} input {index} is not a Top (type is {type(given)})")  # in the original's words
        params = dict(params)
        self.type_name, self.inputs = type_name, inputs
        self.ntop: int = params.pop("ntop", 1)
        self.in_place: bool = params.pop("in_place", False)
        self.params = params
        self.tops = tuple(Top(self, n) for n in range(self.ntop))
        self.message = _checked(type_name, params)

    def bottoms(self, layers: dict[Function, LayerParameter]) -> list[str]:
        return [layers[top.fn].top[top.n] for top in self.inputs]


class NetSpec:
    """A net: its attributes (or items) are tops, whose names they become. ``name`` is the net's."""

    def __init__(self, name: str = ""):
        vars(self).update(tops={}, name=name)

    def __setattr__(self, name: str, value: Top | Function) -> None:
        self[name] = value

    def __getattr__(self, name: str) -> Top | Function:
        tops = vars(self).get("tops", {})
        if name not in tops:
            raise AttributeError(f"the net has no top `{name}`{did_you_mean(name, tops)}")
        return tops[name]

    def __delattr__(self, name: str) -> None:
        del self[name]

    def __setitem__(self, name: str, value: Top | Function) -> None:
        if isinstance(value, tuple):
            raise TypeError(f"`{name}` is given {len(value)} tops; name each: n.{name}, n.other = L....")
        if not isinstance(value, (Top, Function)):
            raise TypeError(f"`{name}` is given a {type(value).__name__}, not a top of a layer")
        self.tops[name] = value

    def __getitem__(self, name: str) -> Top | Function:
        return self.tops[name]

    def __delitem__(self, name: str) -> None:
        del self.tops[name]

    def keys(self) -> list[str]:
        """The names of the tops, in the order in which they were given; `vals` are the tops, as in SSD's Caffe."""
        return list(self.tops)

    def vals(self) -> list[Top | Function]:
        """The tops, in the order in which they were given."""
        return list(self.tops.values())

    def update(self, tops: Mapping[str, Top | Function]) -> None:
        """Name several tops."""
        for name, top in tops.items():
            self[name] = top

    def to_proto(self) -> NetParameter:
        """The net as a message, for `netdef.from_proto`: the named tops in order, each after all that it needs.

        A top without a name is called by its layer's type and a number: ``ReLU1``. A layer is called as its first top.
        """
        return _net(self.name, {value: name for name, value in self.tops.items()})

    def __str__(self) -> str:
        """The net as a prototxt."""
        return message_text(self.to_proto())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the prototxt. Raises `FileError` for what the operating system refuses."""
        with atomic_write(path) as file:
            file.write(str(self).encode())


def to_proto(*tops: Top | Function) -> NetParameter:
    """The net that computes all of these tops, whose names are found for them."""
    return _net("", dict.fromkeys(tops))


class _Layers:
    """``layers.Convolution(bottom, ..., num_output=20)`` is a layer of that type: its top, or a tuple of ``ntop``.

    With ``ntop=0`` it is the layer itself. Raises `SpecError` for arguments that do not fit the schema.
    """

    def __getattr__(self, type_name: str):
        if type_name.startswith("_"):
            raise AttributeError(type_name)

        def layer(*inputs: Top, **params: object) -> Top | tuple[Top, ...] | Function:
            function = Function(type_name, inputs, params)
            return {0: function, 1: function.tops[0] if function.tops else None}.get(function.ntop, function.tops)

        layer.__name__ = type_name
        return layer


class _Params:
    """``params.Pooling.MAX`` is a value of an enum of PoolingParameter."""

    def __getattr__(self, name: str) -> _Values:
        message = getattr(messages, f"{name}Parameter", None)
        if message is None:
            raise AttributeError(f"there is no message `{name}Parameter`{did_you_mean(name, _PARAMS)}")
        return _Values(message.DESCRIPTOR)


class _Values:
    def __init__(self, descriptor):
        self._descriptor = descriptor

    def __getattr__(self, name: str) -> int:
        values = self._descriptor.enum_values_by_name
        if name not in values:
            raise AttributeError(f"{self._descriptor.name} has no value `{name}`{did_you_mean(name, values)}")
        return values[name].number


layers, params = _Layers(), _Params()


def _checked(type_name: str, params: Mapping[str, object]) -> LayerParameter:
    """The message that the arguments of a call spell. Raises `SpecError` with places in the call."""
    own = _PARAMS.get(type_name)
    problems = Problems()
    message, _ = lower(call_tree(type_name, params, LayerParameter.DESCRIPTOR, own), LayerParameter, problems)
    problems.raise_any()
    message.type = message.type or type_name
    return message


def _net(name: str, names: dict[Top | Function, str | None]) -> NetParameter:
    """The net of the tops that are the keys; the values name them, None leaves it to their types and a number."""
    known = {top: given for top, given in names.items() if given is not None}
    counts: Counter[str] = Counter()
    done: dict[Function, LayerParameter] = {}

    def name_of(thing: Top | Function, type_name: str) -> str:
        if thing not in known:
            counts[type_name] += 1
            known[thing] = f"{type_name}{counts[type_name]}"
        return known[thing]

    def add(function: Function) -> None:
        layer = LayerParameter()
        layer.CopyFrom(function.message)
        bottoms = function.bottoms(done)
        tops = bottoms if function.in_place else [name_of(top, function.type_name) for top in function.tops]
        layer.bottom[:] = [*bottoms, *layer.bottom]
        layer.top[:] = [*tops, *layer.top]
        if not layer.HasField("name"):
            layer.name = name_of(function.tops[0] if function.tops else function, function.type_name)
        done[function] = layer

    for thing in names:
        pending = [thing.fn if isinstance(thing, Top) else thing]
        while pending:  # not by recursion: nets are deeper than Python's stack
            function = pending[-1]
            missing = [top.fn for top in function.inputs if top.fn not in done]
            if function in done or not missing:
                pending.pop()
                if function not in done:
                    add(function)
            else:
                pending += missing[::-1]
    net = NetParameter(layer=done.values())
    if name:
        net.name = name
    return net
