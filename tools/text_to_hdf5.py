"""Convert a text to HDF5 files for a character-level recurrent net: characters, next characters, and starts of streams.

The text is cut into streams that lie side by side. A row of the files is one moment of all streams, so that HDF5Data with
``batch_size: T`` gives blobs of T x N, as recurrent layers take them, and a batch goes on where the one before ended.
"""

from __future__ import annotations

from pathlib import Path

import click
import h5py
import numpy as np

from netdef.files import atomic_write


def streams(codes: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """``char``, ``cont`` and ``next``, each moments x streams, float32. ``cont`` is 0 in the first row: a stream begins."""
    length = (len(codes) - 1) // count
    char = codes[: length * count].reshape(count, length).T
    following = codes[1 : length * count + 1].reshape(count, length).T
    cont = np.ones_like(char)
    cont[0] = 0
    return {name: array.astype(np.float32) for name, array in (("char", char), ("cont", cont), ("next", following))}


@click.command()
@click.argument("text", type=click.Path(exists=True, dir_okay=False))
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--streams", "count", default=32, show_default=True, type=click.IntRange(min=1))
@click.option("--test", "share", default=0.1, show_default=True, type=click.FloatRange(0, 1, min_open=True, max_open=True),
              help="Share of the text, its end, that is kept for testing.")
@click.option("--first", type=click.IntRange(min=1), help="Train on this many characters only. [default: all]")
def main(text: str, folder: str, count: int, share: float, first: int | None) -> None:
    """Cut TEXT into train.h5 and test.h5 in FOLDER, with lists train.txt and test.txt beside them for HDF5Data.

    \b
    Example:
      python tools/text_to_hdf5.py tinyshakespeare.txt models/char_lstm
    """
    characters = Path(text).read_text(encoding="utf-8")
    alphabet = {c: i for i, c in enumerate(sorted(set(characters)))}
    codes = np.array([alphabet[c] for c in characters])
    cut = int(len(codes) * (1 - share))
    if min(cut, len(codes) - cut) <= count:
        raise click.UsageError(f"{text}: {len(codes)} characters are too few for {count} streams")
    Path(folder).mkdir(parents=True, exist_ok=True)
    train = codes[:cut][:first]
    if len(train) <= count:
        raise click.UsageError(f"--first {first}: too few characters for {count} streams")
    for name, part in (("train", train), ("test", codes[cut:])):
        arrays = streams(part, count)
        with atomic_write(Path(folder) / f"{name}.h5") as file, h5py.File(file.name, "w") as h5:
            for blob, array in arrays.items():
                h5[blob] = array
        with atomic_write(Path(folder) / f"{name}.txt", "w") as file:
            file.write(f"{name}.h5\n")
        click.echo(f"{folder}/{name}.h5: {len(arrays['char']):,} moments of {count} streams")
    click.echo(f"{len(alphabet)} different characters")


if __name__ == "__main__":
    main()
