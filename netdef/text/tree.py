"""The tree of a prototxt: untyped, in the order of the text, every node with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netdef.source import Span


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value that is no block.

    ``value`` is the bytes of a string (adjacent strings joined, escapes undone), or the text of a number (sign
    included, spaces dropped) or of an identifier; what they mean depends on the type of the field.
    """

    kind: Literal["string", "number", "identifier"]
    value: bytes | str
    span: Span


@dataclass(frozen=True, slots=True)
class Field:
    """``name: value`` or ``name { ... }``. A list ``name: [a, b]`` is one field an item, with ``listed`` set; an empty
    list is one without a value.
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
