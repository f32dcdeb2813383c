"""Convert a net: write it in another format, compare the result with the source, then put the files in place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from netdef.convert.inputs import Preparation, given_inputs, own_batch, read_arrays
from netdef.convert.options import VerifyOptions
from netdef.convert.targets import Target, target_of
from netdef.convert.verify import Difference, differences
from netdef.definition.comments import annotated
from netdef.definition.definitions import NetDefinition
from netdef.errors import FileError, NetdefError
from netdef.files import atomic_write, temporary_beside
from netdef.graph.net import Net
from netdef.graph.unread import unread_problems
from netdef.text.load import load_source
from netdef.text.write import message_text


@dataclass(frozen=True)
class Verification:
    """The inputs on which source and result are compared, and the tolerance, relative to the range of a blob.

    ``inputs`` are {words on where it comes from: batch}. ``every_blob`` compares all blobs, not only the outputs.
    """

    inputs: Mapping[str, Mapping[str, Tensor]]
    tolerance: float = 1e-4
    every_blob: bool = False

    @classmethod
    def of(cls, net: Net, options: VerifyOptions) -> Verification | None:
        """The verification that options ask for; None if they ask for none."""
        if not options.verify:
            return None
        inputs = {"its data" if net.feeds else "random numbers": own_batch(net, options.seed)}
        if options.input_file:
            arrays = read_arrays(options.input_file, net)
            inputs[options.input_file] = given_inputs(net, arrays, Preparation.of(options))
        return cls(inputs, options.tolerance, options.blobs)


@dataclass(frozen=True)
class Conversion:
    """The result of a conversion.

    Attributes:
        files: those written; none if the result ``differs``.
        notice: a limit of the result, for the user; None for none.
        numbers: {words on an input: differences, blob by blob}.
        differs: whether a difference is beyond the tolerance.
    """

    files: tuple[Path, ...]
    notice: str | None
    numbers: dict[str, list[Difference]]
    differs: bool


def convert(source: Net, net: Net, out: str | os.PathLike[str], origin: str, verification: Verification | None) -> Conversion:
    """Write ``net`` in the format of ``out``'s ending, and compare what was written with ``source``.

    ``net`` is ``source`` or a changed form of it. ``origin`` says in a written module what it was made from. The files
    take their places when they are complete and, with a verification, within its tolerance. Raises `NetdefError` for a net
    that the format cannot express.
    """
    target, out = target_of(out), Path(out)
    with _temporary_folder(out) as folder:
        made = folder / out.name
        notice = target.write(net, made, origin, False)
        files = [made, *(made.with_suffix(ending) for ending in target.more)]
        numbers = _compare(source, net, target, made, origin, verification) if verification else {}
        differs = verification is not None and not all(
            difference.within(verification.tolerance) for found in numbers.values() for difference in found)
        if not differs:
            for file in files:
                os.replace(file, out.parent / file.name)
    placed = () if differs else tuple(out.parent / file.name for file in files)
    return Conversion(placed, notice, numbers, differs)


@torch.no_grad()
def _compare(
    source: Net, net: Net, target: Target, made: Path, origin: str, verification: Verification
) -> dict[str, list[Difference]]:
    """Run source and result on the verification's inputs."""
    numbers = {}
    if verification.every_blob:
        made = made.with_name(f"every_{made.name}")
        target.write(net, made, origin, True)
    for words, inputs in verification.inputs.items():
        source.reset_state()
        wanted = source.activations(**inputs) if verification.every_blob else source(**inputs)
        found = target.run(made, net, inputs, verification.every_blob)
        if missing := [blob for blob in source.outputs if blob not in found and blob not in inputs]:
            raise NetdefError(f"the result has no output `{missing[0]}`")
        numbers[words] = differences(wanted, found)
    return numbers


@contextmanager
def _temporary_folder(out: Path) -> Iterator[Path]:
    """A folder beside ``out``, deleted at the end."""
    try:
        folder = Path(temporary_beside(out.parent / f".{out.name}"))
        folder.mkdir()
    except OSError as error:
        raise FileError(f"{out}: cannot be written: {error.strerror or error}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_definition(
    path: str | os.PathLike[str], spec: NetDefinition, commented: str | os.PathLike[str] | None = None
) -> None:
    """Write the prototxt of a net, with the comments of the file ``commented`` that it was read from.

    Raises `SpecError` for fields of layers that the schema does not have, which the text would lose.
    """
    unread_problems(spec, to_write=True).raise_any()
    text = message_text(spec.message) if commented is None else annotated(spec.message, spec.where, load_source(commented))
    with atomic_write(path, "w") as file:
        file.write(text)
