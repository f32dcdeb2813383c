"""What the makers of databases in this folder share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np
from rich.progress import track

from netdef.data.write import DatumWriter
from netdef.errors import NetdefError
from netdef.schema import messages


@contextmanager
def refusals() -> Iterator[None]:
    """Errors a user can mend become one line on the terminal and exit status 1."""
    try:
        yield
    except NetdefError as error:
        raise click.ClickException(str(error)) from error


def write_images(path: Path, images: Iterable[np.ndarray], labels: np.ndarray) -> None:
    """A database of raw datums, with progress: uint8 images (C, H, W) in the order given, one for each label."""
    with DatumWriter(path) as writer:
        for image, label in track(zip(images, labels), f"{path.name:20}", total=len(labels)):
            channels, height, width = image.shape
            writer.add(
                messages.Datum(channels=channels, height=height, width=width, data=image.tobytes(), label=int(label))
            )
    click.echo(f"{path}: {writer.count} images, {(path / 'data.mdb').stat().st_size:,} bytes")
