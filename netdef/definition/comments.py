"""Write a message as text with the comments of the text that it was read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from google.protobuf.message import Message

from netdef.schema.where import Where
from netdef.source import Source
from netdef.text.grammar import ANY_WORD
from netdef.text.write import message_lines

FieldPath = tuple[str | int, ...]
Place = tuple[int, int, FieldPath]
"""Start and end in a text, and the field that stands there."""


def annotated(message: Message, where: Where, source: Source) -> str:
    """The text of a message, with the comments of its source text and the blank lines between layers."""
    places = sorted(_places(where, ()), key=lambda place: (place[0], -place[1]))  # the outer first
    comments = _Comments(source, places)
    gaps = {path for start, _, path in places if _blank_line_before(source.text, start)}
    lines: list[str] = []
    layer: FieldPath = ()
    for path, text in message_lines(message):
        indent = text[: len(text) - len(text.lstrip())]
        if path is None:
            if text == "}":
                lines += [f"  {comment}" for comment in comments.at_end.pop(layer, ())]
            lines.append(text)
            continue
        layer = path if len(path) == 2 else layer
        # A block in one line has the comments of all fields in it.
        here = [p for p in (*comments.above, *comments.behind) if p[: len(path)] == path] if text.endswith("}") else [path]
        here = list(dict.fromkeys(here))
        if lines and len(path) == 2 and path in gaps:
            lines.append("")
        lines += [f"{indent}{comment}" for p in here for comment in comments.above.pop(p, ())]
        lines.append("  ".join([text, *(comment for p in here for comment in comments.behind.pop(p, ()))]))
    left = [found for kind in (comments.above, comments.behind, comments.at_end) for found in kind.values()]
    return "\n".join([*lines, *(comment for found in left for comment in found), ""])


class _Comments:
    """The comments of a text, by the path of the field they belong to: above it, behind it in its line, or at its end."""

    def __init__(self, source: Source, places: list[Place]):
        self.above: dict[FieldPath, list[str]] = defaultdict(list)
        self.behind: dict[FieldPath, list[str]] = defaultdict(list)
        self.at_end: dict[FieldPath, list[str]] = defaultdict(list)  # of a layer; the path () is the text's
        for found in ANY_WORD.finditer(source.text):
            if found["comment"]:
                self._attach(found["comment"].rstrip(), found.start(), source, places)

    def _attach(self, comment: str, at: int, source: Source, places: list[Place]) -> None:
        line = source.text.rfind("\n", 0, at) + 1
        ended = [place for place in places if line <= place[0] and place[1] <= at]
        around = [place for place in places if place[0] < at < place[1]]
        following = next((path for start, _, path in places if start > at), None)
        layer = around[0][2] if around else ()
        if ended:
            self.behind[max(ended, key=lambda place: place[1])[2]].append(comment)
        elif around and line <= around[-1][0]:  # in the line that opens a block
            self.behind[around[-1][2]].append(comment)
        elif following is None or following[: len(layer)] != layer:
            self.at_end[layer].append(comment)
        else:
            self.above[following].append(comment)


def _places(where: Where, path: FieldPath) -> Iterator[Place]:
    """Start and end in the text of every field that has a place, and its path."""
    for name, fields in where.fields.items():
        for i, field in enumerate(fields):
            if field.span is not None:
                yield field.span.start, field.span.end, (*path, name, i)
            yield from _places(field, (*path, name, i))


def _blank_line_before(text: str, start: int) -> bool:
    """Whether a blank line stands before a field, or before the comments above it."""
    above = text[:start].split("\n")[:-1]
    while above and above[-1].lstrip().startswith("#"):
        above.pop()
    return bool(above) and not above[-1].strip()
