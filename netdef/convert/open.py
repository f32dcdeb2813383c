"""A net and its weights, opened from whatever files there are, and changed as a conversion asks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from netdef.convert.edits.deploy import deployed, has_data_layers
from netdef.convert.edits.embedded import embedded_net
from netdef.convert.edits.fold_batch_norm import Fold, fold_batch_norm
from netdef.convert.edits.masks import masks_in_text, masks_of_zeros, with_masks
from netdef.convert.edits.rebuild import cut_to, rebuilt
from netdef.definition.definitions import NetDefinition
from netdef.definition.filter import filter_net
from netdef.definition.masks import strip_masks
from netdef.definition.read import read_net
from netdef.definition.rewrite import annotated, rewrite
from netdef.errors import FileError, NetdefError, Note, SpecError
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.layers.core.shapes import Shape
from netdef.layers.pruning import attach_masks, pruned_by_default
from netdef.text.load import load_source
from netdef.text.write import message_text
from netdef.weights.load import LoadReport, load_weights


@dataclass(frozen=True)
class Reading:
    """How a model is to be read. ``shapes`` are those of data layers' tops, which become inputs; ``outputs`` the blobs
    that the net is to end with; ``partial`` lets layers have no weights in the files."""

    phase: str = "TEST"
    level: int = 0
    stages: tuple[str, ...] = ()
    deploy: bool = False
    shapes: Mapping[str, Shape] | None = None
    outputs: tuple[str, ...] = ()
    partial: bool = False
    lenient: bool = False
    allow_python: bool = False


@dataclass(frozen=True)
class Model:
    """A net with its weights, and what was seen on the way: old parts of the text, what became of the files' layers."""

    net: Net
    changes: tuple[Note, ...]
    loaded: tuple[LoadReport, ...]


def open_model(text: str | None, weights: Sequence[str | os.PathLike[str]], how: Reading) -> Model:
    """Read a net file of any age and the weights for it; without a text the net that the first file of weights carries.

    Raises `SpecError` for what is wrong with the text, `FileError` for weights that are damaged or another net's.
    """
    changes = rewrite(load_source(text), lenient=how.lenient).changes if text is not None else ()
    spec = filter_net(read_text(text, weights, how), how.phase, how.level, how.stages)
    try:
        net = build_net(spec, fill=not weights)
    except SpecError as wrong:
        # The net in a file of weights has no places, which would name the file.
        error = wrong if text is not None else FileError(f"{weights[0]}: the net that it carries cannot be built\n{wrong}")
        if not has_data_layers(spec):
            raise error from None
        hint = "For the net in use, without its data layers: --deploy --input-shape data=1,3,227,227"
        raise NetdefError(f"{error}\n{hint}") from error
    loaded = tuple(load_weights(net, path) for path in weights)
    if weights:
        _check_all_loaded(net, text or str(weights[0]), loaded, how.partial)
    return Model(net, changes, loaded)


def read_text(text: str | None, weights: Sequence[str | os.PathLike[str]], how: Reading) -> NetDefinition:
    """The net of a text, or that the first file of weights carries; filtered for the phase where it is to be deployed or
    cut, else with the layers of all phases."""
    if text is None:
        spec = embedded_net(weights[0])
    else:
        spec = read_net(text, lenient=how.lenient, allow_python=how.allow_python)
    if how.deploy or how.shapes or how.outputs:
        spec = filter_net(spec, how.phase, how.level, how.stages)
    if how.deploy or how.shapes:
        spec = deployed(spec, _shapes(spec, how.shapes))
    return cut_to(spec, list(how.outputs)) if how.outputs else spec


def _shapes(spec: NetDefinition, given: Mapping[str, Shape] | None) -> Mapping[str, Shape]:
    """The shapes of data layers' tops: those given, or those of the data, where they can be read."""
    if given:
        return given
    try:
        return build_net(spec, "meta").shapes
    except NetdefError as error:
        raise NetdefError(f"{error}\nGive the shapes of the inputs: --input-shape data=1,3,227,227") from error


def _check_all_loaded(net: Net, text: str, loaded: Sequence[LoadReport], partial: bool) -> None:
    used = {layer for report in loaded for layer in report.used}
    left = ", ".join(dict.fromkeys(layer for report in loaded for layer in report.only_in_file))
    if not used:
        raise FileError(f"{loaded[0].path}: is of another net than {text}: no layer with weights has the same name; "
                        f"the net's are {', '.join(net.params) or 'none'}, the file's {left or 'none'}")
    missing = [layer for layer in loaded[-1].only_in_net if all(layer in report.only_in_net for report in loaded)]
    if missing and not partial:
        raise FileError(
            f"{loaded[0].path}: has no weights for {', '.join(f'`{layer}`' for layer in missing)} of {text}"
            f"{f'; it has others, of {left}' if left else ''}. --partial fills them as for training")
    net.fill(missing)


def prune(net: Net, masks: str | os.PathLike[str]) -> Net:
    """The net with Mask layers made of the zeros in its weights (``"zeros"``), or of a mask file."""
    kept = masks_of_zeros(net) if str(masks) == "zeros" else masks_in_text(net, masks)
    return with_masks(net, kept)


def change(net: Net, add_masks: bool, sparsity: float | None, strip: bool, fold: bool) -> tuple[Net, list[Fold]]:
    """The net in another form that computes the same: with a Mask for all that the trainer would mask, and a sparsity in
    their text; with batch normalisation folded; without Mask layers. Also what was folded.
    """
    folds: list[Fold] = []
    if add_masks:
        net = rebuilt(net, add_usual_masks(net.spec, sparsity))
    if fold:
        net, folds = fold_batch_norm(net)
    if strip:
        apply_masks(net)
        net = rebuilt(net, strip_masks(net.spec))
    return net, folds


def add_usual_masks(spec: NetDefinition, sparsity: float | None) -> NetDefinition:
    """The net with a Mask for each weight that the paper prunes: all but the first convolution's."""
    return attach_masks(spec, dict.fromkeys(pruned_by_default(spec), sparsity))


@torch.no_grad()
def apply_masks(net: Net) -> None:
    """Set what masks prune to zero in the weights themselves."""
    for mask, readers in net.masked.items():
        kept = net.masks[mask].kept
        for layer, name in readers if kept is not None else ():
            getattr(net.layers[layer], name).masked_fill_(~kept, 0)


def text_of(path: str | os.PathLike[str] | None, spec: NetDefinition) -> str:
    """The text of a net; with the comments of the file at ``path``, if it came from there."""
    return message_text(spec.message) if path is None else annotated(spec.message, spec.where, load_source(Path(path)))
