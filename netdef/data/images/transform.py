"""``transform_param``: crop and mirror images, and compute ``(image - mean) * scale``."""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.border import read_border
from netdef.data.images.changes import read_changes
from netdef.data.images.crop_choice import read_crop_choice
from netdef.data.images.geometry import turned
from netdef.data.images.mean_file import read_mean
from netdef.data.images.random_size import read_batch_size
from netdef.data.images.relight import read_relight
from netdef.data.images.resize import resize
from netdef.errors import NetdefError
from netdef.layers.core.checks import read_size, refuse_both

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param"
_Window = tuple[EllipsisType, slice, slice]


class Transform:
    """The transformation of a layer's ``transform_param``.

    As in Caffe: a crop is random in TRAIN and central (rounded up and left) in TEST, but central in TRAIN, too, with
    ``center_crop`` (happynear), and random in TEST, too, with ``random_crop_on_test`` (ducha-aiki); every second image on average
    is mirrored in both; a mean image is as large as the images before cropping, and is cropped where the image was, before
    mirroring. ``crop_h`` and ``crop_w`` (SSD's fork), or ``crop_height`` and ``crop_width`` (DeepLab's), are the sides of
    a crop that need not be a square; ``crop_size`` overrules them. With ``flow``, of LRCN's fork, channel 2 of an image
    is horizontal optical flow: mirroring also replaces it by 255 minus its value; with ``is_flow``, of yjxiong's, channels 0,
    2 and so on are.
    Before all that some layers change images; see `changes`. With ``rotate``, of jolibrain's fork, the crops of TRAIN are turned
    by 0 to 3 quarters before they are mirrored; in AnnotatedData whole images are. A crop of TRAIN may be drawn in several
    sizes; see `crop_choice`. With ``multi_scale`` there, the mean image's top left corner is
    taken, as in that fork. With ``eigen_value`` numbers are added to the channels last; see `relight`. ``pad``, of intel's
    fork, adds a `border`. With ``min_resize`` the crops of a batch of TRAIN are resized, to the sides of the ``out`` of `into`;
    see `random_size`.
    """

    def __init__(self, spec: LayerDefinition):
        """Read the settings. Raises `SpecError` for those that Caffe refuses, and for a mean file that cannot be read."""
        param = spec.message.transform_param
        self.scale = np.float32(param.scale)
        self.mirror = param.mirror
        self.horizontal_flow = slice(0, None, 2) if param.is_flow else slice(2, 3) if param.flow else None
        self.changes = read_changes(spec)
        self.batch_size = read_batch_size(spec)
        self.crop, self._crop_field = _crop(spec)
        at_random = param.random_crop_on_test if spec.phase == "TEST" else not param.center_crop
        self.random_crop = self.crop is not None and at_random
        self.choice = read_crop_choice(spec, self.crop)
        self.turns: bool = param.rotate and spec.phase == "TRAIN" and spec.type != "AnnotatedData"
        if param.force_color and param.force_gray:
            raise refuse_both(spec, "force_color", "force_gray", _FIELD, "force_gray")
        self.color = True if param.force_color else False if param.force_gray else None
        if param.mean_file and param.mean_value:
            raise refuse_both(spec, "mean_file", "mean_value", _FIELD, "mean_value")
        self.border = read_border(spec)
        self.mean_image = read_mean(spec, param.mean_file) if param.mean_file else None
        self.mean_values = np.array(param.mean_value, np.float32)[:, None, None]
        self.relight = read_relight(spec)

    @property
    def is_fixed(self) -> bool:
        """Whether images of one size are transformed alike: nothing is random."""
        return not (self.mirror or self.random_crop or self.relight or self.batch_size or self.turns)

    def repeat_means(self, channels: int) -> None:
        """Repeat mean values that are given for some channels, for all channels."""
        if (count := len(self.mean_values)) and channels % count == 0:
            self.mean_values = np.tile(self.mean_values, (channels // count, 1, 1))

    def changed(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """An image (C, H, W) after the changes of its size and pixels that the layer asks for."""
        return self.changes.apply(image, random)

    def check(self, spec: LayerDefinition, image: Sequence[int]) -> tuple[int, ...]:
        """The output shape for an image of shape ``image`` (C, H, W). Raises `SpecError` if the image does not fit."""
        if misfit := self._misfit(tuple(image)):
            field, complaint = misfit
            raise spec.refuse(complaint, _FIELD, field)
        return self.shape(image)

    def shape(self, image: Sequence[int]) -> tuple[int, ...]:
        """The output shape for an image of shape ``image`` (C, H, W)."""
        cut = (image[0], *self.crop) if self.crop else tuple(image)
        return self.border.shape(cut) if self.border else cut

    def draws(self, generator: np.random.Generator, count: int) -> np.ndarray:
        """Draw the random numbers for ``count`` images: three in [0, 1) each, more for choices of crops, turns, light."""
        shared = generator.random((count, 3 + bool(self.choice) + self.turns))
        return np.hstack((shared, self.relight.draws(generator, count))) if self.relight else shared

    def into(self, out: np.ndarray, images: np.ndarray | Sequence[np.ndarray], draws: np.ndarray) -> None:
        """Transform images of one size (N, C, H, W), and write them into the float32 array ``out``.

        They may be a list, and should be one array if `is_fixed`. Each has a row of ``draws``: mirror, crop row, crop
        column, crop size, turn, light. Raises `NetdefError` for images that do not fit, or whose result has another shape
        than ``out``.
        """
        size = images[0].shape
        if misfit := self._misfit(size):
            raise NetdefError(misfit[1])
        if (shape := self.shape(size)) != out.shape[1:] and not self.batch_size:
            raise NetdefError(f"is of shape {shape}, the first of its batch of {out.shape[1:]}")
        whole, out = out, self.border.inside(out) if self.border else out
        mirrored = [False] * len(out)
        if self.is_fixed:
            window = self.window(size[1:], (0.0, 0.0))
            self._subtract(out, np.asarray(images)[window], window)
        else:
            # One image at a time into its place: gathering crops first and mirroring after takes two more passes.
            mirrored = [self.mirror and mirror < 0.5 for mirror in draws[:, 0].tolist()]
            for target, image, flip, (_, *corner) in zip(out, images, mirrored, draws.tolist()):
                cut, window = self._cut(image, corner)
                if self.turns:
                    cut = turned(cut, int(4 * corner[2 + bool(self.choice)]))
                if self.batch_size and cut.shape[1:] != target.shape[1:]:
                    cut = resize(cut, *target.shape[1:])
                if flip and self.horizontal_flow:
                    cut = cut.copy()
                    cut[self.horizontal_flow] = 255 - cut[self.horizontal_flow]
                self._subtract(target[..., ::-1] if flip else target, cut, window)
        if self.scale != 1:
            np.multiply(out, self.scale, out=out)
        if self.relight:
            for target, row in zip(out, draws):
                target += self.relight.shift(row[-len(self.relight.components):])
        if self.border:
            self.border.finish(whole, mirrored)

    def _cut(self, image: np.ndarray, draws: Sequence[float]) -> tuple[np.ndarray, _Window]:
        """The crop of an image, in the size of the output, and the window of the mean image that belongs to it."""
        if self.choice is None:
            window = self.window(image.shape[1:], draws)
            return image[window], window
        top, left, height, width = self.choice.window(image.shape[1:], draws[:3])
        cut = resize(image[:, top : top + height, left : left + width], *self.choice.crop)
        row, column = (0, 0) if self.choice.multi_scale else (top, left)
        return cut, (..., slice(row, row + self.choice.crop[0]), slice(column, column + self.choice.crop[1]))

    def _subtract(self, out: np.ndarray, images: np.ndarray, window: _Window) -> None:
        if self.mean_image is not None:
            np.subtract(images, self.mean_image[window], out=out, dtype=np.float32)
        elif self.mean_values.size:
            np.subtract(images, self.mean_values, out=out, dtype=np.float32)
        else:
            np.copyto(out, images)

    def window(self, size: Sequence[int], corner: Sequence[float]) -> _Window:
        """The index of the crop of an image with these rows and columns; ``corner``, of a row of `draws`, places it."""
        height, width = self.crop or size
        spare = size[0] - height, size[1] - width
        row, column = (int(c * (s + 1)) if self.random_crop else s // 2 for c, s in zip(corner, spare))
        return ..., slice(row, row + height), slice(column, column + width)

    def _misfit(self, image: tuple[int, ...]) -> tuple[str, str] | None:
        """The error for an image that cannot be transformed: the field that it contradicts, and the message."""
        if self.crop and (self.crop[0] > image[1] or self.crop[1] > image[2]):
            is_square = self._crop_field == "crop_size"
            crop = f"crop_size of {self.crop[0]}" if is_square else f"crop of {self.crop[0]} x {self.crop[1]}"
            return self._crop_field, f"cannot cut a {crop} out of an image of {image[1]} x {image[2]}"
        if self.turns and len(set(self.crop or image[1:])) > 1:
            height, width = self.crop or image[1:]
            return "rotate", f"turns images of {height} x {width}; `rotate` is for squares"
        if self.mean_image is not None and self.mean_image.shape != image:
            return "mean_file", f"has a mean_file of shape {self.mean_image.shape} for an image of shape {image}"
        if self.relight and len(self.relight.components) != image[0]:
            return "eigen_value", f"has {len(self.relight.components)} eigen_value for images of {image[0]} channels"
        if len(self.mean_values) not in (0, 1, image[0]):
            count, channels = len(self.mean_values), image[0]
            wanted = "one channel it takes 1" if channels == 1 else f"{channels} channels it takes 1 or {channels}"
            return "mean_value", f"has {count} mean_value; for images of {wanted}"
        return None


def _crop(spec: LayerDefinition) -> tuple[tuple[int, int] | None, str]:
    """Height and width of the crop, None for none, and the field that says so."""
    param = spec.message.transform_param
    if param.crop_size:
        return (param.crop_size, param.crop_size), "crop_size"
    for height, width in (("crop_h", "crop_w"), ("crop_height", "crop_width")):
        size = read_size(spec, param, height, width, _FIELD)
        if any(size):
            return size, height
    return None, ""
