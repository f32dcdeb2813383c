"""What rules that rewrite fields are made of: fields at the places of others, and the values of fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from netdef.text.tree import Block, Field, Identifier, Number, String


class Rewriter(NamedTuple):
    """A rule that rewrites the fields of a message if any of ``names`` is among them."""

    names: frozenset[str]
    rewrite: Callable[[tuple[Field, ...]], Iterable[Field]]


def number(field: Field, name: str, value: float) -> Field:
    """A field with a number, at the place of another field."""
    return Field(name, field.name_span, Number(f"{value:g}" if value == round(value) else repr(value), field.span), field.span)


def word(field: Field, name: str, value: str) -> Field:
    """A field with a word, at the place of another field."""
    return Field(name, field.name_span, Identifier(value, field.span), field.span)


def part(field: Field, name: str, fields: Iterable[Field]) -> Field:
    """A message of these fields, at the place of another field."""
    return Field(name, field.name_span, Block(tuple(fields), field.span), field.span)


def value_of(fields: Iterable[Field], name: str, default: float) -> float:
    """The number that a field has; the default for one that is not there or is no number, which is an error elsewhere."""
    for field in fields:
        if field.name == name and isinstance(field.value, Number):
            try:
                return float(field.value.value.rstrip("fF"))
            except ValueError:
                return default
    return default


def word_of(fields: Iterable[Field], name: str) -> bytes | str | None:
    """The value of the first field of a name that is a string or a word."""
    return next((f.value.value for f in fields if f.name == name and isinstance(f.value, String | Identifier)), None)
