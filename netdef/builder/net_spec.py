"""Write nets in Python as with ``caffe.net_spec``; model builders written for the original run unchanged.

    from netdef.netspec import NetSpec, layers as L, params as P

    n = NetSpec()
    n.data, n.label = L.Data(source="train_lmdb", backend=P.Data.LMDB, batch_size=64, ntop=2)
    n.conv1 = L.Convolution(n.data, kernel_size=5, num_output=20, weight_filler=dict(type="xavier"))
    n.relu1 = L.ReLU(n.conv1, in_place=True)
    n.loss = L.SoftmaxWithLoss(L.InnerProduct(n.relu1, num_output=10), n.label)
    n.save("net.prototxt")

A keyword is a field of the message of the layer's type (``convolution_param``) if that has it, else of the layer
(``param``, ``include``, ``loss_weight``, ``transform_param``). A dictionary is a message, a list a repeated field.
Arguments are checked in the call, as a text is when it is read; types of layers when the net is compiled.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from netdef.builder.functions import PARAMS, Function, Top, net_of, to_proto
from netdef.errors import Problems, did_you_mean
from netdef.files import atomic_write
from netdef.schema import messages
from netdef.schema.arguments import call_tree
from netdef.schema.descriptors import descriptor_of
from netdef.schema.lower import lower
from netdef.schema.messages import NetParameter
from netdef.text.write import message_text

__all__ = [
    "TEST", "TRAIN", "Function", "NetSpec", "Top", "assign_proto", "layers", "param_name_dict", "params", "to_proto"]

TRAIN, TEST = messages.TRAIN, messages.TEST


class NetSpec:
    """A net whose attributes, or items, are named tops. ``name`` is the net's name."""

    tops: dict[str, Top | Function]
    name: str

    def __init__(self, name: str = ""):
        vars(self).update(tops={}, name=name)

    # The types are Any, not Top | Function: type checkers would refuse such a union where a Top is wanted.

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __getattr__(self, name: str) -> Any:
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

    def __getitem__(self, name: str) -> Any:
        return self.tops[name]

    def __delitem__(self, name: str) -> None:
        del self.tops[name]

    def keys(self) -> list[str]:
        """The names of the tops, in the order in which they were given; `vals` are the tops, as in SSD's Caffe."""
        return list(self.tops)

    def vals(self) -> list[Top | Function]:
        """The tops, in the order in which they were given."""
        return list(self.tops.values())

    def update(self, name: str, params: Mapping[str, object]) -> None:
        """Give the layer of a top further keywords, as in SSD's Caffe."""
        top = self.tops[name]
        (top.fn if isinstance(top, Top) else top).update(params)

    def to_proto(self) -> NetParameter:
        """The net as a message, for `netdef.from_proto`: the named tops in order, each after those that it needs.

        A top without a name is named after its layer's type, with a number: ``ReLU1``. A layer is named as its first top.
        """
        return net_of(self.name, {value: name for name, value in self.tops.items()})

    def __str__(self) -> str:
        """The net as a prototxt."""
        return message_text(self.to_proto())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the prototxt. Raises `FileError` for errors of the operating system."""
        with atomic_write(path) as file:
            file.write(str(self).encode())


class _Layers:
    """``layers.Convolution(bottom, ..., num_output=20)`` makes a layer of that type and returns its top.

    With ``ntop`` it returns a tuple of tops, with ``ntop=0`` the layer. Raises `SpecError` for arguments that do not fit
    the schema.
    """

    def __getattr__(self, type_name: str) -> Callable[..., Any]:
        if type_name.startswith("_"):
            raise AttributeError(type_name)

        def layer(*inputs: Top, **params: object) -> Top | tuple[Top, ...] | Function:
            function = Function(type_name, inputs, params)
            if function.ntop == 0:
                return function
            return function.tops[0] if function.ntop == 1 else function.tops

        layer.__name__ = type_name
        return layer


class _Params:
    """``params.Pooling.MAX`` is the number of an enum value of PoolingParameter."""

    def __getattr__(self, name: str) -> _EnumValues:
        message = getattr(messages, f"{name}Parameter", None)
        if message is None:
            raise AttributeError(f"there is no message `{name}Parameter`{did_you_mean(name, PARAMS)}")
        return _EnumValues(descriptor_of(message))


class _EnumValues:
    """The values of the enums in a message, by name."""

    def __init__(self, descriptor: Descriptor):
        self._descriptor = descriptor

    def __getattr__(self, name: str) -> int:
        values = self._descriptor.enum_values_by_name
        if name not in values:
            raise AttributeError(f"{self._descriptor.name} has no value `{name}`{did_you_mean(name, values)}")
        return values[name].number


def assign_proto(proto: Message, name: str, val: object) -> None:
    """Set a field of a message: a dictionary is merged into a message, a list added to a repeated field.

    Raises `SpecError` for what does not fit the schema.
    """
    problems = Problems()
    kind = type(proto)
    descriptor = descriptor_of(kind)
    message, _ = lower(call_tree(descriptor.name, {name: val}, descriptor, None), kind, problems)
    problems.raise_any()
    proto.MergeFrom(message)


def param_name_dict() -> dict[str, str]:
    """The fields of layers' own messages, without ``_param``, by layer type."""
    return {type_name: field.removesuffix("_param") for type_name, field in PARAMS.items()}


layers, params = _Layers(), _Params()
