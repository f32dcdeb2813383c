"""Convert model files, and show what was found, changed and compared."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from netdef.convert.contents import contents_table
from netdef.convert.edits.change import change
from netdef.convert.inputs import Preparation
from netdef.convert.open import open_model
from netdef.convert.options import TEXTS, ChangeOptions, Files, OpenOptions, VerifyOptions
from netdef.convert.report import differences_table, folded_lines, opened_lines, pruned_lines, weights_table
from netdef.convert.targets import target_of
from netdef.convert.verify import DiffersError, compare_with_recorded
from netdef.convert.write import Verification, convert, write_definition
from netdef.files import check_target
from netdef.graph.net import Net

CAFFE_WEIGHTS = (".caffemodel.h5", ".caffemodel", ".h5")


def convert_model(
    files: Files, reading: OpenOptions, changes: ChangeOptions, verify: VerifyOptions, force: bool, screen: Console
) -> tuple[Path, ...]:
    """Convert a net with its weights and return the files written; without ``files.out``, show what is in the model.

    Weights alone are listed without their net. Raises `NetdefError` for what cannot be opened, changed or written,
    `DiffersError` for a result that differs.
    """
    out = files.out
    if out is not None and not out.endswith(TEXTS):
        for ending in target_of(out).more:  # all that can be refused is refused before the work
            check_target(Path(out).with_suffix(ending), force)
    if files.text is None and out is None and reading == OpenOptions() and not verify.reference:
        screen.print(contents_table(files.source))
        return ()
    model = open_model(files.text, files.weights, reading)
    say(screen, opened_lines(files.source, model))
    if verify.reference:
        compare_with_reference(verify.reference, files.source, model.net, verify, screen)
    if out is None:
        screen.print(weights_table(model.net))
        say(screen, pruned_lines(model.net))
        return ()
    source, net, folds = change(model.net, changes)
    say(screen, folded_lines(folds))
    if out.endswith(TEXTS):
        write_definition(out, net.spec)
        return (Path(out),)
    # The text that was given still describes the result, unless it was old or has changed.
    same = files.text is not None and not model.changes and net.spec.message == model.net.spec.message
    text = None if same else text_beside(out)
    check_target(text, force)
    written = write_model(source, net, files, out, verify, screen)
    if text is not None:
        write_definition(text, net.spec)
        written = (*written, text)
    return written


def compare_with_reference(path: str, source: str, net: Net, verify: VerifyOptions, screen: Console) -> None:
    """Show how far a net is from outputs recorded elsewhere. Raises `DiffersError` beyond the tolerance."""
    recorded = compare_with_recorded(net, path, Preparation.of(verify))
    screen.print(differences_table({path: recorded}, verify.tolerance))
    if not all(d.within(verify.tolerance) for d in recorded):
        raise DiffersError(f"{source} differs from {path} by more than {verify.tolerance:g} of a blob's range")


def write_model(source: Net, net: Net, files: Files, out: str, verify: VerifyOptions, screen: Console) -> tuple[Path, ...]:
    """Write the result and show how far it differs. Raises `DiffersError`, and writes nothing, beyond the tolerance."""
    origin = " and ".join([files.source, *(files.weights if files.text else ())])
    made = convert(source, net, out, origin, Verification.of(source, verify))
    if made.notice:
        say(screen, [f"{out} {made.notice}"])
    if made.numbers:
        screen.print(differences_table(made.numbers, verify.tolerance))
    if made.differs:
        raise DiffersError(
            f"{out} differs from {origin} by more than {verify.tolerance:g} of a blob's range; nothing is written")
    return made.files


def text_beside(out: str) -> Path | None:
    """The prototxt that goes beside weights of Caffe's; None beside other formats."""
    stem = next((out.removesuffix(ending) for ending in CAFFE_WEIGHTS if out.endswith(ending)), None)
    return None if stem is None else Path(f"{stem}.prototxt")


def say(screen: Console, lines: Iterable[str]) -> None:
    """Print lines without markup and wrapping."""
    for line in lines:
        screen.print(line, highlight=False, markup=False, soft_wrap=True)
