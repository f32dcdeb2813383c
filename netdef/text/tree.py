"""The tree of a prototxt: untyped, in the order of the text, every node with its place."""

from __future__ import annotations

from dataclasses import dataclass

from netdef.source import Span


@dataclass(frozen=True, slots=True)
class String:
    """A string: its bytes, adjacent literals joined and escapes undone."""

    value: bytes
    span: Span


@dataclass(frozen=True, slots=True)
class Number:
    """A token that begins as a number: its text, with the sign and without blanks. The field's type decides its value."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Identifier:
    """A word without quotes: a name of an enum, ``true``, ``inf``."""

    value: str
    span: Span


Scalar = String | Number | Identifier
"""A value that is not a block."""


@dataclass(frozen=True, slots=True)
class Field:
    """``name: value`` or ``name { ... }``.

    A list ``name: [a, b]`` is one field for each item, with ``listed`` set; an empty list is one field without a value.
    """

    name: str
    name_span: Span
    value: Scalar | Block | None
    span: Span
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The fields between two braces, or of a whole text."""

    fields: tuple[Field, ...]
    span: Span
