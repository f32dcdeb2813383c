"""dsd-data images: a database of image files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.data_commands.output import StoreOptions, store_options
from dsd.cli.shared.command import Command
from dsd.cli.shared.options import option_group
from dsd.cli.shared.overwrite import check_target, refuse_existing
from dsd.cli.shared.screen import progress
from netdef.errors import NetdefError, printable

if TYPE_CHECKING:
    from netdef.data.images.list_file import ListEntry
    from netdef.data.importers.image_list import ImageConversion

_SHOWN = 3  # images that could not be read, by name


@dataclass(frozen=True)
class StorageOptions:
    """Options for the size, colour and encoding of stored images."""

    resize_height: int
    resize_width: int
    gray: bool
    encoded: bool
    encode_type: str

    def conversion(self) -> ImageConversion:
        from netdef.data.importers.image_list import ImageConversion

        return ImageConversion(not self.gray, self.resize_height, self.resize_width, self.encoded, self.encode_type)


@dataclass(frozen=True)
class OrderOptions:
    """The order of the images in the database."""

    shuffle: bool
    seed: int


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-data images train/ train_lmdb --resize_height=256 --resize_width=256
  dsd-data images images/ list.txt train_lmdb --shuffle
  dsd-data images images/ list.txt train_lmdb --encoded --encode_type=jpg

\b
A line of LISTFILE is a path below FOLDER, a blank and a label. Without
LISTFILE the folders in FOLDER are the classes, in alphabetical order, or by
number if all are numbers; the images are shuffled, and DB_NAME.txt lists
them. Images that cannot be read are left out, and the first three named; the
keys of the others stay as they are.""")
@click.argument("paths", metavar="FOLDER [LISTFILE] DB_NAME", nargs=-1, type=click.Path())
@option_group(
    "stored", StorageOptions,
    click.option("--resize_height", "--resize-height", default=0, metavar="N", type=click.IntRange(min=0),
                 help="Resize to these rows ..."),
    click.option("--resize_width", "--resize-width", default=0, metavar="N", type=click.IntRange(min=0),
                 help="... and columns."),
    click.option("--gray", is_flag=True, help="One channel instead of three."),
    click.option("--encoded", is_flag=True, help="Store compressed images: the files as they are, where they fit."),
    click.option("--encode_type", "--encode-type", default="", metavar="KIND", help="Compress as this: png, jpg, ..."),
)
@option_group(
    "order", OrderOptions,
    click.option("--shuffle", is_flag=True, help="In a random order."),
    click.option("--seed", default=0, metavar="N", type=click.IntRange(min=0), help="Seed of the random order. [default: 0]"),
)
@click.option("--check_size", "--check-size", is_flag=True, help="Refuse images of different sizes.")
@store_options
def images(
    paths: tuple[str, ...], stored: StorageOptions, order: OrderOptions, check_size: bool, store: StoreOptions
) -> None:
    """Make a database of the images in class folders, or of the images in a list, as convert_imageset does."""
    if len(paths) not in (2, 3):
        raise click.UsageError(f"give FOLDER and DB_NAME, or FOLDER, LISTFILE and DB_NAME; {len(paths)} paths are given")

    from netdef.data.databases.datum_writer import DatumWriter
    from netdef.data.importers.image_list import convert_images, write_converted

    folder, output = paths[0], paths[-1]
    refuse_existing(output, store.force)
    how = stored.conversion()
    entries, classes = listed(paths)
    list_file = f"{output}.txt" if classes else None
    check_target(list_file, store.force)
    if order.shuffle or classes:
        entries = shuffled(entries, order.seed)
    with DatumWriter(output, store.backend.upper(), store.force) as writer:
        converted = progress(convert_images(entries, folder, how), Path(output).name, len(entries))
        unread = write_converted(writer, converted, check_size)
        for problem in unread[:_SHOWN]:
            click.echo(f"left out: {printable(problem)}", err=True)
        if len(unread) > _SHOWN:
            click.echo(f"left out: {len(unread) - _SHOWN:,} more that cannot be read", err=True)
        if not writer.count:
            hint = "" if classes else f"; is {folder} their folder?"
            raise NetdefError(f"{paths[-2]}: not one of its {len(entries):,} images could be read{hint}")
    click.echo(f"{output}: {writer.count:,} image{'s' * (writer.count != 1)}" + (f", {len(unread):,} left out" if unread else ""))
    if list_file:
        save_list(list_file, entries, classes)


def listed(paths: tuple[str, ...]) -> tuple[list[ListEntry], list[str]]:
    """The images of a list, or those in class folders and the names of the classes."""
    from netdef.data.images.list_file import read_list
    from netdef.data.importers.class_folders import list_classes

    return (read_list(paths[1]), []) if len(paths) == 3 else list_classes(Path(paths[0]))


def shuffled(entries: list[ListEntry], seed: int) -> list[ListEntry]:
    """The entries in a random order that follows from the seed."""
    import numpy as np

    return [entries[i] for i in np.random.default_rng(seed).permutation(len(entries))]


def save_list(path: str, entries: list[ListEntry], classes: list[str]) -> None:
    """Write the list of images in class folders, and print the labels of the first classes."""
    from netdef.data.images.list_file import write_list

    write_list(path, entries)
    names = ", ".join(f"{label} {name}" for label, name in enumerate(classes[:10]))
    more = f" and {len(classes) - 10:,} more" if len(classes) > 10 else ""
    click.echo(printable(f"{path}: the list; its labels are {names}{more}"))
