"""What tests of dsd-data have in common."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from caffe_cli import IMAGES
from commands import output_of

from dsd.cli.data import main
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.images.datum import datum_array, parse_datum
from netdef.schema.blobs import to_array
from netdef.schema.messages import BlobProto

RESIZE = "--resize_height=9", "--resize_width=7"


run = partial(output_of, main)
"""The output of dsd-data with these arguments; ``status`` is its exit status."""


def convert(output: Path, *flags: str, listed: str = "list.txt", status: int = 0) -> str:
    """``dsd-data images`` of the recorded images."""
    return run("images", *flags, IMAGES / "img", IMAGES / listed, output, status=status)


def database(path: Path) -> list[tuple[int, np.ndarray]]:
    """Label and image of every item."""
    datums = [parse_datum(value) for _, value in LmdbRecords(path).walk()]
    return [(datum.label, datum_array(datum)) for datum in datums]


def mean_image(path: Path) -> np.ndarray:
    """The array of a ``.binaryproto``."""
    return to_array(BlobProto.FromString(path.read_bytes()))
