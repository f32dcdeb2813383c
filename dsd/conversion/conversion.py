"""What dsd-convert does with a model: opens it, says what is in it, changes it, writes it and shows the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from dsd.conversion.report import differences_table, loaded_lines, pruned_layers, weights_table
from netdef.convert.means import read_mean_image
from netdef.convert.open import Model, Reading, change, open_model, prune, text_of
from netdef.convert.run import Proof, batch_of, compare_with_recorded, convert, read_inputs
from netdef.convert.verify import given_inputs
from netdef.errors import NetdefError
from netdef.files import atomic_write
from netdef.graph.net import Net

CAFFES = (".caffemodel.h5", ".caffemodel", ".h5")


class DiffersError(NetdefError):
    """The result is not the source: exit status 1, as this is an answer and not a mistake in the asking."""

    exit_status = 1


@dataclass(frozen=True)
class Changes:
    """What a model becomes besides another file: see `netdef.convert.open.prune` and `change`."""

    masks_from: str | None = None
    add_masks: bool = False
    sparsity: float | None = None
    strip_masks: bool = False
    fold_bn: bool = False


@dataclass(frozen=True)
class Comparison:
    """How the result is proven: on random numbers after ``seed``, and on a file, prepared by mean, scale and channels."""

    verify: bool = True
    tolerance: float = 1e-4
    blobs: bool = False
    input_file: str | None = None
    mean: str | None = None
    scale: float | None = None
    swap_channels: bool = False
    seed: int = 0

    def prepared(self) -> dict[str, object]:
        """What is done to an input of the user's before the net sees it."""
        return {"mean": _mean(self.mean), "scale": self.scale, "swap_channels": self.swap_channels}

    def proof(self, net: Net) -> Proof | None:
        """The inputs to compare on; None without verification."""
        if not self.verify:
            return None
        inputs = {"its data" if net.feeds else "random numbers": batch_of(net, self.seed)}
        if self.input_file:
            inputs[self.input_file] = given_inputs(net, read_inputs(self.input_file, net), **self.prepared())
        return Proof(inputs, self.tolerance, self.blobs)


def open_and_tell(text: str | None, weights: Sequence[str], how: Reading, screen: Console) -> Model:
    """The model; what was old in its text, and what became of the files' layers, is told."""
    model = open_model(text, weights, how)
    for line in loaded_lines(text or weights[0], model):
        screen.print(line, highlight=False, markup=False, soft_wrap=True)
    return model


def compare_with(reference: str, source: str, net: Net, by: Comparison, screen: Console) -> None:
    """Show how near a net is to outputs recorded elsewhere. Raises `DiffersError` beyond the tolerance."""
    recorded = compare_with_recorded(net, reference, **by.prepared())
    screen.print(differences_table({reference: recorded}, by.tolerance))
    if not all(d.relative <= by.tolerance for d in recorded):
        raise DiffersError(f"{source} differs from {reference} by more than {by.tolerance:g} of a blob's range")


def show(net: Net, screen: Console) -> None:
    """The layers with weights, and whether somebody pruned them."""
    screen.print(weights_table(net))
    if pruned := ", ".join(f"`{layer}`" for layer in pruned_layers(net)):
        screen.print(f"pruned: {pruned}; --masks-from zeros makes masks of the zeros, for training on", markup=False)


def changed_net(net: Net, how: Changes, screen: Console) -> tuple[Net, Net]:
    """The net that the result is to compute, and the one to write; what was folded is told."""
    source = prune(net, how.masks_from) if how.masks_from else net
    changed, folds = change(source, how.add_masks, how.sparsity, how.strip_masks, how.fold_bn)
    for fold in folds:
        behind = " and ".join(f"`{node.key}`" for node in fold.folded)
        screen.print(f"{behind} folded into `{fold.into.key}`", highlight=False, markup=False)
    return source, changed


def write_model(source: Net, net: Net, out: str, said: str, by: Comparison, screen: Console) -> list[Path]:
    """The files of the result, proven. Raises `DiffersError`, and writes nothing, beyond the tolerance."""
    outcome = convert(source, net, out, said, by.proof(source))
    if outcome.notice:
        screen.print(f"{out} {outcome.notice}", highlight=False, markup=False, soft_wrap=True)
    if outcome.numbers:
        screen.print(differences_table(outcome.numbers, by.tolerance))
    if outcome.differs:
        raise DiffersError(f"{out} differs from {said} by more than {by.tolerance:g} of a blob's range; nothing is written")
    return list(outcome.files)


def text_beside(text: str | None, out: str, model: Model, net: Net) -> Path | None:
    """Where the prototxt of a changed net goes beside weights of Caffe; None where the text that was given still holds."""
    stem = next((out.removesuffix(ending) for ending in CAFFES if out.endswith(ending)), None)
    same = text is not None and not model.changes and net.spec.message == model.net.spec.message
    return None if stem is None or same else Path(f"{stem}.prototxt")


def write_text(path: str | Path, net: Net) -> None:
    """The net's text, whole or not at all."""
    with atomic_write(path, "w") as file:
        file.write(text_of(None, net.spec))


def _mean(given: str | None) -> np.ndarray | list[float] | None:
    """Numbers a channel, or the image of a file."""
    if given is None:
        return None
    if given.endswith((".binaryproto", ".npy")):
        return read_mean_image(given)
    try:
        return [float(part) for part in given.split(",")]
    except ValueError:
        raise NetdefError(f"--mean: `{given}` is neither numbers nor a .binaryproto or .npy") from None
