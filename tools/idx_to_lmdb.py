"""Make a Caffe LMDB of IDX files: MNIST, Fashion-MNIST and their kind, compressed or not.

apt-get install dataset-fashion-mnist
cd /usr/share/datasets/fashion-mnist
python tools/idx_to_lmdb.py train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz mnist_train_lmdb
"""

from __future__ import annotations

import gzip
import math
import struct
import sys
import zlib
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from databases import refusals, write_images  # noqa: E402

from netdef.data.write import database_mean, write_mean  # noqa: E402

UBYTE = 8


def read_idx(path: Path) -> np.ndarray:
    """The unsigned bytes of an IDX file: 0, 0, type, number of axes; each axis as big-endian 32 bits; values."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise click.ClickException(f"{path}: {error}") from error
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != UBYTE or not data[3]:
        raise click.ClickException(f"{path}: is no IDX file of unsigned bytes; it begins with {data[:4].hex(' ')}")
    start = 4 + 4 * data[3]
    shape = struct.unpack(f">{data[3]}I", data[4:start]) if len(data) >= start else ()
    if not shape or math.prod(shape) != len(data) - start:
        raise click.ClickException(f"{path}: says {shape} and holds {len(data) - start} values")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


@click.command()
@click.argument("images", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("labels", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--mean", type=click.Path(path_type=Path), help="Write the mean image too, as a .binaryproto.")
def main(images: Path, labels: Path, output: Path, mean: Path | None) -> None:
    """Write the LMDB OUTPUT of the IDX files IMAGES and LABELS, in their order."""
    pixels, classes = read_idx(images), read_idx(labels)
    if pixels.ndim != 3 or classes.ndim != 1 or len(pixels) != len(classes):
        raise click.ClickException(
            f"IMAGES needs three axes and LABELS one of the same length, not {pixels.shape} and {classes.shape}"
        )
    with refusals():
        write_images(output, pixels[:, None], classes)
        if mean:
            write_mean(mean, database_mean(output))
            click.echo(f"{mean}: the mean image")


if __name__ == "__main__":
    main()
