"""Read nets and solvers of any age from texts, as current definitions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from google.protobuf.message import Message

from netdef.definition.definitions import NetDefinition, SolverDefinition, phase_name
from netdef.definition.imports import expand_imports
from netdef.definition.upgrade.bn_conv import upgrade_bn_conv
from netdef.definition.upgrade.channel_filters import upgrade_channel_filters
from netdef.definition.upgrade.connectivity import upgrade_connectivity
from netdef.definition.upgrade.crops import upgrade_crops
from netdef.definition.upgrade.current import upgrade_net, upgrade_solver
from netdef.definition.upgrade.depths import upgrade_depths
from netdef.definition.upgrade.embed import upgrade_embed
from netdef.definition.upgrade.fuse_type import upgrade_fuse_type
from netdef.definition.upgrade.fused import upgrade_fused
from netdef.definition.upgrade.fused_relu import upgrade_fused_relu
from netdef.definition.upgrade.least_squares import upgrade_least_squares
from netdef.definition.upgrade.margins import upgrade_margins
from netdef.definition.upgrade.modules import upgrade_modules
from netdef.definition.upgrade.normalize import upgrade_normalize
from netdef.definition.upgrade.param_bottoms import upgrade_param_bottoms
from netdef.definition.upgrade.pictures import leave_out_pictures
from netdef.definition.upgrade.pose_images import add_pose_images
from netdef.definition.upgrade.prior_boxes import upgrade_prior_boxes
from netdef.definition.upgrade.shares import upgrade_shares
from netdef.definition.upgrade.spark import upgrade_spark
from netdef.definition.upgrade.stream_sizes import upgrade_stream_sizes
from netdef.definition.upgrade.surgery import upgrade_surgery
from netdef.definition.upgrade.told_apart import tell_apart
from netdef.definition.upgrade.tridim import upgrade_tridim
from netdef.definition.upgrade.type_names import upgrade_type_names
from netdef.definition.upgrade.volumes import upgrade_volumes
from netdef.errors import FileError, Note, Problem, Problems, SpecError, shorten
from netdef.garbage import without_collection
from netdef.schema.descriptors import descriptor_of
from netdef.schema.lower import lower
from netdef.schema.messages import NetParameter, SolverParameter
from netdef.schema.unknown_fields import UnknownFields
from netdef.schema.where import Where
from netdef.source import Source
from netdef.text.load import load_source, text_source
from netdef.text.parse import parse
from netdef.text.tree import Block

_LAYER_UPGRADES = (
    upgrade_type_names, upgrade_bn_conv, upgrade_modules, upgrade_spark, upgrade_param_bottoms, upgrade_crops,
    upgrade_least_squares, upgrade_tridim, upgrade_volumes, upgrade_depths, upgrade_normalize, upgrade_channel_filters,
    upgrade_fused, upgrade_fused_relu, upgrade_fuse_type, upgrade_surgery, upgrade_connectivity, upgrade_embed, upgrade_margins,
    upgrade_shares, upgrade_prior_boxes, upgrade_stream_sizes, leave_out_pictures, add_pose_images, tell_apart)
"""Upgrades of current nets that replace layers of forks, in order."""


def read_net(
    path: str | os.PathLike[str], *, lenient: bool = False, allow_python: bool = False, problems: Problems | None = None
) -> NetDefinition:
    """Read a net file. Raises `SpecError` with all that is wrong in it, `FileError` if it is no text.

    Unknown fields of layers are kept with their layer and are errors if it is built, see `netdef.graph.unread`.
    ``lenient`` leaves unknown fields and values out, with a warning for each. ``allow_python`` lets the net's Python
    layers run the modules that they name when the net is built. With ``problems``, mistakes in fields are added there
    instead of raised, and the net is returned without these fields.
    """
    return _net(load_source(path), Path(path).parent, lenient, allow_python, problems)


def read_net_text(
    text: str, base_dir: str | os.PathLike[str] = ".", name: str = "<text>", *, lenient: bool = False,
    allow_python: bool = False,
) -> NetDefinition:
    """Read a net from a text in memory: relative paths begin at ``base_dir``, errors call the text ``name``."""
    return _net(text_source(text, name), Path(base_dir), lenient, allow_python)


def read_net_message(
    message: NetParameter, where: Where, base_dir: Path, allow_python: bool = False, lenient: bool = False
) -> NetDefinition:
    """Read a net that is a message already, such as a solver's ``net_param``."""
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
    net = NetDefinition(message, where, base_dir, phase_name(message.state.phase), allow_python, lenient=lenient)
    for upgrade in _LAYER_UPGRADES:
        net = upgrade(net)
    return net


