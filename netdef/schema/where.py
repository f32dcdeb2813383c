"""Where each field of a message stands in the text. Messages cannot carry this, so it lies beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from netdef.source import Span


@dataclass(frozen=True, slots=True, eq=False)
class Where:
    """The place of a message or a value, and those of its fields, by name and index.

    ``span`` covers the whole field, ``name`` the field's name; both are None for what no text has, such as a layer that
    a program added. Paths are field names, a repeated field's followed by the index or, for the whole of it, by none:
    ``where.at("layer", 3, "convolution_param", "kernel_size", 0)``. A path that leads further than the text does means
    its nearest part that the text has.
    """

    span: Span | None = None
    name: Span | None = None
    fields: Mapping[str, Sequence[Where]] = field(default_factory=dict)

    def at(self, *path: str | int) -> Span | None:
        """The place of a field, name and value; None only if nothing on its path has one."""
        return next((w.span for w in reversed(self._along(path)) if w.span), None)

    def name_span(self, *path: str | int) -> Span | None:
        """The place of a field's name, for complaints about the field being there at all."""
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
        """The same place with the places of some fields replaced; an empty list takes the field away."""
        return Where(self.span, self.name, {**self.fields, **{name: tuple(places) for name, places in fields.items()}})

    def _along(self, path: Sequence[str | int]) -> list[Where]:
        """The places on a path as far as it goes, this one first; a field and its index are one step."""
        along = [self]
        for i, key in enumerate(path):
            if isinstance(key, int):
                continue
            places = along[-1].fields.get(key, ())
            index = path[i + 1] if i + 1 < len(path) and isinstance(path[i + 1], int) else None
            if index is None and places:
                along.append(_whole(places))
            elif index is not None and 0 <= index < len(places):
                along.append(places[index])
            else:
                break
        return along


def _whole(places: Sequence[Where]) -> Where:
    """All the places of a repeated field as one."""
    first, last = places[0].span, places[-1].span
    if len(places) == 1 or first is None or last is None or last.source is not first.source:
        return places[0]
    return Where(Span(first.source, first.start, max(first.end, last.end)), places[0].name, places[0].fields)
