"""Convert the IDX files of MNIST or Fashion-MNIST to HDF5 files with standardised pixels, for two of the studies in `models`.

Pixels are divided by 255; then the mean of all training pixels is subtracted, and the result divided by their standard
deviation. Test images are treated by the same two numbers.
"""

from __future__ import annotations

from pathlib import Path

import click
import h5py
import numpy as np

from netdef.data.importers.idx import read_labelled
from netdef.files import atomic_write


def standardised(images: np.ndarray, mean: float, deviation: float) -> np.ndarray:
    """Images of bytes as float32 numbers with the mean of the training pixels at 0."""
    return (images.astype(np.float32) / np.float32(255) - np.float32(mean)) / np.float32(deviation)


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False))
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--first", type=click.IntRange(min=1), help="Train on this many images only. [default: all]")
def main(source: str, folder: str, first: int | None) -> None:
    """Make train.h5 and test.h5 in FOLDER of the four IDX files in SOURCE, with lists train.txt and test.txt for HDF5Data.

    \b
    Example:
      python tools/idx_to_hdf5.py /usr/share/datasets/fashion-mnist models/lenet_300_100 --first 6000
    """
    sets = {name: read_labelled(*(Path(source) / f"{stem}-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1")))
            for name, stem in (("train", "train"), ("test", "t10k"))}
    pixels = sets["train"][0] / 255
    mean, deviation = float(pixels.mean()), float(pixels.std())
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, (images, labels) in sets.items():
        count = first if name == "train" else None
        with atomic_write(Path(folder) / f"{name}.h5") as file, h5py.File(file.name, "w") as h5:
            h5["data"] = standardised(images[:count], mean, deviation)
            h5["label"] = labels[:count].astype(np.float32)
        with atomic_write(Path(folder) / f"{name}.txt", "w") as file:
            file.write(f"{name}.h5\n")
        click.echo(f"{folder}/{name}.h5: {len(images[:count]):,} images")


if __name__ == "__main__":
    main()
