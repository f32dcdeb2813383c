"""dsd-data: databases for Data layers, made, averaged, shown and checked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Group
from dsd.cli.shared.overwrite import force_option, refuse_existing
from dsd.cli.shared.screen import console, progress
from netdef.errors import NetdefError

if TYPE_CHECKING:
    import numpy as np
    from rich.table import Table

    from netdef.data.databases.survey import DecodedItem, Survey

backend_option = click.option("--backend", default="lmdb", show_default=True, help="Which kind of database to write.",
                              type=click.Choice(["lmdb", "leveldb"], case_sensitive=False))


class VerifyError(NetdefError):
    """Records that do not hold; the exit status is 1, as this is an answer and not a mistake in the asking."""

    exit_status = 1


@click.group(cls=Group, epilog="""\b
Examples:
  dsd-data images train/ train.txt train_lmdb --resize_height 256 --resize_width 256 --shuffle
  dsd-data idx train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz train_lmdb
  dsd-data cifar cifar-10-batches-bin models/cifar10_quick
  dsd-data mean train_lmdb mean.binaryproto
  dsd-data show train_lmdb --save first.png
  dsd-data verify train_lmdb
\b
dsd-data COMMAND --help says more.""")
def main() -> None:
    """Make, average, show and check the databases that Data layers read."""


@main.command(epilog="""\b
Examples:
  dsd-data images images/ list.txt train_lmdb --resize_height=256 --resize_width=256 --shuffle
  dsd-data images images/ list.txt train_lmdb --encoded --encode_type=jpg --gray
