"""dsd-convert: legacy Caffe models in, today's forms out, with the proof that nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.options import lenient_option, names, python_option, state_options
from dsd.cli.shared.overwrite import force_option, refuse_existing
from dsd.cli.shared.screen import console

if TYPE_CHECKING:
    from dsd.conversion.conversion import Changes, Comparison
    from netdef.convert.open import Reading

WEIGHTS = (".caffemodel", ".h5", ".hdf5", ".safetensors", ".pt", ".pth")
MEANS, STATES, TEXTS = (".binaryproto", ".npy"), (".solverstate", ".solverstate.h5"), (".prototxt", ".pbtxt", ".txt")


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-convert deploy.prototxt net.caffemodel net.onnx
  dsd-convert deploy.prototxt net.caffemodel net.py            a PyTorch module, and net.safetensors
  dsd-convert train_val.prototxt net.caffemodel net.pt2 --deploy --input-shape data=1,3,227,227
  dsd-convert net.caffemodel net.prototxt --input-shape data=1,1,28,28     the net that the weights carry
  dsd-convert deploy.prototxt net.caffemodel                   what is in there
  dsd-convert deploy.prototxt net.pt net.caffemodel            weights of torch, by name
  dsd-convert --upgrade old.prototxt new.prototxt
  dsd-convert train_val.prototxt dsd.prototxt --add-masks --sparsity 0.3
  dsd-convert deploy.prototxt pruned.caffemodel dsd.caffemodel --masks-from zeros
  dsd-convert mean.binaryproto mean.npy
\b
OUT ends in .caffemodel, .caffemodel.h5, .safetensors, .pt, .py, .onnx, .pt2 or .prototxt.
Exit status: 0, or 1 if the result differs from the source, or 2 for a mistake.""")
@click.argument("files", metavar="[NET] [WEIGHTS]... [OUT]", nargs=-1, required=True, type=click.Path())
@click.option("--upgrade", is_flag=True, help="Write a NET or solver of any age in today's words, its comments kept.")
@click.option("--phase", type=click.Choice(["TRAIN", "TEST"]), default="TEST", show_default=True)
@state_options
@click.option("--deploy", is_flag=True, help="Data layers become inputs, losses the answers within them; labels go.")
@click.option("--input-shape", "shapes", metavar="BLOB=N,C,H,W", multiple=True, help="For --deploy, which it implies.")
@click.option("--outputs", metavar="A,B", help="End the net with these blobs.")
@click.option("--add-masks", is_flag=True, help="Add a Mask to every weight that DSD prunes.")
@click.option("--sparsity", type=click.FloatRange(0, 1, max_open=True), help="What --add-masks writes into them.")
@click.option("--masks-from", metavar="zeros|FILE", help="Make masks of the zeros in the weights, or of a mask file.")
@click.option("--strip-masks", is_flag=True, help="Take Mask layers out, as the original Caffe wants it.")
@click.option("--fold-bn", is_flag=True, help="Fold BatchNorm, BN and Scale into the layer before them.")
@click.option("--partial", is_flag=True, help="Convert also where layers have no weights in the files.")
@click.option("--verify/--no-verify", default=True, show_default=True, help="Run source and result and compare.")
@click.option("--tolerance", default=1e-4, show_default=True, help="The largest difference, over the range of the blob.")
@click.option("--blobs", is_flag=True, help="Compare every blob, not the outputs only.")
@click.option("--input", "input_file", metavar="FILE", type=click.Path(), help="Compare on this too: .npy, .npz, an image.")
@click.option("--reference", metavar="FILE.npz", type=click.Path(),
              help="Compare with outputs recorded elsewhere: `input` (or names of inputs) and names of outputs.")
