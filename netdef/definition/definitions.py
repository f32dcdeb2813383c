"""The net meant: current messages with the places they come from. Frozen; every pass returns a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from netdef.errors import Absent, Note, Problem, SpecError
from netdef.schema import messages
from netdef.schema.messages import LayerParameter, NetParameter, SolverParameter
from netdef.schema.where import Where
from netdef.source import Span

PhaseName = Literal["TRAIN", "TEST"]


@dataclass(frozen=True, eq=False)
class LayerDefinition:
    """One layer as its text means it. ``phase`` is its own or, if it states none, the net's.

    ``allow_python``: whoever reads the net lets its Python layers import and run the modules that they name.
    """

    message: LayerParameter
    where: Where
    phase: PhaseName
    base_dir: Path
    allow_python: bool = False

    @property
    def name(self) -> str:
        return self.message.name

    @property
    def type(self) -> str:
        return self.message.type

    @cached_property
    def bottoms(self) -> tuple[str, ...]:
        return tuple(self.message.bottom)

    @cached_property
    def tops(self) -> tuple[str, ...]:
        return tuple(self.message.top)

    def span(self, *path: str | int) -> Span | None:
        """The place of a field (see `Where.at`), or of the layer."""
        return self.where.at(*path)

    def refuse(
        self, message: str, *path: str | int, notes: Iterable[Note] = (), kind: type[Problem] = Problem
    ) -> SpecError:
        """The error to raise about a field of this layer; ``message`` goes on from "layer `name` (Type)"."""
        return SpecError([kind(f"layer `{self.name}` ({self.type}) {message}", self.span(*path), tuple(notes))])

    def resolve(self, path_text: str, *field_path: str | int) -> Path:
        """The file that a field names: beside the net's file first, then from the working directory, as Caffe does.

        Raises `SpecError` naming both places if there is nothing at either.
        """
        found = _resolve(path_text, self.base_dir)
        if isinstance(found, str):
            raise self.refuse(found, *field_path, kind=Absent)
        return found


@dataclass(frozen=True, eq=False)
class NetDefinition:
    """A net, upgraded to the current schema. ``phase`` is set by `netdef.definition.filter.filter_net`, and ``left_out``: the
    layers of the text that the net does not have in this phase.
    """

    message: NetParameter
    where: Where
    base_dir: Path
    phase: PhaseName
    allow_python: bool = False
    left_out: tuple[LayerDefinition, ...] = ()

    @property
    def name(self) -> str:
        return self.message.name

    @cached_property
    def layers(self) -> tuple[LayerDefinition, ...]:
        """The layers in the order of the text."""
        return tuple(
            LayerDefinition(
                layer,
                self.where.child("layer", i),
                messages.Phase.Name(layer.phase) if layer.HasField("phase") else self.phase,
                self.base_dir,
                self.allow_python,
            )
            for i, layer in enumerate(self.message.layer)
        )

    def span(self, *path: str | int) -> Span | None:
        """The place of a field (see `Where.at`), or of the whole net."""
        return self.where.at(*path)


@dataclass(frozen=True, eq=False)
class SolverDefinition:
    """A solver file. ``lenient``: its nets are read as it was, unknown fields left out with a warning.

    ``allow_python``: Python layers of its nets may run the modules that they name.
    """

    message: SolverParameter
    where: Where
    base_dir: Path
    lenient: bool = False
    allow_python: bool = False

    def span(self, *path: str | int) -> Span | None:
        """The place of a field (see `Where.at`), or of the whole solver."""
        return self.where.at(*path)

    def refuse(self, message: str, *path: str | int, notes: Iterable[Note] = ()) -> SpecError:
        """The error to raise about a field of the solver; ``message`` goes on from "the solver"."""
        return SpecError([Problem(f"the solver {message}", self.span(*path), tuple(notes))])

    def resolve(self, path_text: str, *field_path: str | int) -> Path:
        """The file that a field names: beside the solver's file first, then from the working directory, as Caffe does.

        Raises `SpecError` naming both places if there is nothing at either.
        """
        found = _resolve(path_text, self.base_dir)
        if isinstance(found, str):
            raise self.refuse(found, *field_path)
        return found


def _resolve(path_text: str, base_dir: Path) -> Path | str:
    """The path of an existing file or folder, or a complaint."""
    if not path_text:
        return "names no file"
    tried = [base_dir / path_text, Path.cwd() / path_text]
    for path in tried:
        try:
            if path.exists():
                return path
        except (OSError, ValueError):  # a name too long, or with a NUL
            break
    places = dict.fromkeys(f"`{path.absolute()}`" for path in tried)
    return f"reads `{path_text}`, but there is no {' and no '.join(places)}"
