"""Fields and values that the schema does not have: of forks of Caffe, of other versions, misspelt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from google.protobuf.descriptor import Descriptor

from netdef.errors import Problems, did_you_mean, warn_at
from netdef.schema.forks import Fork, fork_of
from netdef.source import Span
from netdef.text.tree import Field, Identifier, Number

# Layers of two versions in one text are the most frequent reason for an unknown field of a layer.
_OTHER_VERSION = {
    "LayerParameter": ("V1LayerParameter", "it belongs in the old `layers`, not in `layer`"),
    "V1LayerParameter": ("LayerParameter", "it belongs in `layer`, not in the old `layers`"),
}

_declared: set[str] = set()


def declare(names: Iterable[str]) -> None:
    """Leave fields of layers to the users' classes that declare them, whatever their names say of a fork."""
    _declared.update(names)


@dataclass(frozen=True)
class Unread:
    """The unknown field ``name`` of message ``owner``, or the unknown value ``name`` of enum field ``owner``.

    ``complaint`` is the error message unless a fork has it; ``field`` is the field in the text, None for a value.
    """

    owner: str
    name: str
    complaint: str
    span: Span
    field: Field | None = None

    @property
    def fork(self) -> Fork | None:
        """The fork that has the field or value. A field that would be refused is ignored if it is switched off."""
        if self.owner in _OTHER_VERSION and self.name in _declared:
            return None
        fork = fork_of(self.owner, self.name)
        if fork is None or fork.ignored or self.field is None or not _is_off(self.field):
            return fork
        return Fork(fork.name, "it is switched off", ignored=True)


class Collector(Protocol):
    """Collect unknown fields and values for `lower`."""

    problems: Problems

    def add(self, unread: Unread) -> None:
        """Add one field or value."""


class UnknownFields:
    """Report unknown fields and values.

    Fields of a fork with the same reason are reported together: as a warning if they change nothing here or if ``lenient``
    is set, else as a problem. Others are problems or, with ``lenient``, warnings.
    """

    def __init__(self, problems: Problems, lenient: bool):
        self.problems, self.lenient = problems, lenient
        self._of_forks: dict[Fork, list[Unread]] = {}

    def add(self, unread: Unread) -> None:
        """Report a field or value now, or in `report` if a fork has it."""
        fork = unread.fork
        if fork is not None:
            self._of_forks.setdefault(fork, []).append(unread)
        elif self.lenient:
            warn_at(unread.span, f"{unread.complaint}; it is left out")
        else:
            self.problems.add(unread.complaint, unread.span)

    def report(self) -> None:
        """Report the fields of forks, after all have been added."""
        for fork, found in self._of_forks.items():
            known = list(dict.fromkeys(unread.name for unread in found))
            names, verb = ", ".join(f"`{name}`" for name in known), "is" if len(known) == 1 else "are"
            more = len(found) - len(known)
            again = f" (and {more} more)" if more else ""
            if fork.ignored or self.lenient:
                warn_at(found[0].span, f"{names} of {fork.name}{again} {verb} ignored: {fork.reason}")
            else:
                self.problems.add(f"{names}{again} {verb} of {fork.name}: {fork.reason}", found[0].span)


class UnreadOfLayer:
    """Keep the unknown fields and values of one layer, which matter only if that layer is built.

    Those that change nothing in any layer go to ``file``, which reports them once.
    """

    def __init__(self, file: UnknownFields):
        self.file, self.problems = file, file.problems
        self.kept: list[Unread] = []

    def add(self, unread: Unread) -> None:
        """Keep a field or value, or pass it on."""
        fork = unread.fork
        if fork is not None and fork.ignored:
            self.file.add(unread)
        else:
            self.kept.append(unread)


def _is_off(field: Field) -> bool:
    """Whether the value of a field is ``false``, ``None`` or 0, or that of a scale 1."""
    value = field.value
    if isinstance(value, Identifier):
        return value.value in ("false", "False", "f", "None")
    if not isinstance(value, Number):
        return False
    if field.name.endswith("_scale"):
        whole, _, rest = value.value.rstrip("fF").partition(".")
        return whole == "1" and not rest.strip("0")
    return value.value.strip("0") in ("", ".")


def describe_unknown(descriptor: Descriptor, name: str) -> str:
    """Describe an unknown field of a message, with a hint at the intended version or name."""
    message = f"{descriptor.name} has no field `{name}`"
    if name in ("layer", "layers") and descriptor.name in _OTHER_VERSION:
        return f"{message}: a layer stands in no other; is a `}}` missing before it?"
    other = _OTHER_VERSION.get(descriptor.name)
    if other and name in descriptor.file.message_types_by_name[other[0]].fields_by_name:
        return f"{message}; {other[1]}"
    return message + did_you_mean(name, descriptor.fields_by_name)
