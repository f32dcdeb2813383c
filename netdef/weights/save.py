"""The weights and masks of a net into a file."""

from __future__ import annotations

import os

from netdef.schema.messages import LayerParameter
from netdef.weights.formats import format_to_write
from netdef.weights.stored import Weighted, set_mask


def save_weights(net: Weighted, path: str | os.PathLike[str], kind: str | None = None) -> None:
    """Write a net's blobs and masks to ``.caffemodel``, ``.caffemodel.h5`` or ``.safetensors``, by the path's ending.

    ``kind``, one of these endings, decides for a path with any ending. The file appears whole or not at all. Values are
    float32; a shared blob is written as Caffe does, with every layer in a ``.caffemodel`` and with its first layer in the
    others. Raises `FileError` for another ending, for what the operating system refuses, and for a ``.caffemodel`` of more
    than 2 GiB.
    """
    layers = []
    params, masks = net.params, dict(net.masks)
    for spec in net.spec.layers:
        message = LayerParameter()
        message.CopyFrom(spec.message)
        message.ClearField("blobs")
        mask = masks.pop(spec.name, None)
        if mask is not None:
            set_mask(message.mask_param, mask.shape, mask.kept)
        layers.append((message, list(params.get(spec.name, ()))))
    for name, mask in masks.items():  # attached by the trainer: the text has no layer for them
        message = LayerParameter(name=name, type="Mask", top=[name])
        set_mask(message.mask_param, mask.shape, mask.kept)
        layers.append((message, []))
    format_to_write(path if kind is None else f"weights{kind}").write(path, net.name, layers)