@click.option("--mean", metavar="B,G,R|FILE", help="Taken off --input and the input of --reference.")
@click.option("--scale", type=float, help="They are multiplied by this, after --mean.")
@click.option("--swap-channels", is_flag=True, help="Their channels are reversed before: RGB to BGR.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="For the random input.")
@force_option
@lenient_option
@python_option
def main(
    files: tuple[str, ...], upgrade: bool, phase: str, level: int, stages: tuple[str, ...], deploy: bool, shapes: tuple[str, ...],
    outputs: str | None, add_masks: bool, sparsity: float | None, masks_from: str | None, strip_masks: bool,
    fold_bn: bool, partial: bool, verify: bool, tolerance: float, blobs: bool, input_file: str | None,
    reference: str | None, mean: str | None, scale: float | None, swap_channels: bool, seed: int, force: bool,
    lenient: bool, allow_python: bool,
) -> None:
    """Convert a Caffe model, of any age, to what OUT's ending says, and prove it. Without OUT: say what is in it."""
    if sparsity is not None and not add_masks:
        raise click.UsageError("--sparsity is for --add-masks")
    if upgrade:
        return write_upgrade(files, force, lenient)
    if files[0].endswith(MEANS):
        return write_mean(files, force)
    if files[0].endswith(STATES):
        return write_state(files, force)
    text, weights, out = sort_files(files)
    refuse_existing(out, force)
    from netdef.convert.open import Reading

    sizes = input_shapes(shapes)
    how = Reading(phase, level, stages, deploy, sizes, names(outputs), partial, lenient, allow_python)
    if out is not None and out.endswith(TEXTS) and not (weights and text and (masks_from or fold_bn)):
        return write_text(text, weights, out, how, add_masks, sparsity, strip_masks)
    from dsd.conversion.conversion import Changes, Comparison

    changes = Changes(masks_from, add_masks, sparsity, strip_masks, fold_bn)
    comparison = Comparison(verify, tolerance, blobs, input_file, mean, scale, swap_channels, seed)
    convert_model(text, weights, out, how, changes, comparison, reference, force)


def convert_model(
    text: str | None, weights: list[str], out: str | None, how: Reading, changes: Changes, comparison: Comparison,
    reference: str | None, force: bool,
) -> None:
    """A net with its weights, to OUT; without OUT, what is in it."""
    from dsd.conversion import conversion
    from netdef.convert.targets import form_of

    screen, source = console(), text or weights[0]
    if out is not None and not out.endswith(TEXTS):
        for ending in form_of(out).more:  # an unknown ending is told before the work, too
            refuse_existing(Path(out).with_suffix(ending), force)
    model = conversion.open_and_tell(text, weights, how, screen)
    if reference:
        conversion.compare_with(reference, source, model.net, comparison, screen)
    if out is None:
        return conversion.show(model.net, screen)
    net, changed = conversion.changed_net(model.net, changes, screen)
    if out.endswith(TEXTS):
        conversion.write_text(out, changed)
        return tell([Path(out)])
    beside = conversion.text_beside(text, out, model, changed)
    refuse_existing(beside, force)
    said = " and ".join([source, *(weights if text else ())])
    written = conversion.write_model(net, changed, out, said, comparison, screen)
    if beside is not None:
        conversion.write_text(beside, changed)
        written.append(beside)
    tell(written)


def sort_files(files: tuple[str, ...]) -> tuple[str | None, list[str], str | None]:
    """NET, WEIGHTS and OUT among the files. Raises a usage error where it cannot be told which is which."""
    first, *rest = files
    if first.endswith(TEXTS) or not first.endswith(WEIGHTS):
        text = first
    else:
        text, rest = None, list(files)
    if text is None and len(rest) > 1 and rest[1].endswith(TEXTS) and len(rest) > 2:
        raise click.UsageError(f"the net comes first, then its weights: dsd-convert {rest[1]} {rest[0]} {rest[2]}")
    if text is not None and len(rest) == 1 and not rest[0].endswith(TEXTS):
        return text, rest, None  # a net and its weights, to look at
    least = 1 if text is None else 0
    return (text, rest[:-1], rest[-1]) if len(rest) > least else (text, rest, None)


def input_shapes(given: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """What ``--input-shape BLOB=N,C,H,W`` says, by blob."""
    found = {}
    for one in given:
        blob, _, sizes = one.rpartition("=")
        try:
            found[blob] = tuple(int(size) for size in sizes.split(","))
        except ValueError:
            raise click.BadParameter(f"`{one}` is not BLOB=N,C,H,W", param_hint="--input-shape") from None
        if not blob or min(found[blob]) < 1:
            raise click.BadParameter(f"`{one}` is not BLOB=N,C,H,W", param_hint="--input-shape")
    return found


def write_upgrade(files: tuple[str, ...], force: bool, lenient: bool) -> None:
    """A net or a solver in today's words, to OUT or the screen; what was old is told on standard error."""
    if len(files) > 2:
        raise click.UsageError("--upgrade takes a NET or solver, and OUT")
    if len(files) == 2:
        refuse_existing(files[1], force)
    from netdef.definition.rewrite import rewrite
    from netdef.text.load import load_source

    found = rewrite(load_source(files[0]), lenient=lenient)
    for note in found.changes:
        click.echo(f"{note.span}: {note.message}", err=True)
    if not found.changes:
        click.echo(f"{files[0]}: is current already", err=True)
    if len(files) == 1:
        click.echo(found.text, nl=False)
    else:
        put_text(files[1], found.text)


def write_text(
    text: str | None, weights: Sequence[str], out: str, how: Reading, add_masks: bool, sparsity: float | None, strip: bool
) -> None:
    """The net's text alone, masks added or taken out, comments kept."""
    from netdef.convert.open import add_usual_masks, read_text, text_of
    from netdef.definition.masks import strip_masks

    spec = read_text(text, weights, how)
    if strip:
        spec = strip_masks(spec)
    if add_masks:
        spec = add_usual_masks(spec, sparsity)
    put_text(out, text_of(text, spec))


def write_mean(files: tuple[str, ...], force: bool) -> None:
    """A mean image to OUT, by its ending, and the mean of each channel on the screen."""
    if len(files) != 2:
        raise click.UsageError("a mean image takes OUT: dsd-convert mean.binaryproto mean.npy")
    refuse_existing(files[1], force)
    from netdef.convert.means import convert_mean

    mean = convert_mean(*files)
    each = ", ".join(f"{value:.2f}" for value in mean.mean((1, 2)))
    click.echo(f"{files[1]}: {'x'.join(map(str, mean.shape))}, mean of each channel {each}")


def write_state(files: tuple[str, ...], force: bool) -> None:
    """A solver state from one of Caffe's formats to the other."""
    if len(files) != 2 or not files[1].endswith(STATES):
        raise click.UsageError("a state becomes .solverstate or .solverstate.h5: dsd-convert a.solverstate a.solverstate.h5")
    refuse_existing(files[1], force)
    from dsd.training.solverstate import read_state, write_state

    state = read_state(files[0])
    write_state(files[1], state)
    click.echo(f"{files[1]}: iteration {state.iteration:,}, {len(state.history)} histories, for {state.learned_net}")


def put_text(out: str, text: str) -> None:
    """Write a text, whole or not at all, and say so."""
    from netdef.files import atomic_write

    with atomic_write(out, "w") as file:
        file.write(text)
    tell([Path(out)])


def tell(files: Sequence[Path]) -> None:
    """The files that are there now."""
    for file in files:
        click.echo(f"{file}  {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
