"""Arguments of a call as the tree that a text would give, with places in the call: checked as texts are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from netdef.errors import did_you_mean
from netdef.source import Source, Span
from netdef.text.tree import Block, Field, Scalar


class _Node(NamedTuple):
    """A value and where it stands: a `_Dict`, a list of nodes, or a plain value."""

    start: int
    end: int
    value: object


class _Item(NamedTuple):
    """A name, where it begins, and its value."""

    name: str
    start: int
    node: _Node


def call_tree(name: str, arguments: Mapping[str, object], descriptor: Descriptor, own: str | None) -> Block:
    """The block of ``L.name(argument=value, ...)`` for a layer's descriptor.

    ``own`` is the field of the layer's own message, to which all arguments belong that it has; the layer's other fields
    stand beside it. What neither has goes to where a name is near.
    """
    writer = _Writer(f"L.{name}(")
    items = writer.items(arguments)
    source = Source("<call>", writer.text + ")")
    if own is None:
        return Block(_fields(items, descriptor, source), Span(source, 0, len(source.text)))
    theirs = descriptor.fields_by_name[own].message_type.fields_by_name
    inner, outer, more = [], [], []
    for item in items:
        if item.name == own and isinstance(item.node.value, _Dict):
            more += item.node.value
        elif _belongs(item.name, theirs, descriptor.fields_by_name):
            inner.append(item)
        else:
            outer.append(item)
    span = Span(source, 0, len(source.text))
    fields = _fields(outer, descriptor, source)
    if inner or more:
        block = Block(_fields(inner + more, descriptor.fields_by_name[own].message_type, source), span)
        fields += (Field(own, span, block, span),)
    return Block(fields, span)


def _belongs(name: str, own: Mapping, layer: Mapping) -> bool:
    if name.endswith("param") or name in own or name in layer:
        return not name.endswith("param") and name in own
    return bool(did_you_mean(name, own)) or not did_you_mean(name, layer)


class _Dict(list[_Item]):
    """The items of a dictionary, to be told from a list of values."""


class _Writer:
    """Writes values as Python and notes where each stands."""

    def __init__(self, text: str):
        self.text = text

    def items(self, fields: Mapping[str, object]) -> list[_Item]:
        items = []
        for name, value in fields.items():
            self.text += ", " if items else ""
            start = len(self.text)
            self.text += f"{name}="
            items.append(_Item(str(name), start, self.node(value)))
        return items

    def node(self, value: object) -> _Node:
        start = len(self.text)
        if isinstance(value, (np.ndarray, np.generic)):
            value = value.tolist()
        if isinstance(value, Mapping):
            self.text += "dict("
            kept = _Dict(self.items(value))
            self.text += ")"
            return _Node(start, len(self.text), kept)
        if isinstance(value, (list, tuple)):
            self.text += "["
            nodes = []
            for i, part in enumerate(value):
                self.text += ", " if i else ""
                nodes.append(self.node(part))
            self.text += "]"
            return _Node(start, len(self.text), nodes)
        self.text += repr(value)
        return _Node(start, len(self.text), value)


def _fields(items: list[_Item], descriptor: Descriptor, source: Source) -> tuple[Field, ...]:
    fields = []
    for item in items:
        field = descriptor.fields_by_name.get(item.name)
        name_span = Span(source, item.start, item.start + len(item.name))
        value = item.node.value
        listed = isinstance(value, list) and not isinstance(value, _Dict)
        for node in value if listed else [item.node]:
            span = Span(source, item.start, item.node.end)
            fields.append(Field(item.name, name_span, _value(node, field, source), span, listed))
    return tuple(fields)


def _value(node: _Node, field: FieldDescriptor | None, source: Source) -> Scalar | Block:
    span = Span(source, node.start, node.end)
    value = node.value
    if isinstance(value, _Dict):
        inner = _fields(value, field.message_type, source) if field is not None and field.message_type else ()
        return Block(inner, span)
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, bool):
        return Scalar("identifier", "true" if value else "false", span)
    if isinstance(value, (int, float)):
        return Scalar("number", repr(value), span)
    if isinstance(value, bytes):
        return Scalar("string", value, span)
    if isinstance(value, str):
        if field is not None and field.type == FieldDescriptor.TYPE_ENUM:
            return Scalar("identifier", value, span)
        return Scalar("string", value.encode(), span)
    return Scalar("identifier", repr(value), span)
