"""An old text as a current one, with its comments where what they speak of has gone.

What ``upgrade_net_proto_text`` and ``upgrade_solver_proto_text`` do for the original, which lose the comments.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.message import Message

from netdef.definition.read import is_solver, read_net_message
from netdef.definition.upgrade.current import upgrade_solver
from netdef.errors import Note, Problems
from netdef.schema.lower import lower
from netdef.schema.messages import NetParameter, SolverParameter
from netdef.schema.where import Where
from netdef.source import Source
from netdef.text.grammar import ANY_WORD
from netdef.text.parse import parse
from netdef.text.write import message_lines

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Rewritten:
    """A text in today's words. ``changes`` say what was old and where it stands; without any, ``text`` is as it was."""

    text: str
    changes: tuple[Note, ...]


def rewrite(source: Source, *, lenient: bool = False) -> Rewritten:
    """The text of a net or a solver, of any age, as a current one.

    Comments stay with the field or layer that they stand before or behind. Of a text that is current already not a
    character is changed. Raises `SpecError` with all that is wrong in the text.
    """
    problems = Problems()
    block = parse(source)
    kind = SolverParameter if is_solver(block) else NetParameter
    message, where = lower(block, kind, problems, lenient)
    problems.raise_any()
    changes = tuple(changes_of(message, where))
    if kind is SolverParameter:
        current, places = upgrade_solver(message, where, problems)
        problems.raise_any()
    else:
        spec = read_net_message(message, where, Path("."))
        current, places = spec.message, spec.where
    if current == message:
        return Rewritten(source.text, ())
    return Rewritten(annotated(current, places, source), changes)


def changes_of(message: Message, where: Where) -> Iterator[Note]:
    """What an upgrade of a message, as it was read, changes: one note a kind of change, at its first place."""
    if isinstance(message, SolverParameter):
        if message.HasField("solver_type"):
            yield Note("`solver_type` of 2014 is `type` now", where.at("solver_type"))
        return

    def told(what: str, places: list[Path_]) -> Iterator[Note]:
        if places:
            count = f" ({len(places)} of them)" if len(places) > 1 else ""
            yield Note(f"{what}{count}", where.name_span(*places[0]))

    layers = list(enumerate(message.layers))
    v0 = [("layers", i) for i, layer in layers if layer.HasField("layer")]
    yield from told("`layers { layer { type: ... } }` of 2013 is `layer` now", v0)
    yield from told("a `padding` layer is `pad` of its reader now",
                    [("layers", i) for i, layer in layers if layer.layer.type == "padding"])
    yield from told("`layers { type: ... }` of 2014 is `layer` with `type` in quotes now",
                    [("layers", i) for i, layer in layers if not layer.HasField("layer")])
    yield from told("`input` is a layer of type Input now", [("input", i) for i in range(len(message.input))][:1])
    yield from told("a BatchNorm's three `param` get `lr_mult: 0`, as they were meant", [
        ("layer", i) for i, layer in enumerate(message.layer)
        if layer.type == "BatchNorm" and len(layer.param) == 3 and any(p.lr_mult or p.decay_mult for p in layer.param)])
    yield from told("a layer of a fork is a usual layer with a Mask, or several layers, now", [
        ("layer", i) for i, layer in enumerate(message.layer) if re.match(r"(CConv|CInner|MKL|.*[a-z]ReLU)", layer.type)])


class _Remarks:
    """The comments of a text, by the path of what they speak of: above it, behind it in its line, or at its end."""

    def __init__(self, source: Source, places: list[tuple[int, int, Path_]]):
        self.above: dict[Path_, list[str]] = defaultdict(list)
        self.behind: dict[Path_, list[str]] = defaultdict(list)
        self.at_end: dict[Path_, list[str]] = defaultdict(list)  # of a layer; the path () is the text's
        for found in ANY_WORD.finditer(source.text):
            if found["comment"]:
                self._attach(found["comment"].rstrip(), found.start(), source, places)

    def _attach(self, comment: str, at: int, source: Source, places: list[tuple[int, int, Path_]]) -> None:
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


def annotated(message: Message, where: Where, source: Source) -> str:
    """The message as text, with the comments and the blank lines between layers of the text it came from."""
    places = sorted(_places(where, ()), key=lambda place: (place[0], -place[1]))  # of two that begin together, the outer
    remarks = _Remarks(source, places)
    gaps = {path for start, _, path in places if _blank_line_before(source.text, start)}
    lines: list[str] = []
    layer: Path_ = ()
    for path, text in message_lines(message):
        indent = text[: len(text) - len(text.lstrip())]
        if path is None:
            if text == "}":
                lines += [f"  {comment}" for comment in remarks.at_end.pop(layer, ())]
            lines.append(text)
            continue
        layer = path if len(path) == 2 else layer
        # A block in one line has the remarks of all that is in it.
        here = [p for p in (*remarks.above, *remarks.behind) if p[: len(path)] == path] if text.endswith("}") else [path]
        here = list(dict.fromkeys(here))
        if lines and len(path) == 2 and path in gaps:
            lines.append("")
        lines += [f"{indent}{comment}" for p in here for comment in remarks.above.pop(p, ())]
        lines.append("  ".join([text, *(comment for p in here for comment in remarks.behind.pop(p, ()))]))
    left = [comments for kind in (remarks.above, remarks.behind, remarks.at_end) for comments in kind.values()]
    return "\n".join([*lines, *(comment for comments in left for comment in comments), ""])


def _places(where: Where, path: Path_) -> Iterator[tuple[int, int, Path_]]:
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
