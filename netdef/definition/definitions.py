"""Definitions of layers, nets and solvers: current messages with their places in the text. Passes return new ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from netdef.errors import Absent, Note, Problem, SpecError
from netdef.schema import messages
from netdef.schema.messages import LayerParameter, NetParameter, NetState, Phase, SolverParameter
from netdef.schema.where import Where
from netdef.source import Span

PhaseName = Literal["TRAIN", "TEST"]
ProblemClass = type[Problem]


def phase_name(phase: Phase) -> PhaseName:
    """The name of a phase."""
    return cast(PhaseName, messages.Phase.Name(phase))


@dataclass(frozen=True, eq=False)
class LayerDefinition:
    """A layer.

    Attributes:
        message, where: its message and the places of its fields.
        phase: its own or, if it states none, the net's.
        base_dir: the folder that relative paths in it begin at.
        allow_python: whether a Python layer may import and run the module that it names.
        own: the message of the fields that its class was registered with; None for a class without such fields.
    """

    message: LayerParameter
    where: Where
    phase: PhaseName
    base_dir: Path
    allow_python: bool = False
    own: Any = None  # Any: the message class is made at run time

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
        self, message: str, *path: str | int, notes: Iterable[Note] = (), kind: ProblemClass = Problem
    ) -> SpecError:
        """The error to raise about a field of this layer; ``message`` follows "layer `name` (Type)"."""
        named = f"layer `{self.name}`" + (f" ({self.type})" if self.type else "")
        return SpecError([kind(f"{named} {message}", self.span(*path), tuple(notes))])

    def resolve(self, path_text: str, *field_path: str | int) -> Path:
        """The file that a field names: beside the net's file or, as in Caffe, from the working directory.

        Raises `SpecError` naming both places if there is nothing at either.
        """
        found = find_file(path_text, self.base_dir)
        if isinstance(found, str):
            raise self.refuse(found, *field_path, kind=Absent)
        return found


@dataclass(frozen=True, eq=False)
class NetDefinition:
    """A net, upgraded to the current schema.

    Attributes:
        message, where: its message and the places of its fields.
        base_dir: the folder that relative paths in it begin at.
        phase: that of its state, or the one it was filtered for.
        allow_python: whether Python layers may import and run the modules that they name.
        left_out: the layers of the text that `filter_net` left out.
        state: the state that they were left out for.
        lenient: whether unknown fields in its layers are left out with a warning.
    """

    message: NetParameter
    where: Where
    base_dir: Path
    phase: PhaseName
    allow_python: bool = False
    left_out: tuple[LayerDefinition, ...] = ()
    state: NetState = field(default_factory=NetState)
    lenient: bool = False

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
                phase_name(layer.phase) if layer.HasField("phase") else self.phase,
                self.base_dir,
                self.allow_python,
            )
            for i, layer in enumerate(self.message.layer)
        )

    def with_layers(self, layers: Iterable[tuple[LayerParameter, Where]]) -> NetDefinition:
        """The net with these layers, messages and places, instead of its own."""
        message = deepcopy(self.message)
        del message.layer[:]
        where = []
        for layer, place in layers:
            message.layer.append(layer)  # copies it
            where.append(place)
        return replace(self, message=message, where=self.where.replace(layer=where))

    def with_changed(self, chosen: Iterable[LayerDefinition], change: Callable[[LayerParameter], object]) -> NetDefinition:
        """The net with ``change`` applied to the messages of the chosen of its layers."""
        which = {id(layer) for layer in chosen}
        changed = self.with_layers((layer.message, layer.where) for layer in self.layers)
        for layer, message in zip(self.layers, changed.message.layer, strict=True):
            if id(layer) in which:
                change(message)
        return changed

    def span(self, *path: str | int) -> Span | None:
        """The place of a field (see `Where.at`), or of the whole net."""
        return self.where.at(*path)


@dataclass(frozen=True, eq=False)
class SolverDefinition:
    """A solver.

    Attributes:
        message, where: its message and the places of its fields.
        base_dir: the folder that relative paths in it begin at.
        lenient: whether unknown fields were left out with a warning; its nets are read the same way.
        allow_python: whether Python layers of its nets may run the modules that they name.
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
        """The error to raise about a field of the solver; ``message`` follows "the solver"."""
        return SpecError([Problem(f"the solver {message}", self.span(*path), tuple(notes))])

    def resolve(self, path_text: str, *field_path: str | int) -> Path:
        """The file that a field names: beside the solver's file or, as in Caffe, from the working directory.

        Raises `SpecError` naming both places if there is nothing at either.
        """
        found = find_file(path_text, self.base_dir)
        if isinstance(found, str):
            raise self.refuse(found, *field_path)
        return found


def find_file(path_text: str, base_dir: Path) -> Path | str:
    """The path of an existing file or folder, in ``base_dir`` or from the working directory; or what is wrong, in words."""
    if not path_text:
        return "names no file"
    path_text = os.path.expanduser(path_text)
    tried = [base_dir / path_text, Path.cwd() / path_text]
    for path in tried:
        try:
            if path.exists():
                return path
        except (OSError, ValueError):  # a name too long, or with a NUL
            break
    places = dict.fromkeys(f"`{path.absolute()}`" for path in tried)
    return f"reads `{path_text}`, but there is no {' and no '.join(places)}{escape_hint(path_text)}"


def escape_hint(path_text: str) -> str:
    """A hint for a Windows path: `\\n` in a text is a line break."""
    if not any(letter == "\\" or not letter.isprintable() for letter in path_text):
        return ""
    return "; in a text a backslash begins an escape, as `\\n` of a line break: write `/`, or two backslashes for one"
