"""Tables and lines about a model: its content, the loading of its files, the differences of a converted one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.table import Table

from netdef.convert.edits.fold_batch_norm import Fold
from netdef.convert.edits.masks import masks_of_zeros, zero_shares
from netdef.convert.open import Model
from netdef.convert.verify import Difference
from netdef.errors import NetdefError
from netdef.graph.net import Net
from netdef.layers.core.shapes import Shape, shape_text


def opened_lines(source: str, model: Model) -> Iterator[str]:
    """The old parts of the text with their places, and how each weight file's layers were loaded."""
    for note in model.changes:
        yield f"{note.span}: {note.message}"
    for report in model.loaded:
        yield str(report)
    if not model.loaded:
        yield f"{source}: no weights given; they are those of the fillers"


def folded_lines(folds: Iterable[Fold]) -> Iterator[str]:
    """The layers that were folded, and into which."""
    for fold in folds:
        behind = " and ".join(f"`{node.key}`" for node in fold.folded)
        yield f"{behind} folded into `{fold.into.key}`"


def pruned_lines(net: Net) -> Iterator[str]:
    """The layers whose weights were pruned, and how to make masks of them."""
    try:
        pruned = ", ".join(dict.fromkeys(f"`{layer}`" for layer, _ in masks_of_zeros(net)))
    except NetdefError:
        return
    yield f"pruned: {pruned}; --masks-from zeros makes masks of the zeros, for training on"


def weights_table(net: Net) -> Table:
    """A row for each layer with weights: type, shapes, parameters, and the share of zeros in what can be pruned.

    The total counts parameters that layers share once.
    """
    zeros = zero_shares(net)
    parameters = {id(blob): blob for blobs in net.params.values() for blob in blobs}
    return layers_table(net.name or "the net", (
        LayerWeights(key, net.layers[key].type_name, [tuple(blob.shape) for blob in blobs],
                     [zeros[key, i] for i in range(len(blobs)) if (key, i) in zeros])
        for key, blobs in net.params.items()), sum(blob.numel() for blob in parameters.values()))


class LayerWeights(NamedTuple):
    """A row of `layers_table`: the shapes of a layer's blobs, and shares of zeros in some of them.

    The bits of a mask (``is_mask``) are no parameters.
    """

    name: str
    type: str
    shapes: list[Shape]
    zeros: list[float]
    is_mask: bool = False


def layers_table(title: str, layers: Iterable[LayerWeights], total: int | None = None) -> Table:
    """A table of layers with weights, and their total: the sum of the rows unless it is given."""
    table = plain_table(f"{title}: weights", ["layer", "type", "blobs"], ["parameters", "zeros"])
    counted = 0
    for layer in layers:
        count = 0 if layer.is_mask else sum(map(math.prod, layer.shapes))
        table.add_row(layer.name, layer.type, ", ".join(map(shape_text, layer.shapes)), "" if layer.is_mask else f"{count:,}",
                      ", ".join(f"{share:.1%}" for share in layer.zeros))
        counted += count
    total = counted if total is None else total
    table.add_section()
    table.add_row("total", "", f"{total * 4 / 2**20:,.1f} MiB as float32", f"{total:,}", "")
    return table


def differences_table(numbers: Mapping[str, Sequence[Difference]], tolerance: float) -> Table:
    """A row for each input and blob: the difference from the source, and whether it is within the tolerance."""
    table = plain_table(f"source and result; up to {tolerance:g} of a blob's range is the same",
                        ["input", "blob", "shape"], ["largest difference", "of the range", ""])
    for name, found in numbers.items():
        for i, d in enumerate(found):
            same = "same" if d.finite else "same, not finite"
            verdict = same if d.within(tolerance) else "differs"
            table.add_row(name if not i else "", d.blob, shape_text(d.shape), f"{d.absolute:.2g}",
                          f"{d.relative:.2g}", verdict)
    return table


def plain_table(title: str, words: Sequence[str], numbers: Sequence[str]) -> Table:
    """A table with these columns, words to the left and numbers to the right."""
    table = Table(title=title, title_justify="left")
    for heading in words:
        table.add_column(heading, overflow="fold")
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table
