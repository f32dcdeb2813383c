"""Rewrite an old text in the current schema, and keep its comments with the fields that they belong to.

The original's ``upgrade_net_proto_text`` and ``upgrade_solver_proto_text`` lose the comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from netdef.definition.comments import annotated
from netdef.definition.read import is_solver, read_net_message
from netdef.definition.upgrade.current import upgrade_solver
from netdef.errors import Note, Problems
from netdef.schema.lower import lower
from netdef.schema.messages import NetParameter, SolverParameter
from netdef.schema.where import Where
from netdef.source import Source
from netdef.text.parse import parse
from netdef.text.tree import Block


@dataclass(frozen=True)
class Rewritten:
    """A text in the current schema. ``changes`` are the old parts, with places; without any, ``text`` is unchanged."""

    text: str
    changes: tuple[Note, ...]


def rewrite(source: Source, *, lenient: bool = False) -> Rewritten:
    """The text of a net or a solver, of any age, in the current schema.

    Comments stay with the field or layer that they stand before or behind. A current text is returned character by
    character. Raises `SpecError` with all that is wrong in the text.
    """
    block = parse(source)
    return _rewrite_solver(block, source, lenient) if is_solver(block) else _rewrite_net(block, source, lenient)


def old_parts(source: Source) -> tuple[Note, ...]:
    """The old parts in the text of a net, whether or not the schema has all its fields."""
    problems = Problems()
    old, where = lower(parse(source), NetParameter, problems, keep_unread=True)
    problems.raise_any()
    changed = read_net_message(old, where, Path(".")).message != old
    return tuple(net_changes(old, where)) if changed else ()


def _rewrite_solver(block: Block, source: Source, lenient: bool) -> Rewritten:
    problems = Problems()
    old, where = lower(block, SolverParameter, problems, lenient)
    problems.raise_any()
    new, places = upgrade_solver(old, where, problems)
    problems.raise_any()
    if new == old:
        return Rewritten(source.text, ())
    changes = (Note("`solver_type` of 2014 is `type` now", where.at("solver_type")),)
    return Rewritten(annotated(new, places, source), changes)


def _rewrite_net(block: Block, source: Source, lenient: bool) -> Rewritten:
    problems = Problems()
    old, where = lower(block, NetParameter, problems, lenient)
    problems.raise_any()
    net = read_net_message(old, where, Path("."))
    if net.message == old:
        return Rewritten(source.text, ())
    return Rewritten(annotated(net.message, net.where, source), tuple(net_changes(old, where)))


def net_changes(net: NetParameter, where: Where) -> Iterator[Note]:
    """The changes that an upgrade makes to this net: one note for each kind of change, at its first place."""
    old = list(enumerate(net.layers))
    layers = list(enumerate(net.layer))
    for change, places in (
        ("`layers { layer { type: ... } }` of 2013 is `layer` now",
         [("layers", i) for i, layer in old if layer.HasField("layer")]),
        ("a `padding` layer is `pad` of its reader now",
         [("layers", i) for i, layer in old if layer.layer.type == "padding"]),
        ("`layers { type: ... }` of 2014 is `layer` with `type` in quotes now",
         [("layers", i) for i, layer in old if not layer.HasField("layer")]),
        ("`input` is a layer of type Input now", [("input", 0)] if net.input else []),
        ("a BatchNorm's three `param` get `lr_mult: 0`, as they were meant", [
            ("layer", i) for i, layer in layers if layer.type == "BatchNorm" and len(layer.param) == 3
            and any(param.lr_mult or param.decay_mult for param in layer.param)]),
        ("a layer of a fork is a usual layer with a Mask, or several layers, now", [
            ("layer", i) for i, layer in layers if re.match(r"(CConv|CInner|MKL|.*[a-z]ReLU)", layer.type)]),
    ):
        if places:
            count = f" ({len(places)} of them)" if len(places) > 1 else ""
            yield Note(f"{change}{count}", where.name_span(*places[0]))
