"""The one door: a text of any age comes in, a current spec goes out."""

from __future__ import annotations

import os
from pathlib import Path

from google.protobuf.message import Message

from netdef.definition.definitions import NetDefinition, SolverDefinition
from netdef.definition.upgrade.connectivity import upgrade_connectivity
from netdef.definition.upgrade.current import upgrade_net, upgrade_solver
from netdef.definition.upgrade.fused import upgrade_fused
from netdef.definition.upgrade.surgery import upgrade_surgery
from netdef.errors import FileError, Note, Problem, Problems, SpecError
from netdef.schema import messages
from netdef.schema.lower import lower
from netdef.schema.messages import NetParameter, SolverParameter
from netdef.schema.where import Where
from netdef.source import Source
from netdef.text.load import load_source
from netdef.text.parse import parse
from netdef.text.tree import Block


def read_net(
    path: str | os.PathLike[str], *, lenient: bool = False, allow_python: bool = False, problems: Problems | None = None
) -> NetDefinition:
    """Read a net file. Raises `SpecError` with all that is wrong in it, `FileError` if it is no text.

    ``lenient`` leaves out the fields and values that nobody here knows, with a warning each instead of a complaint.
    ``allow_python`` lets its Python layers run the modules that they name, when the net is built. ``problems`` is for
    whoever wants to know what else is wrong: mistakes in fields are added there, and the net is returned without them.
    """
    return _net(load_source(path), Path(path).parent, lenient, allow_python, problems)


def read_net_text(
    text: str, base_dir: str | os.PathLike[str] = ".", name: str = "<text>", *, lenient: bool = False,
    allow_python: bool = False,
) -> NetDefinition:
    """Read a net from a text in memory; ``base_dir`` is where its relative paths begin, ``name`` is for complaints."""
    return _net(Source(name, text), Path(base_dir), lenient, allow_python)


def read_net_message(message: NetParameter, where: Where, base_dir: Path, allow_python: bool = False) -> NetDefinition:
    """Read a net that stands inside another message, such as a solver's ``net_param``."""
    problems = Problems()
    message, where = upgrade_net(message, where, problems)
    for i, layer in enumerate(message.layer):
        if layer.include and layer.exclude:
            problems.add(
                f"layer `{layer.name}` ({layer.type}) has both `include` and `exclude`; give rules of one kind",
                where.name_span("layer", i, "exclude", 0),
                Note("`include` is given here", where.name_span("layer", i, "include", 0)),
            )
    problems.raise_any()
    phase = messages.Phase.Name(message.state.phase)
    return upgrade_connectivity(upgrade_surgery(upgrade_fused(NetDefinition(message, where, base_dir, phase, allow_python))))


def read_solver(
    path: str | os.PathLike[str], *, lenient: bool = False, allow_python: bool = False, problems: Problems | None = None
) -> SolverDefinition:
    """Read a solver file. Raises `SpecError` with all that is wrong in it, `FileError` if it is no text.

    ``lenient`` and ``allow_python`` are as for `read_net`, and for the nets that the solver names, too. ``problems`` is
    as for `read_net`, for the solver itself.
    """
    return _solver(load_source(path), Path(path).parent, lenient, allow_python, problems)


def read_solver_text(
    text: str, base_dir: str | os.PathLike[str] = ".", name: str = "<text>", *, lenient: bool = False,
    allow_python: bool = False,
) -> SolverDefinition:
    """Read a solver from a text in memory; ``base_dir`` is where its relative paths begin, ``name`` for complaints."""
    return _solver(Source(name, text), Path(base_dir), lenient, allow_python)


def is_solver(block: Block) -> bool:
    """Whether the fields of a text are a solver's rather than a net's."""
    given = [field.name for field in block.fields]
    nets, solvers = (sum(n in m.DESCRIPTOR.fields_by_name for n in given) for m in (NetParameter, SolverParameter))
    return solvers > nets


def _net(
    source: Source, base_dir: Path, lenient: bool, allow_python: bool, problems: Problems | None = None
) -> NetDefinition:
    found = Problems()
    message, where = _read(source, NetParameter, "net", SolverParameter, "solver", lenient, found)
    _hand_on(found, problems)
    try:
        return read_net_message(message, where, base_dir, allow_python)
    except SpecError:
        found.raise_any()  # the upgrade may have stumbled over what was left out
        raise


def _solver(
    source: Source, base_dir: Path, lenient: bool, allow_python: bool, problems: Problems | None = None
) -> SolverDefinition:
    found = Problems()
    message, where = _read(source, SolverParameter, "solver", NetParameter, "net", lenient, found)
    message, where = upgrade_solver(message, where, found)
    _hand_on(found, problems)
    return SolverDefinition(message, where, base_dir, lenient, allow_python)


def _hand_on(found: Problems, problems: Problems | None) -> None:
    if problems is None:
        found.raise_any()
    else:
        problems.extend(found)


def _read(
    source: Source, wanted: type[Message], kind: str, other: type[Message], other_kind: str, lenient: bool,
    problems: Problems,
) -> tuple[Message, Where]:
    """Parse and lower. Raises `SpecError` for what is no such text at all: for one of the other kind one complaint,
    not one a field."""
    block = parse(source)
    if not block.fields:
        raise FileError(f"{source.name}: is empty, or holds nothing but comments; a {kind} is wanted here")
    ours = [field for field in block.fields if field.name in wanted.DESCRIPTOR.fields_by_name]
    theirs = [field for field in block.fields if field.name in other.DESCRIPTOR.fields_by_name]
    if len(theirs) > len(ours):
        raise SpecError([Problem(f"this is a {other_kind}, a {kind} is wanted here", theirs[0].name_span)])
    return lower(block, wanted, problems, lenient)
