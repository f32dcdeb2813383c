"""Make models/digits/train_lmdb and test_lmdb from the digits in scikit-learn's wheel.

Run once, at development time; the databases are committed. Scikit-learn itself is not needed, only its file:

    pip download --no-deps scikit-learn
    python tools/make_digits.py scikit_learn-*.whl models/digits
"""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from netdef.data.databases.datum_writer import DatumWriter
from netdef.data.images.datum import array_datum
from netdef.errors import NetdefError

MEMBER = "sklearn/datasets/data/digits.csv.gz"
TRAIN = 1500
SEED = 1797


def read_digits(wheel: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images (N, 1, 8, 8) of 0 to 16 and labels (N,), in the order of UCI's file."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            table = np.loadtxt(io.BytesIO(gzip.decompress(archive.read(MEMBER))), delimiter=",", dtype=np.uint8)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise click.ClickException(f"{wheel}: cannot read {MEMBER}: {error}") from error
    if table.shape != (1797, 65) or table[:, :64].max() != 16:
        raise click.ClickException(f"{wheel}: {MEMBER} is not the table of 1797 digits that it was")
    return table[:, :64].reshape(-1, 1, 8, 8), table[:, 64]


@click.command()
@click.argument("wheel", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(wheel: Path, folder: Path) -> None:
    """Write FOLDER/train_lmdb and FOLDER/test_lmdb from the digits in scikit-learn's WHEEL."""
    images, labels = read_digits(wheel)
    # Data layers read in key order, so the shuffling is done here, once.
    order = np.random.default_rng(SEED).permutation(TRAIN)
    try:
        for name, part in (("train_lmdb", order), ("test_lmdb", np.arange(TRAIN, len(images)))):
            with DatumWriter(folder / name) as writer:
                for index in part:
                    writer.add(array_datum(images[index], labels[index]))
            click.echo(f"{folder / name}: {writer.count} images")
    except NetdefError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
