"""Shared code of the commands that make databases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.options import option_group
from dsd.cli.shared.overwrite import force_option
from dsd.cli.shared.screen import progress

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class StoreOptions:
    """The kind of database to write, and whether it may replace another."""

    backend: str
    force: bool


store_options = option_group(
    "store", StoreOptions,
    click.option("--backend", default="lmdb", show_default=True, help="The kind of database.",
                 type=click.Choice(["lmdb", "leveldb"], case_sensitive=False)),
    force_option,
)
first_option = click.option("--first", metavar="N", type=click.IntRange(min=1), help="Only the first N images. [default: all]")


def write_raw(path: Path, images: np.ndarray, labels: np.ndarray, store: StoreOptions) -> None:
    """Write a database of raw images (N, C, H, W) in the order given, and print its size."""
    from netdef.data.databases.datum_writer import write_images

    count = write_images(path, progress(zip(images, labels), path.name, len(labels)), store.backend.upper(), store.force)
    click.echo(f"{path}: {count:,} images, {sum(f.stat().st_size for f in path.iterdir()):,} bytes")


def save_mean(database: Path, output: Path) -> np.ndarray:
    """Write the mean image of a database, and return it."""
    from netdef.data.images.mean_file import write_mean

    image = mean_of(database)
    write_mean(output, image)
    click.echo(f"{output}: the mean image, {'x'.join(map(str, image.shape))}")
    return image


def mean_of(database: Path) -> np.ndarray:
    """Compute the mean image of a database, with a progress bar."""
    from netdef.data.databases.mean import database_mean

    return database_mean(database, partial(progress, text=f"averaging {database.name}"))
