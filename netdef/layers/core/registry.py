"""The registry of layer types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from google.protobuf.message import Message

from netdef.definition.definitions import LayerDefinition
from netdef.errors import did_you_mean
from netdef.layers.core.base import Entry, Layer
from netdef.layers.core.modules import import_all, import_type, types
from netdef.schema.descriptors import descriptor_of
from netdef.schema.fork_types import fork_of_type
from netdef.schema.messages import LayerParameter
from netdef.schema.proto_text import declared_fields
from netdef.schema.unknown_fields import declare

LayerClass = type[Layer] | type[Entry]
_ClassT = TypeVar("_ClassT", bound=LayerClass)
_Condition = Callable[[LayerDefinition], bool]

_registry: dict[str, LayerClass] = {}
_own_fields: dict[str, type[Message]] = {}
_special: dict[str, list[tuple[_Condition, LayerClass]]] = {}


def register(
    *type_names: str, when: _Condition | None = None, fields: str = ""
) -> Callable[[_ClassT], _ClassT]:
    """Class decorator: register the class of a layer type, or of several. Raises ValueError if a type has one.

    A user's class replaces this package's class of the same type, whichever is imported first. With ``when`` the class is
    for those layers of the type for which it is true. ``fields`` declares fields of a layer that the
    schema does not have, as a fork's ``caffe.proto`` does; the constructor finds them in ``spec.own``.
    """
    if not type_names or not isinstance(type_names[0], str):
        raise TypeError('the type of the layer is missing: write @netdef.register("Type") above the class')
    own = declared_fields(fields) if fields else None
    if own is not None:
        _check_new(own)

    def claim(cls: _ClassT) -> _ClassT:
        for type_name in type_names:
            _claim(type_name, cls, when, own)
        cls.type_name = type_names[0]
        return cls

    return claim


def _claim(type_name: str, cls: LayerClass, when: _Condition | None, own: type[Message] | None) -> None:
    if not (isinstance(cls, type) and issubclass(cls, (Layer, Entry))):
        raise TypeError(f"layer type `{type_name}`: a subclass of netdef.Layer is wanted, not {cls!r}")
    before = _registry.get(type_name)
    if when is not None:
        _special.setdefault(type_name, []).append((when, cls))
    elif before is None or (is_ours(before) and not is_ours(cls)):
        _registry[type_name] = cls
        if own is not None:
            _own_fields[type_name] = own
            declare(field.name for field in descriptor_of(own).fields)
    elif is_ours(before) == is_ours(cls):
        raise ValueError(f"layer type `{type_name}` is already {before.__qualname__}")


def is_ours(cls: type) -> bool:
    """Whether a class is of this package."""
    return cls.__module__.startswith("netdef.")


def _check_new(own: type[Message]) -> None:
    """Raise ValueError for declared fields that the schema has: the constructor finds these in ``spec.message``."""
    known = descriptor_of(LayerParameter).fields_by_name
    for field in descriptor_of(own).fields:
        if field.name in known:
            raise ValueError(f"the schema has a field `{field.name}`, in `spec.message`; do not declare it")


def layer_class(spec: LayerDefinition) -> LayerClass:
    """The class of a layer. Raises `SpecError` for an unknown type, with the nearest known one."""
    if not spec.type:
        raise spec.refuse("has no `type`", "type")
    found = registered(spec.type)
    if found is None:
        fork = fork_of_type(spec.type)
        near = did_you_mean(spec.type, sorted({*types(), *_registry})) or "; `--plugin` and `netdef.register` add types"
        hint = f": it is of {fork} and not implemented" if fork else near
        raise spec.refuse(f"has an unknown type `{spec.type}`{hint}", "type")
    candidates = (each for each in _special.get(spec.type, ()) if is_ours(found) or not is_ours(each[1]))
    return next((cls for when, cls in candidates if when(spec)), found)


def registered(type_name: str) -> LayerClass | None:
    """The class of a type without conditions (``when``), which may run a user's code; None for an unknown type."""
    import_type(type_name)
    return _registry.get(type_name)


def own_fields(type_name: str) -> type[Message] | None:
    """The class of the message of the fields that a type was registered with; None for a type without such fields."""
    return _own_fields.get(type_name)


def known_types() -> dict[str, LayerClass]:
    """Every type, sorted by name. Import `netdef.layers.catalogue` and `netdef.data.catalogue` first to have them all."""
    import_all()
    return dict(sorted(_registry.items()))
