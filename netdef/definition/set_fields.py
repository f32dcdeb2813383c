"""Change fields of a solver by texts such as ``base_lr=0.1`` or ``dsd_phase[1].sparsity=0.5``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from netdef.definition.definitions import SolverDefinition
from netdef.errors import Problems, SpecError
from netdef.schema.descriptors import descriptor_of, is_repeated
from netdef.schema.lower import lower
from netdef.schema.messages import SolverParameter
from netdef.schema.where import Where
from netdef.source import Source, Span
from netdef.text.parse import parse

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")
_Steps = Sequence[tuple[str, int | None]]


def set_fields(solver: SolverDefinition, settings: Iterable[str]) -> SolverDefinition:
    """The solver with fields set, in order: ``field=value`` with the value as in a prototxt, where strings need no quotes.

    ``dsd_phase[1].sparsity`` is a field of a part, parts counted from 0; ``stepvalue=[100, 200]`` replaces a list. Errors
    about a value, here and later, point at its setting. Raises `SpecError` with all mistakes.
    """
    message, where, problems = SolverParameter(), solver.where, Problems()
    message.CopyFrom(solver.message)
    for setting in settings:
        path, equals, value = setting.partition("=")
        source = Source(f"--set {path}", setting)
        found = [_STEP.fullmatch(part.strip()) for part in path.split(".")]
        steps = [(match[1], int(match[2]) if match[2] else None) for match in found if match]
        if not equals or len(steps) < len(found):
            problems.add("is no `field=value`, such as base_lr=0.1 or dsd_phase[1].sparsity=0.5",
                         Span(source, 0, len(setting)))
        elif (parent := _parent(message, steps, source, problems)) is not None:
            try:
                where = _assign(parent, where, steps, value.strip(), source, problems)
            except SpecError as error:  # of the text's syntax
                problems += error.problems
    problems.raise_any()
    return replace(solver, message=message, where=where)


def _parent(message: Message, steps: _Steps, source: Source, problems: Problems) -> Message | None:
    """The part that has the last field of a path; None after a problem."""
    for number, (name, index) in enumerate(steps):
        field = descriptor_of(message).fields_by_name.get(name)
        last = number == len(steps) - 1
        if field is None:
            if not last:
                lower(parse(Source(source.name, f"{name} {{ }}")), type(message), problems)  # describes the unknown name
                return None
            return message
        complaint = _misfit(message, name, index, last)
        if complaint:
            problems.add(complaint, Span(source, 0, source.text.index("=")))
            return None
        if not last:
            part = getattr(message, name)
            message = part if index is None else part[index]
    return message


def _misfit(message: Message, name: str, index: int | None, last: bool) -> str | None:
    """The mistake in a step of a path; None for a step that exists."""
    field = descriptor_of(message).fields_by_name[name]
    listed = is_repeated(field)
    count = len(getattr(message, name)) if listed else 0
    if index is not None and not listed:
        return f"`{name}` is no list: leave out [{index}]"
    if index is not None and index >= count:
        return f"there is no `{name}[{index}]`: the solver has {count} of them, counted from 0"
    if not last and field.message_type is None:
        return f"`{name}` has no fields"
    if not last and index is None and listed:
        return f"`{name}` is a list of {count}: say which, as in {name}[0]"
    return None


def _assign(parent: Message, where: Where, steps: _Steps, value: str, source: Source, problems: Problems) -> Where:
    """Set the last field of a path in the part that has it; the places, with that of the setting."""
    name, index = steps[-1]
    field = descriptor_of(parent).fields_by_name.get(name)
    if field is not None and field.type == FieldDescriptor.TYPE_STRING and value[:1] not in ("'", '"', "["):
        value = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    text = f"{name} {value}" if value.startswith("{") else f"{name}: {value}"
    before = len(problems)
    block = parse(Source(source.name, text))
    lowered, places = lower(block, type(parent), problems)
    if (index is not None and len(block.fields) != 1) or any(given.name != name for given in block.fields):
        problems.add(f"one value for `{name}` is wanted", Span(source, 0, len(source.text)))
    if len(problems) > before or field is None:
        return where
    if index is None:
        parent.ClearField(name)
        parent.MergeFrom(lowered)
    else:
        (new,) = getattr(lowered, name)
        if field.message_type is None:
            getattr(parent, name)[index] = new
        else:
            getattr(parent, name)[index].CopyFrom(new)
    return _placed(where, steps, places.fields.get(name, ()))


def _placed(where: Where, steps: _Steps, places: Sequence[Where]) -> Where:
    """The places with those of the field at a path replaced."""
    (name, index), rest = steps[0], steps[1:]
    known = list(where.fields.get(name, ()))
    if not rest and index is None:
        return where.replace(**{name: places})
    number = index or 0
    known += [Where()] * (number + 1 - len(known))
    known[number] = _placed(known[number], rest, places) if rest else places[0]
    return where.replace(**{name: known})
