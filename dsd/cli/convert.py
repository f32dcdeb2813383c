"""dsd-convert: write a Caffe model in another format, and prove that it computes the same."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.options import NAMES, lenient_option, option_group, python_option, state_options
from dsd.cli.shared.overwrite import check_target, force_option
from dsd.cli.shared.screen import console
from netdef.convert.options import TEXTS, ChangeOptions, Files, OpenOptions, VerifyOptions

WEIGHTS = (".caffemodel", ".h5", ".hdf5", ".safetensors", ".pt", ".pth")
GRAPHS = (".py", ".onnx", ".pt2")
MEANS, STATES = (".binaryproto", ".npy"), (".solverstate", ".solverstate.h5")


def input_shapes(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """A click callback: ``BLOB=N,C,H,W`` as {blob: shape}."""
    found = {}
    for one in given:
        blob, _, sizes = one.rpartition("=")
        try:
            found[blob] = tuple(int(size) for size in sizes.split(","))
        except ValueError:
            raise click.BadParameter(f"`{one}` is not BLOB=N,C,H,W") from None
        if not blob or min(found[blob]) < 1:
            raise click.BadParameter(f"`{one}` is not BLOB=N,C,H,W")
    return found


reading = option_group(
    "reading", OpenOptions,
    click.option("--phase", type=click.Choice(["TRAIN", "TEST"]), default="TEST", show_default=True),
    state_options,
    click.option("--deploy", is_flag=True, help="Inputs replace data layers; no losses, no labels."),
    click.option("--input-shape", "shapes", metavar="BLOB=SHAPE", multiple=True, callback=input_shapes,
                 help="data=1,3,8,8; for --deploy, which it implies."),
    click.option("--outputs", default="", type=NAMES, metavar="A,B", help="End the net with these blobs."),
    click.option("--partial", is_flag=True, help="Accept layers without weights in the files."),
    lenient_option,
    python_option,
)
changes = option_group(
    "changes", ChangeOptions,
    click.option("--add-masks", is_flag=True, help="Add a Mask to every weight that DSD prunes."),
    click.option("--sparsity", metavar="S", type=click.FloatRange(0, 1, max_open=True), help="Sparsity of these masks."),
    click.option("--masks-from", metavar="zeros|FILE", help="Make masks of zero weights, or of a mask file."),
    click.option("--strip-masks", is_flag=True, help="Take Mask layers out, for the original Caffe."),
    click.option("--fold-bn", is_flag=True, help="Fold BatchNorm, Scale and their like into weights."),
)
verify = option_group(
    "verify", VerifyOptions,
    click.option("--verify/--no-verify", default=True, show_default=True, help="Compare results."),
    click.option("--tolerance", metavar="X", default=1e-4, show_default=True, help="Largest difference, of a blob's range."),
    click.option("--blobs", is_flag=True, help="Compare every blob, not the outputs only."),
    click.option("--input", "input_file", metavar="FILE", type=click.Path(),
                 help="Compare on this too: .npy, .npz, an image."),
    click.option("--reference", metavar="FILE.npz", type=click.Path(),
                 help="Compare with recorded arrays `input`, outputs' names."),
    click.option("--mean", metavar="B,G,R|FILE", help="Subtract this from --input and --reference's input."),
    click.option("--scale", metavar="S", type=float, help="Multiply them by this, after --mean."),
    click.option("--swap-channels", is_flag=True, help="Reverse their channels first: RGB to BGR."),
    click.option("--seed", metavar="N", default=0, show_default=True, type=click.IntRange(min=0),
                 help="Seed of the random input."),
)


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-convert net.caffemodel                   show what is in it
  dsd-convert deploy.prototxt net.caffemodel net.py     and net.safetensors
  dsd-convert deploy.prototxt net.pt net.caffemodel     weights of torch
  dsd-convert net.caffemodel net.onnx --input-shape data=1,1,28,28
  dsd-convert --upgrade old.prototxt new.prototxt
  dsd-convert train_val.prototxt dsd.prototxt --add-masks --sparsity 0.3
  dsd-convert mean.binaryproto mean.npy

\b
OUT ends in .caffemodel, .caffemodel.h5, .safetensors, .pt, .pth, .py, .onnx,
.pt2 or .prototxt. Exit status: 0, or 1 if the result differs from the source,
or 2 for a mistake.""")
@click.argument("files", metavar="[NET] [WEIGHTS]... [OUT]", nargs=-1, required=True, type=click.Path())
@click.option("--upgrade", is_flag=True, help="Write an old NET or solver in today's format.")
@reading
@changes
@verify
@force_option
def main(
    files: tuple[str, ...], upgrade: bool, reading: OpenOptions, changes: ChangeOptions, verify: VerifyOptions, force: bool,
) -> None:
    """Convert a Caffe model of any age to the format of OUT's ending, and compare the two. Without OUT: show it."""
    if changes.sparsity is not None and not changes.add_masks:
        raise click.UsageError("--sparsity is for --add-masks")
    if upgrade:
        if changes != ChangeOptions() or reading != OpenOptions(lenient=reading.lenient):
            raise click.UsageError("--upgrade changes nothing but the fields' age: give the other flags in a second call")
        return write_upgrade(files, force, reading.lenient)
    if files[0].endswith(MEANS):
        return write_mean(files, force)
    if files[0].endswith(STATES):
        return write_state(files, force)
    model = sort_files(files)
    if model.out is None and changes != ChangeOptions():
        raise click.UsageError("a change of the net needs OUT, the file to write")
    check_target(model.out, force)
    needs_weights = changes.masks_from or changes.fold_bn
    if needs_weights and not model.weights:
        flag = "--masks-from" if changes.masks_from else "--fold-bn"
        raise click.UsageError(f"{flag} needs the net's weights: dsd-convert {model.source} WEIGHTS {model.out}")
    if model.out is not None and model.out.endswith(TEXTS) and not needs_weights:
        return write_text(model, model.out, reading, changes)
    from netdef.convert.command import convert_model

    print_written(convert_model(model, reading, changes, verify, force, console()))