def read_solver(
    path: str | os.PathLike[str], *, lenient: bool = False, allow_python: bool = False, problems: Problems | None = None
) -> SolverDefinition:
    """Read a solver file. Raises `SpecError` with all that is wrong in it, `FileError` if it is no text.

    ``lenient`` and ``allow_python`` are as for `read_net`, and hold for the solver's nets, too. ``problems`` is as for
    `read_net`.
    """
    return _solver(load_source(path), Path(path).parent, lenient, allow_python, problems)


def read_solver_text(
    text: str, base_dir: str | os.PathLike[str] = ".", name: str = "<text>", *, lenient: bool = False,
    allow_python: bool = False,
) -> SolverDefinition:
    """Read a solver from a text in memory: relative paths begin at ``base_dir``, errors call the text ``name``."""
    return _solver(text_source(text, name), Path(base_dir), lenient, allow_python)


def read_solver_message(message: Message, base_dir: str | os.PathLike[str] = ".") -> SolverDefinition:
    """Read a solver that is a SolverParameter message already, ours or the original's; errors have no places.

    Relative paths begin at ``base_dir``.
    """
    problems = Problems()
    solver, where = upgrade_solver(SolverParameter.FromString(message.SerializeToString()), Where(), problems)
    problems.raise_any()
    return SolverDefinition(solver, where, Path(base_dir))


def is_solver(block: Block) -> bool:
    """Whether the fields of a text are a solver's rather than a net's."""
    given = [field.name for field in block.fields]
    nets, solvers = (sum(name in descriptor_of(m).fields_by_name for name in given) for m in (NetParameter, SolverParameter))
    return solvers > nets


class _Kind(NamedTuple):
    """The kind of a text, in words, and the message of its fields."""

    name: str
    message: type[Message]


_NET, _SOLVER = _Kind("net", NetParameter), _Kind("solver", SolverParameter)


@without_collection()
def _net(
    source: Source, base_dir: Path, lenient: bool, allow_python: bool, problems: Problems | None = None
) -> NetDefinition:
    found = Problems()
    block = expand_imports(_parse(source, _NET, _SOLVER), base_dir)
    message, where = lower(block, NetParameter, found, lenient, keep_unread=True)
    _raise_or_add(found, where, lenient, problems)
    try:
        return read_net_message(message, where, base_dir, allow_python, lenient)
    except SpecError:  # the upgrade may fail for what was left out
        _add_unread(found, where, lenient)
        found.raise_any()
        raise


@without_collection()
def _solver(
    source: Source, base_dir: Path, lenient: bool, allow_python: bool, problems: Problems | None = None
) -> SolverDefinition:
    found = Problems()
    message, where = lower(_parse(source, _SOLVER, _NET), SolverParameter, found, lenient, keep_unread=True)
    message, where = upgrade_solver(message, where, found)
    _raise_or_add(found, where, lenient, problems)
    return SolverDefinition(message, where, base_dir, lenient, allow_python)


def _raise_or_add(found: Problems, where: Where, lenient: bool, problems: Problems | None) -> None:
    """Add what was found to ``problems``; without ``problems``, raise it."""
    if problems is not None:
        problems.extend(found)
    elif found:
        _add_unread(found, where, lenient)
        found.raise_any()


def _add_unread(found: Problems, where: Where, lenient: bool) -> None:
    """Add the unknown fields of a net's layers, which are otherwise judged when the net is built."""
    unknown = UnknownFields(found, lenient)
    for name in ("layer", "layers"):
        for unread in (unread for place in where.fields.get(name, ()) for unread in place.unread):
            unknown.add(unread)
    unknown.report()


def _way_to_a_net(solver: Block) -> Note:
    """A note on the field of a solver that names its net."""
    named = next((field for field in solver.fields if field.name in ("net", "train_net")), None)
    if named is None:
        return Note("a solver names its net: `net: \"train_val.prototxt\"`; give that file")
    return Note(f"give the file that it names, `{shorten(named.span.text, 80)}`")


_WAY_TO_A_SOLVER = "a solver names its net, `net: \"{}\"`, and says how it is trained; give its file"


def _parse(source: Source, wanted: _Kind, other: _Kind) -> Block:
    """The tree of a text. Raises one error, not one for each field, for a text of the other kind."""
    block = parse(source)
    if not block.fields:
        raise FileError(f"{source.name}: is empty, or holds nothing but comments; a {wanted.name} is wanted here")
    ours = [field for field in block.fields if field.name in descriptor_of(wanted.message).fields_by_name]
    theirs = [field for field in block.fields if field.name in descriptor_of(other.message).fields_by_name]
    if len(theirs) > len(ours):
        notes = (_way_to_a_net(block) if wanted is _NET else Note(_WAY_TO_A_SOLVER.format(source.name)),)
        raise SpecError([Problem(f"this is a {other.name}, a {wanted.name} is wanted here", theirs[0].name_span, notes)])
    return block
