"""dsd-data cifar: databases of CIFAR-10."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from dsd.cli.data_commands.output import StoreOptions, save_mean, store_options, write_raw
from dsd.cli.shared.command import Command
from dsd.cli.shared.overwrite import refuse_existing
from dsd.cli.shared.screen import progress


@click.command(cls=Command, epilog="""\b
Example:
  dsd-data cifar cifar-10-batches-bin models/cifar10_quick
  dsd-data cifar cifar-10-batches-bin little/ --first=5000

\b
SOURCE is the folder of the binary version (data_batch_1.bin to
data_batch_5.bin, test_batch.bin), or a folder or zip file of images
train/<class>/<name>, test/<class>/<name>.""")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--first", metavar="N", type=click.IntRange(min=1),
              help="Only the first N images for training; the test set is whole. [default: all]")
@store_options
def cifar(source: Path, folder: Path, first: int | None, store: StoreOptions) -> None:
    """Make cifar10_train_lmdb, cifar10_test_lmdb and mean.binaryproto in FOLDER, as Caffe's examples have them."""
    from netdef.data.importers.cifar import PARTS, read_cifar

    databases = {part: folder / f"cifar10_{part}_{store.backend.lower()}" for part in PARTS}
    mean = folder / "mean.binaryproto"
    for path in (*databases.values(), mean):
        refuse_existing(path, store.force)
    for part, path in databases.items():
        most = first if part == "train" else None
        images, labels = read_cifar(source, part, partial(progress, text=f"reading {part}"), most)
        folder.mkdir(parents=True, exist_ok=True)
        write_raw(path, images, labels, store)
    save_mean(databases["train"], mean)
