"""Copy the first items of a database with some wrong labels, for a study of noisy labels.

    python tools/label_noise.py models/lenet/train_lmdb models/lenet/noisy_lmdb --first 2000 --share 0.4

Each item is drawn with the given share; a drawn one gets a label drawn evenly from those that the items kept have,
which may be its own: with ten classes and a share of 0.4, 36% are wrong. The same seed draws the same.
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from netdef.data.databases.datum_writer import DatumWriter
from netdef.data.databases.open import open_records
from netdef.data.images.datum import parse_datum
from netdef.errors import NetdefError


def spoil(labels: np.ndarray, share: float, seed: int) -> np.ndarray:
    """The labels with about ``share`` of them drawn anew, evenly from the classes that occur."""
    random = np.random.default_rng(seed)
    drawn = random.random(len(labels)) < share
    return np.where(drawn, random.choice(np.unique(labels), len(labels)), labels)


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--first", type=click.IntRange(min=1), help="How many items to take. [default: all]")
@click.option("--share", default=0.4, show_default=True, type=click.FloatRange(0, 1), help="Of labels drawn anew.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--force", is_flag=True, help="Take the place of a database that is there already.")
def main(source: Path, output: Path, first: int | None, share: float, seed: int, force: bool) -> None:
    """Copy the first items of SOURCE to a new LMDB OUTPUT, some with a wrong label."""
    try:
        records = open_records(source)
        data = [parse_datum(value) for _, value in islice(records.walk(), first)]
        records.close()
        labels = np.array([datum.label for datum in data])
        spoilt = spoil(labels, share, seed)
        with DatumWriter(output, replace=force) as writer:
            for datum, label in zip(data, spoilt):
                datum.label = int(label)
                writer.add(datum)
    except NetdefError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{output}: {len(data):,} items, {np.count_nonzero(labels != spoilt):,} with a wrong label")


if __name__ == "__main__":
    main()