\b
A line of LISTFILE is a path below ROOTFOLDER, a blank and a label. Images that cannot
be read are named and left out; the numbers in the keys of the others do not change.""")
@click.argument("rootfolder", type=click.Path())
@click.argument("listfile", type=click.Path())
@click.argument("output", metavar="DB_NAME", type=click.Path())
@click.option("--resize_height", "--resize-height", default=0, type=click.IntRange(min=0), help="Resize to these rows ...")
@click.option("--resize_width", "--resize-width", default=0, type=click.IntRange(min=0), help="... and columns.")
@click.option("--gray", is_flag=True, help="One channel instead of three.")
@click.option("--shuffle", is_flag=True, help="In a random order.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="What --shuffle follows from.")
@click.option("--encoded", is_flag=True, help="Store compressed images: the files as they are, where they fit.")
@click.option("--encode_type", "--encode-type", default="", metavar="KIND", help="Compress as this: png, jpg, ...")
@click.option("--check_size", "--check-size", is_flag=True, help="Refuse images of different sizes.")
@backend_option
@force_option
def images(
    rootfolder: str, listfile: str, output: str, resize_height: int, resize_width: int, gray: bool, shuffle: bool,
    seed: int, encoded: bool, encode_type: str, check_size: bool, backend: str, force: bool,
) -> None:
    """Make a database of the images that a list names, as convert_imageset."""
    import numpy as np

    from netdef.data.databases.datum_writer import DatumWriter
    from netdef.data.images.list_file import read_list
    from netdef.data.importers.image_list import ImageConversion, convert_images

    refuse_existing(output, force)
    how = ImageConversion(not gray, resize_height, resize_width, encoded, encode_type)
    entries = read_list(listfile)
    if shuffle:
        entries = [entries[i] for i in np.random.default_rng(seed).permutation(len(entries))]
    first = None
    with DatumWriter(output, backend.upper(), force) as writer:
        for made in progress(convert_images(entries, rootfolder, how), Path(output).name, len(entries)):
            if made.datum is None:
                click.echo(f"left out: {made.problem}", err=True)
                continue
            first = first or made
            if check_size and made.shape != first.shape:
                raise NetdefError(f"{made.key[9:]}: is of shape {made.shape}, {first.key[9:]} of {first.shape}")
            writer.add(made.datum, made.key)
        if not writer.count:
            raise NetdefError(f"{listfile}: not one of its {len(entries):,} images could be read; is {rootfolder} their folder?")
    left = len(entries) - writer.count
    click.echo(f"{output}: {writer.count:,} images" + (f", {left:,} left out" if left else ""))


@main.command(epilog="""\b
Example (Debian's package dataset-fashion-mnist):
  cd /usr/share/datasets/fashion-mnist
  dsd-data idx train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz ~/train_lmdb""")
@click.argument("images", type=click.Path(path_type=Path))
@click.argument("labels", type=click.Path(path_type=Path))
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--mean", type=click.Path(path_type=Path), help="Write the mean image too, as a .binaryproto.")
@click.option("--first", metavar="N", type=click.IntRange(min=1), help="Only the first N images. [default: all]")
@backend_option
@force_option
def idx(
    images: Path, labels: Path, output: Path, mean: Path | None, first: int | None, backend: str, force: bool
) -> None:
    """Make a database of IDX files IMAGES and LABELS (MNIST and its kind, compressed or not), in their order."""
    from netdef.data.importers.idx import read_labelled

    for path in (output, mean):
        refuse_existing(path, force)
    pixels, classes = read_labelled(images, labels)
    if first and first > len(pixels):
        raise NetdefError(f"{images}: holds {len(pixels):,} images, not the first {first:,}")
    write_raw(output, pixels[:first], classes[:first], backend, force)
    if mean:
        save_mean(output, mean)


@main.command(epilog="""\b
Example:
  dsd-data cifar cifar-10-batches-bin models/cifar10_quick
  dsd-data cifar cifar-10-batches-bin little/ --first=5000
\b
SOURCE is the folder of the binary version (data_batch_1.bin to data_batch_5.bin,
test_batch.bin), or a folder or zip file of images train/<class>/<name>, test/<class>/<name>.""")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--first", metavar="N", type=click.IntRange(min=1),
              help="Only the first N images for training; the test set is whole. [default: all]")
@backend_option
@force_option
def cifar(source: Path, folder: Path, first: int | None, backend: str, force: bool) -> None:
    """Make cifar10_train_lmdb, cifar10_test_lmdb and mean.binaryproto in FOLDER, as Caffe's examples have them."""
    from netdef.data.importers.cifar import PARTS, read_cifar

    databases = {part: folder / f"cifar10_{part}_{backend.lower()}" for part in PARTS}
    mean = folder / "mean.binaryproto"
    for path in (*databases.values(), mean):
        refuse_existing(path, force)
    for part, path in databases.items():
        most = first if part == "train" else None
        images, labels = read_cifar(source, part, partial(progress, text=f"reading {part}"), most)
        folder.mkdir(parents=True, exist_ok=True)
        write_raw(path, images, labels, backend, force)
    save_mean(databases["train"], mean)


@main.command(epilog="""\b
Example:
  dsd-data mean train_lmdb mean.binaryproto""")
@click.argument("database", type=click.Path(path_type=Path))
@click.argument("output", required=False, type=click.Path(path_type=Path))
@click.option("--backend", hidden=True, help="Not needed: a database says itself which kind it is.")
@force_option
def mean(database: Path, output: Path | None, backend: str | None, force: bool) -> None:
    """Write the mean of a database's images as a .binaryproto, and print each channel's, as compute_image_mean."""
    refuse_existing(output, force)
    image = save_mean(database, output) if output else mean_of(database)
    for channel, value in enumerate(image.mean(axis=(1, 2), dtype="float64")):
        click.echo(f"mean_value channel [{channel}]: {value:g}")


@main.command(epilog="""\b
Examples:
  dsd-data show train_lmdb
  dsd-data show train_lmdb --count 100 --save first.png""")
@click.argument("database", type=click.Path(path_type=Path))
@click.option("--count", default=10, show_default=True, type=click.IntRange(min=1), help="How many records.")
@click.option("--save", metavar="FILE", type=click.Path(path_type=Path), help="Write their images as one picture.")
@force_option
def show(database: Path, count: int, save: Path | None, force: bool) -> None:
    """Print the first records of a DATABASE: key, label, shape, values."""
    from netdef.data.databases.survey import decoded_items
    from netdef.data.images.image_file import image_format

    refuse_existing(save, force)
    if save:
        image_format(save.suffix[1:])  # before the work, not after
    found = list(decoded_items(database, count))
    if not found:
        raise NetdefError(f"{database}: the database holds no items")
    console().print(records_table(found))
    if save:
        save_sheet(found, save)


@main.command(epilog="""\b
Example:
  dsd-data verify train_lmdb
\b
Exit status: 0, or 1 if a record cannot be decoded or shapes differ, or 2 for a mistake.""")
@click.argument("database", type=click.Path(path_type=Path))
def verify(database: Path) -> None:
    """Decode every record of a DATABASE: is each whole, are all of one shape?"""
    from netdef.data.databases.survey import decoded_items, survey

    found = survey(progress(decoded_items(database), database.name))
    click.echo(f"{database}: {survey_text(found)}")
    problems = [f"item `{key}` {problem}" for key, problem in found.damaged[:10]]
    if len(found.damaged) > 10:
        problems.append(f"and {len(found.damaged) - 10:,} more records that cannot be decoded")
    if len(found.shapes) > 1:
        shapes = ", ".join(f"{n:,} of {'x'.join(map(str, shape))}" for shape, n in found.shapes.most_common(10))
        problems.append(f"{len(found.shapes):,} shapes, which only a crop_size brings together: {shapes}")
    if not found.count:
        problems.append("the database holds no items")
    if problems:
        raise VerifyError("\n".join(f"{database}: {problem}" for problem in problems))


def write_raw(path: Path, images: np.ndarray, labels: np.ndarray, backend: str, force: bool) -> None:
    """A database of raw images (N, C, H, W) in the order given."""
    from netdef.data.databases.datum_writer import DatumWriter
    from netdef.data.images.datum import array_datum

    with DatumWriter(path, backend.upper(), force) as writer:
        for image, label in progress(zip(images, labels), path.name, len(labels)):
            writer.add(array_datum(image, label))
    click.echo(f"{path}: {writer.count:,} images, {sum(f.stat().st_size for f in path.iterdir()):,} bytes")


def save_mean(database: Path, output: Path) -> np.ndarray:
    """Write the mean image of a database; returned too."""
    from netdef.data.images.mean_file import write_mean

    image = mean_of(database)
    write_mean(output, image)
    click.echo(f"{output}: the mean image, {'x'.join(map(str, image.shape))}")
    return image


def mean_of(database: Path) -> np.ndarray:
    """The mean image of a database, with a bar while it is made."""
    from netdef.data.databases.mean import database_mean

    return database_mean(database, partial(progress, text=f"averaging {database.name}"))


def save_sheet(found: list[DecodedItem], path: Path) -> None:
    """Write the images of records as one picture, of the kind that the path's ending says."""
    from netdef.data.images.contact_sheet import contact_sheet
    from netdef.data.images.image_file import encode
    from netdef.files import atomic_write

    images = [record.image for record in found if record.image is not None]
    if not images:
        raise NetdefError("none of the records has an image to show")
    data = encode(contact_sheet(images), path.suffix[1:])
    with atomic_write(path) as file:
        file.write(data)
    click.echo(f"{path}: {len(images)} images")


def records_table(found: list[DecodedItem]) -> Table:
    """A row a record."""
    from rich.table import Table

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
        shape = "x".join(map(str, image.shape))
        table.add_row(record.key, str(record.label), shape, f"{record.size:,}", *numbers, kind)
    return table


def survey_text(found: Survey) -> str:
    """``297 records, 1x8x8, labels 0 to 9 (10 of them)``."""
    parts = [f"{found.count:,} records"]
    parts += ["x".join(map(str, shape)) for shape in found.shapes] if len(found.shapes) == 1 else []
    if found.encoded:
        parts.append("encoded" if found.encoded == found.count else f"{found.encoded:,} of them encoded")
    if found.labels:
        parts.append(f"labels {min(found.labels)} to {max(found.labels)} ({len(found.labels):,} of them)")
    return ", ".join(parts)


if __name__ == "__main__":
    main()
