"""The places in the text of a message's fields, kept beside the message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from netdef.schema.unknown_fields import Unread
from netdef.source import Span


@dataclass(frozen=True, slots=True, eq=False)
class Where:
    """The place of a message or a value, and those of its fields, by name and index.

    ``span`` covers the whole field, ``name`` the field's name; both are None for what is in no text, such as a layer
    that a program added. A path is a sequence of field names, each followed by an index for one item of a repeated
    field: ``where.at("layer", 3, "convolution_param", "kernel_size", 0)``. A path to something that the text does not
    have stands for the nearest part of it that the text has. ``unread`` are the fields and values of a layer, in all
    its messages, that the schema does not have.
    """

    span: Span | None = None
    name: Span | None = None
    fields: Mapping[str, Sequence[Where]] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()

    def at(self, *path: str | int) -> Span | None:
        """The place of a field, name and value; None only if nothing on its path has one."""
        return next((w.span for w in reversed(self._along(path)) if w.span), None)

    def name_span(self, *path: str | int) -> Span | None:
        """The place of a field's name, for errors about the field being given at all."""
        return next((w.name or w.span for w in reversed(self._along(path)) if w.name or w.span), None)

    def child(self, *path: str | int) -> Where:
        """The places of a part: an empty `Where` at the nearest place if the text does not have the part."""
        along = self._along(path)
        if len(along) == 1 + sum(isinstance(key, str) for key in path):
            return along[-1]
        return Where(self.at(*path), self.name_span(*path))

    def has(self, name: str) -> bool:
        """Whether the text gives the field."""
        return bool(self.fields.get(name))

    def replace(self, **fields: Iterable[Where]) -> Where:
        """The same place with the places of some fields replaced; an empty list removes the field."""
        return replace(self, fields={**self.fields, **{name: tuple(places) for name, places in fields.items()}})

    def _along(self, path: Sequence[str | int]) -> list[Where]:
        """The known places on a path, this one first; a field and its index are one step."""
        along = [self]
        for i, key in enumerate(path):
            if isinstance(key, int):
                continue
            places = along[-1].fields.get(key, ())
            index = path[i + 1] if i + 1 < len(path) else None
            if not isinstance(index, int):
                if not places:
                    break
                along.append(_whole(places))
            elif 0 <= index < len(places):
                along.append(places[index])
            else:
                break
        return along


def _whole(places: Sequence[Where]) -> Where:
    """All places of a repeated field as one."""
    first, last = places[0].span, places[-1].span
    if len(places) == 1 or first is None or last is None or last.source is not first.source:
        return places[0]
    return Where(Span(first.source, first.start, max(first.end, last.end)), places[0].name, places[0].fields)
