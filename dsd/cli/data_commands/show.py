"""dsd-data show: the first records of a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.overwrite import check_target, force_option
from dsd.cli.shared.screen import console
from netdef.errors import NetdefError

if TYPE_CHECKING:
    from rich.table import Table

    from netdef.data.databases.survey import DecodedItem


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-data show train_lmdb
  dsd-data show train_lmdb --count 100 --save first.png""")
@click.argument("database", type=click.Path(path_type=Path))
@click.option("--count", default=10, metavar="N", type=click.IntRange(min=1), help="How many records. [default: 10]")
@click.option("--save", metavar="FILE", type=click.Path(path_type=Path), help="Write their images as one picture.")
@force_option
def show(database: Path, count: int, save: Path | None, force: bool) -> None:
    """Print the first records of a DATABASE: key, label, shape, values."""
    from netdef.data.databases.survey import decoded_items
    from netdef.data.images.contact_sheet import write_contact_sheet
    from netdef.data.images.image_file import image_format

    check_target(save, force)
    if save:
        image_format(save.suffix[1:])  # before the work, not after
    found = list(decoded_items(database, count))
    if not found:
        raise NetdefError(f"{database}: the database holds no items")
    console().print(records_table(found))
    if save:
        images = [record.image for record in found if record.image is not None]
        write_contact_sheet(save, images)
        click.echo(f"{save}: {len(images)} image{'s' * (len(images) != 1)}")


def records_table(found: list[DecodedItem]) -> Table:
    """Key, label, shape and values of records, one a row."""
    from rich.table import Table

    from netdef.layers.core.shapes import shape_text

    table = Table()
    table.add_column("key", overflow="fold")
    for heading in ("label", "shape", "bytes", "smallest", "mean", "largest"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("stored as", overflow="fold")
    for record in found:
        if record.image is None:
            table.add_row(record.key, "", "", "", "", "", "", record.problem)
            continue
        image = record.image
        kind = "encoded" if record.encoded else "floats" if image.dtype.kind == "f" else "bytes"
        numbers = (f"{value:g}" for value in (image.min(), image.mean(dtype="float64").round(2), image.max()))
        table.add_row(record.key, str(record.label), shape_text(image.shape), f"{record.size:,}", *numbers, kind)
    return table
