"""Save the weights and masks of a net to a file."""

from __future__ import annotations

import os

from netdef.graph.net import Net
from netdef.weights.formats import format_to_write


def save_weights(net: Net, path: str | os.PathLike[str], kind: str | None = None) -> None:
    """Write a net's blobs and masks to ``.caffemodel``, ``.caffemodel.h5``, ``.safetensors`` or ``.pt``, by the ending.

    ``kind``, one of these endings, decides for a path of any ending. The file appears complete or not at all. Values
    are float32. A shared blob is written as Caffe does, with every layer in a ``.caffemodel`` and with its first layer
    in an ``.h5`` or ``.safetensors``. A ``.pt`` is a state dict under torch's names, with the masks applied to the
    weights and not stored. Raises `FileError` for another ending, for what the operating system refuses, and for a
    ``.caffemodel`` of more than 2 GiB.
    """
    format_to_write(path, kind).write(path, net)