def sort_files(files: tuple[str, ...]) -> Files:
    """Sort the arguments into NET, WEIGHTS and OUT by their endings, a first file that is there also by what it holds.

    Raises `click.UsageError` for ambiguous ones.
    """
    from netdef.text.load import may_hold_weights

    first, *rest = files
    if not first.endswith(WEIGHTS) and not may_hold_weights(first):
        text: str | None = first
    else:
        text, rest = None, list(files)
    if text is None and len(rest) > 2 and rest[1].endswith(TEXTS):
        raise click.UsageError(f"the net comes first, then its weights: dsd-convert {rest[1]} {rest[0]} {rest[2]}")
    if text is not None and len(rest) == 1 and rest[0].endswith(GRAPHS):
        raise click.UsageError(f"{rest[0]} needs the net's weights: dsd-convert {text} WEIGHTS {rest[0]}")
    if text is not None and len(rest) == 1 and not rest[0].endswith(TEXTS):
        return Files(text, rest, None)  # a net and its weights, to look at
    least = 1 if text is None else 0
    return Files(text, rest[:-1], rest[-1]) if len(rest) > least else Files(text, rest, None)


def write_upgrade(files: tuple[str, ...], force: bool, lenient: bool) -> None:
    """Write a net or a solver in the current format, to OUT or the screen; print what was old on standard error."""
    if len(files) > 2:
        raise click.UsageError(f"--upgrade takes a NET or solver, and OUT; {len(files)} files are given")
    if len(files) == 2:
        check_target(files[1], force)
    from netdef.definition.rewrite import rewrite
    from netdef.files import atomic_write
    from netdef.text.load import load_source

    found = rewrite(load_source(files[0]), lenient=lenient)
    for note in found.changes:
        click.echo(f"{note.span}: {note.message}", err=True)
    if not found.changes:
        click.echo(f"{files[0]}: is current already", err=True)
    if len(files) == 1:
        return click.echo(found.text, nl=False)
    with atomic_write(files[1], "w") as file:
        file.write(found.text)
    print_written([Path(files[1])])


def write_text(files: Files, out: str, reading: OpenOptions, changes: ChangeOptions) -> None:
    """Write only the net's text, with masks added or removed and comments kept."""
    from netdef.convert.edits.masks import add_default_masks
    from netdef.convert.open import read_definition
    from netdef.convert.write import write_definition
    from netdef.definition.masks import strip_masks

    spec = read_definition(files.text, files.weights, reading)
    if changes.strip_masks:
        spec = strip_masks(spec)
    if changes.add_masks:
        spec = add_default_masks(spec, changes.sparsity)
    write_definition(out, spec, commented=files.text)
    print_written([Path(out)])


def write_mean(files: tuple[str, ...], force: bool) -> None:
    """Write a mean image in the format of OUT's ending, and show the mean of each channel."""
    if len(files) != 2:
        raise click.UsageError("a mean image takes OUT: dsd-convert mean.binaryproto mean.npy")
    check_target(files[1], force)
    from netdef.convert.mean_formats import convert_mean

    mean = convert_mean(*files)
    each = ", ".join(f"{value:.2f}" for value in mean.mean((1, 2)))
    click.echo(f"{files[1]}: {'x'.join(map(str, mean.shape))}, mean of each channel {each}")


def write_state(files: tuple[str, ...], force: bool) -> None:
    """Write a solver state in the other of Caffe's two formats."""
    if len(files) != 2 or not files[1].endswith(STATES):
        raise click.UsageError("a state becomes .solverstate or .solverstate.h5: dsd-convert a.solverstate a.solverstate.h5")
    check_target(files[1], force)
    from dsd.training import solverstate

    state = solverstate.read_state(files[0])
    solverstate.write_state(files[1], state)
    click.echo(f"{files[1]}: iteration {state.iteration:,}, {len(state.history)} histories, for {state.learned_net}")


def print_written(files: Iterable[Path]) -> None:
    """Print the files that were written, with their sizes."""
    for file in files:
        click.echo(f"{file}  {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
