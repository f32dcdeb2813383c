"""dsd-data idx: a database of IDX files."""

from __future__ import annotations

from pathlib import Path

import click

from dsd.cli.data_commands.output import StoreOptions, first_option, save_mean, store_options, write_raw
from dsd.cli.shared.command import Command
from dsd.cli.shared.overwrite import check_target, refuse_existing


@click.command(cls=Command, epilog="""\b
Example (Debian's package dataset-fashion-mnist):
  cd /usr/share/datasets/fashion-mnist
  dsd-data idx train-images-idx3-ubyte train-labels-idx1-ubyte ~/train_lmdb""")
@click.argument("images", type=click.Path(path_type=Path))
@click.argument("labels", type=click.Path(path_type=Path))
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--mean", type=click.Path(path_type=Path), help="Write the mean image too, as a .binaryproto.")
@first_option
@store_options
def idx(images: Path, labels: Path, output: Path, mean: Path | None, first: int | None, store: StoreOptions) -> None:
    """Make a database of IDX files IMAGES and LABELS (MNIST and its kind, compressed or not), in their order."""
    from netdef.data.importers.idx import read_labelled

    refuse_existing(output, store.force)
    check_target(mean, store.force)
    write_raw(output, *read_labelled(images, labels, first), store)
    if mean:
        save_mean(output, mean)
