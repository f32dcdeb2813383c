"""What is in a model and its files, and how near a converted one is, as tables and lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from netdef.errors import NetdefError

if TYPE_CHECKING:
    from netdef.convert.open import Model
    from netdef.convert.verify import Difference
    from netdef.graph.net import Net

RIGHT = {"justify": "right", "no_wrap": True}


def loaded_lines(source: str, model: Model) -> Iterator[str]:
    """What was old in the text, with its place; what became of each file's layers."""
    for note in model.changes:
        yield f"{note.span}: {note.message}"
    for report in model.loaded:
        yield str(report)
    if not model.loaded:
        yield f"{source}: no weights given; they are those of the fillers"


def weights_table(net: Net) -> Table:
    """A row for every layer with weights: type, shapes, parameters, and the share of exact zeros in what can be pruned."""
    from netdef.convert.edits.masks import zero_shares

    zeros = zero_shares(net)
    table = Table(title=f"{net.name or 'the net'}: weights", title_justify="left")
    table.add_column("layer", overflow="fold")
    table.add_column("type")
    table.add_column("blobs")
    for heading in ("parameters", "zeros"):
        table.add_column(heading, **RIGHT)
    count = 0
    for key, blobs in net.params.items():
        shares = [f"{zeros[key, i]:.1%}" for i in range(len(blobs)) if (key, i) in zeros]
        numbers = sum(blob.numel() for blob in blobs)
        shapes = ", ".join("x".join(map(str, blob.shape)) or "1" for blob in blobs)
        table.add_row(key, net.layers[key].type_name, shapes, f"{numbers:,}", ", ".join(shares))
        count += numbers
    table.add_section()
    table.add_row("total", "", f"{count * 4 / 2**20:,.1f} MiB as float32", f"{count:,}", "")
    return table


def pruned_layers(net: Net) -> list[str]:
    """Layers with a weight that somebody pruned."""
    from netdef.convert.edits.masks import masks_of_zeros

    try:
        return list(dict.fromkeys(layer for layer, _ in masks_of_zeros(net)))
    except NetdefError:
        return []


def differences_table(numbers: Mapping[str, Sequence[Difference]], tolerance: float) -> Table:
    """For each input and blob how far the result is from the source, and whether that is within the tolerance."""
    table = Table(title=f"source and result; up to {tolerance:g} of a blob's range is the same", title_justify="left")
    for heading in ("input", "blob", "shape"):
        table.add_column(heading, overflow="fold")
    for heading in ("largest difference", "of the range", ""):
        table.add_column(heading, **RIGHT)
    for name, found in numbers.items():
        for i, d in enumerate(found):
            verdict = "same" if d.relative <= tolerance else "differs"
            table.add_row(name if not i else "", d.blob, "x".join(map(str, d.shape)) or "1", f"{d.absolute:.2g}",
                          f"{d.relative:.2g}", verdict)
    return table
