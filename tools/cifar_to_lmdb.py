"""Make cifar10_train_lmdb, cifar10_test_lmdb and mean.binaryproto, as Caffe's examples/cifar10 has them.

SOURCE is the folder of CIFAR-10's binary version (data_batch_1.bin to data_batch_5.bin, test_batch.bin), or a folder or
zip file of images named train/<class>/<name> and test/<class>/<name>. Planes are stored red, green, blue, the order of
the binary version and so of Caffe's own databases of CIFAR-10, though Caffe's order for image files is blue first.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from databases import refusals, write_images  # noqa: E402
from rich.progress import track  # noqa: E402

from netdef.data.datum import decode  # noqa: E402
from netdef.data.write import database_mean, write_mean  # noqa: E402
from netdef.errors import NetdefError  # noqa: E402

SHAPE = 3, 32, 32
ROW = 1 + 3 * 32 * 32
BATCHES = {"train": [f"data_batch_{i}.bin" for i in range(1, 6)], "test": ["test_batch.bin"]}
SEED = 10


def read_batches(folder: Path, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels of the binary version, in its order."""
    rows = []
    for name in BATCHES[part]:
        try:
            data = np.fromfile(folder / name, np.uint8)
        except OSError as error:
            raise click.ClickException(str(error)) from error
        if not data.size or data.size % ROW:
            raise click.ClickException(f"{folder / name}: its {data.size} bytes are no rows of {ROW}")
        rows.append(data.reshape(-1, ROW))
    table = np.concatenate(rows)
    return table[:, 1:].reshape(-1, *SHAPE), table[:, 0]


def read_images(root: Path | zipfile.Path, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels of folders of image files, shuffled the same way every time. Classes count by alphabet."""
    folder = root / part
    classes = sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
    names = [
        (label, name)
        for label, kind in enumerate(classes)
        for name in sorted(entry.name for entry in (folder / kind).iterdir())
    ]
    if not names:
        raise click.ClickException(f"{root}: has neither {BATCHES[part][0]} nor {part}/<class>/<image>")
    order = np.random.default_rng(SEED).permutation(len(names))
    images = np.empty((len(names), *SHAPE), np.uint8)
    for index, (label, name) in track(list(enumerate(names[i] for i in order)), f"reading {part}"):
        file = folder / classes[label] / name
        try:
            image = decode(file.read_bytes(), color=True)[::-1]
        except NetdefError as error:
            raise click.ClickException(f"{file}: {error}") from error
        if image.shape != SHAPE:
            raise click.ClickException(f"{file}: is of shape {image.shape}, not {SHAPE}")
        images[index] = image
    return images, np.array([names[i][0] for i in order], np.uint8)


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(source: Path, folder: Path) -> None:
    """Write the databases of CIFAR-10 and the training images' mean into FOLDER."""
    if source.is_file() and not zipfile.is_zipfile(source):
        raise click.ClickException(f"{source}: is neither a folder nor a zip file")
    binary = (source / BATCHES["test"][0]).is_file()
    with refusals():
        for part in BATCHES:
            if binary:
                images, labels = read_batches(source, part)
            else:
                images, labels = read_images(source if source.is_dir() else zipfile.Path(source), part)
            write_images(folder / f"cifar10_{part}_lmdb", images, labels)
        write_mean(folder / "mean.binaryproto", database_mean(folder / "cifar10_train_lmdb"))
        click.echo(f"{folder / 'mean.binaryproto'}: the mean of the training images")


if __name__ == "__main__":
    main()
