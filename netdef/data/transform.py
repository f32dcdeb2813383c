"""``transform_param``: from images to the numbers a net sees, ``(image - mean) * scale``, cut out and mirrored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from google.protobuf.message import DecodeError

from netdef.errors import NetdefError
from netdef.schema import messages
from netdef.schema.blobs import to_array

if TYPE_CHECKING:
    from netdef.spec.spec import LayerSpec

_FIELD = "transform_param"


class Transform:
    """What a layer's ``transform_param`` says, without the message.

    As in Caffe: a crop is at random in TRAIN and in the middle (rounded up and left) in TEST; mirroring is a coin's toss
    in both; a mean image is as large as the images before cropping and is subtracted where the crop was cut, so
    before mirroring.
    """

    def __init__(self, spec: LayerSpec):
        """Raises ``spec.refuse`` for what Caffe refuses, and for a mean file that cannot be read."""
        param = spec.message.transform_param
        self.scale = np.float32(param.scale)
        self.mirror = param.mirror
        self.crop = param.crop_size
        self.random_crop = bool(self.crop) and spec.phase == "TRAIN"
        if param.force_color and param.force_gray:
            raise spec.refuse("cannot force_color and force_gray at once", _FIELD, "force_gray")
        self.color = True if param.force_color else False if param.force_gray else None
        if param.mean_file and param.mean_value:
            raise spec.refuse("cannot take a mean_file and mean_value at once", _FIELD, "mean_value")
        self.mean_image = read_mean(spec, param.mean_file) if param.mean_file else None
        self.mean_values = np.array(param.mean_value, np.float32)[:, None, None]

    def check(self, spec: LayerSpec, image: Sequence[int]) -> tuple[int, ...]:
        """The shape that an image of shape ``image`` (C, H, W) becomes; ``spec.refuse`` for one that does not fit."""
        if misfit := self._misfit(tuple(image)):
            field, complaint = misfit
            raise spec.refuse(complaint, _FIELD, field)
        return self.shape(image)

    def shape(self, image: Sequence[int]) -> tuple[int, ...]:
        """The shape that an image of shape ``image`` (C, H, W) becomes."""
        return (image[0], self.crop, self.crop) if self.crop else tuple(image)

    def draws(self, generator: np.random.Generator, count: int) -> np.ndarray:
        """What chance decides for ``count`` images: three numbers in [0, 1) each, the same whatever the images are."""
        return generator.random((count, 3))

    def into(self, out: np.ndarray, images: np.ndarray, draws: np.ndarray) -> None:
        """Write what becomes of images of one size (N, C, H, W) into the float32 array ``out``.

        A row of ``draws`` is what chance decides for an image: mirror, crop row, crop column. Raises `NetdefError` for
        images that do not fit, or whose result is not of the shape of ``out``.
        """
        if misfit := self._misfit(images.shape[1:]):
            raise NetdefError(misfit[1])
        if (shape := self.shape(images.shape[1:])) != out.shape[1:]:
            raise NetdefError(f"is of shape {shape}, the first of its batch of {out.shape[1:]}")
        mean = self.mean_values if self.mean_image is None else self.mean_image
        if self.crop:
            starts = self._starts(images.shape[2], draws[:, 1]), self._starts(images.shape[3], draws[:, 2])
            images = self._windows(images)[(np.arange(len(images)), slice(None), *starts)]
            if self.mean_image is not None:
                mean = self._windows(mean)[(slice(None), *starts)].swapaxes(0, 1)
        if mean.size:
            np.subtract(images, mean, out=out, dtype=np.float32)
            if self.scale != 1:
                np.multiply(out, self.scale, out=out)
        else:
            np.multiply(images, self.scale, out=out, dtype=np.float32)
        if self.mirror:
            flipped = draws[:, 0] < 0.5
            out[flipped] = out[flipped][..., ::-1]

    def _starts(self, size: int, chances: np.ndarray) -> np.ndarray:
        """The first row (or column) of each crop out of ``size``."""
        spare = size - self.crop
        return (chances * (spare + 1)).astype(int) if self.random_crop else np.full(len(chances), spare // 2)

    def _windows(self, images: np.ndarray) -> np.ndarray:
        """A view (..., rows, columns, crop, crop): every crop there is, by its first row and column."""
        return np.lib.stride_tricks.sliding_window_view(images, (self.crop, self.crop), axis=(-2, -1))

    def _misfit(self, image: tuple[int, ...]) -> tuple[str, str] | None:
        """Why an image of this shape cannot be transformed: the field it fails at and the complaint."""
        if self.crop > min(image[1:]):
            return "crop_size", f"cannot cut a crop_size of {self.crop} out of an image of {image[1]} x {image[2]}"
        if self.mean_image is not None and self.mean_image.shape != image:
            return "mean_file", f"has a mean_file of shape {self.mean_image.shape} for an image of shape {image}"
        if len(self.mean_values) not in (0, 1, image[0]):
            return "mean_value", f"has {len(self.mean_values)} mean_value for {image[0]} channels; it takes 1 or {image[0]}"
        return None


def read_mean(spec: LayerSpec, path: str) -> np.ndarray:
    """The mean image (C, H, W) of a ``mean_file``: a BlobProto of one image. ``spec.refuse`` for what is none."""
    file = spec.resolve(path, _FIELD, "mean_file")
    try:
        mean = to_array(messages.BlobProto.FromString(file.read_bytes()))
    except (OSError, DecodeError, NetdefError) as error:
        raise spec.refuse(f"cannot read its mean_file {file}: {error}", _FIELD, "mean_file") from error
    if mean.ndim < 3 or mean.size != np.prod(mean.shape[-3:]):
        raise spec.refuse(f"has a mean_file of shape {mean.shape}; it takes one image", _FIELD, "mean_file")
    return mean.reshape(mean.shape[-3:])
