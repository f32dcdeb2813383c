"""Fields and values that the schema does not have: of forks of Caffe, of other versions, misspelt."""

from __future__ import annotations

import warnings

from google.protobuf.descriptor import Descriptor

from netdef.errors import Problems, did_you_mean
from netdef.schema.forks import Fork, fork_of
from netdef.source import Span

# Layers of two versions in one text are the most frequent reason for an unknown field of a layer.
_OTHER_VERSION = {
    "LayerParameter": ("V1LayerParameter", "it belongs in the old `layers`, not in `layer`"),
    "V1LayerParameter": ("LayerParameter", "it belongs in `layer`, not in the old `layers`"),
}


class UnknownFields:
    """Collects unknown fields and values.

    A field of a fork is reported once, with the number of its places: as a warning if it changes nothing here or if
    ``lenient`` is set, else as a problem. Others are problems or, with ``lenient``, warnings.
    """

    def __init__(self, problems: Problems, lenient: bool):
        self.problems, self.lenient = problems, lenient
        self._of_forks: dict[tuple[str, Fork], list[Span]] = {}

    def add(self, owner: str, name: str, complaint: str, span: Span) -> None:
        """Add the field ``name`` of message ``owner``, or the value ``name`` of enum field ``owner``.

        ``complaint`` is what to say unless a fork has it.
        """
        fork = fork_of(owner, name)
        if fork is not None:
            self._of_forks.setdefault((name, fork), []).append(span)
        elif self.lenient:
            warnings.warn(f"{span}: {complaint}; it is left out", stacklevel=2)
        else:
            self.problems.add(complaint, span)

    def report(self) -> None:
        """Report the fields of forks, after all have been added."""
        for (name, fork), spans in self._of_forks.items():
            again = f" (and {len(spans) - 1} more)" if len(spans) > 1 else ""
            if fork.ignored or self.lenient:
                warnings.warn(f"{spans[0]}: `{name}` of {fork.name}{again} is ignored: {fork.reason}", stacklevel=2)
            else:
                self.problems.add(f"`{name}`{again} is of {fork.name}: {fork.reason}", spans[0])


def describe_unknown(descriptor: Descriptor, name: str) -> str:
    """What to say of a field that a message does not have, with a hint at the version or the name that is meant."""
    message = f"{descriptor.name} has no field `{name}`"
    other = _OTHER_VERSION.get(descriptor.name)
    if other and name in descriptor.file.message_types_by_name[other[0]].fields_by_name:
        return f"{message}; {other[1]}"
    return message + did_you_mean(name, descriptor.fields_by_name)
