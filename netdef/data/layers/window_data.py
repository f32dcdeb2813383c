"""`WindowData`: windows of images, foreground and background in a fixed proportion. R-CNN's data layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.image_file import decode
from netdef.data.images.list_file import search_folders
from netdef.data.images.resize import resize
from netdef.data.images.transform import Transform
from netdef.data.images.window_file import Corners, LabelledWindow, read_windows
from netdef.data.text_lines import locate
from netdef.errors import FileError, NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "window_data_param"


@register("WindowData")
class WindowData(Feed):
    """Tops ``data`` (batch, channels, crop, crop) and ``label`` (batch,).

    A batch has windows with an overlap below ``bg_threshold`` first, with label 0, and then ``fg_fraction`` of it
    (rounded down) with an overlap of at least ``fg_threshold``, all drawn at random. A window is cut out with
    ``context_pad`` pixels of surroundings (counted after resizing; what lies outside the image is 0 after the mean is
    subtracted), made square by its surroundings if ``crop_mode`` is ``square``, and resized to ``crop_size``. Batches
    follow from the seed and their number. See `read_windows` for the ``source``.
    """

    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition):
        param, transform = spec.message.window_data_param, spec.message.transform_param
        super().__init__(spec, param.batch_size)
        self.transform = Transform(spec)
        self.crop, self.pad = transform.crop_size, param.context_pad
        # The original multiplies by the layer's own, older field only, though crop_size and mirror are the newer ones.
        self.scale = np.float32(transform.scale) * np.float32(param.scale)
        _check(spec)
        self.square = param.crop_mode == "square"
        self.source = spec.resolve(param.source, _PARAM, "source")
        self.root = param.root_folder
        self.folders = search_folders(spec, self.source)
        windows = read_windows(self.source, param.fg_threshold, param.bg_threshold)
        self.kinds = windows.background, windows.foreground
        foreground = int(np.float32(self.batch_size) * np.float32(param.fg_fraction))
        self.counts = self.batch_size - foreground, foreground
        for name, count, kind in zip(("background", "foreground"), self.counts, self.kinds):
            if count and not kind:
                raise spec.refuse(f"needs {count} {name} windows a batch, and {self.source} has none", _PARAM, "source")
        self.mean = self._mean(spec, windows.channels)
        self.cache: dict[str, bytes] | None = {} if param.cache_images else None
        self.set_shapes(spec, (windows.channels, self.crop, self.crop), ())
        self.work_ahead(spec.message.data_param.prefetch)

    def _mean(self, spec: LayerDefinition, channels: int) -> np.ndarray | None:
        """The mean to subtract from a crop: the centre of the mean image, or a value a channel."""
        image, values = self.transform.mean_image, self.transform.mean_values
        if image is not None:
            if image.shape[0] != channels or min(image.shape[1:]) < self.crop:
                raise spec.refuse(
                    f"has a mean_file of shape {image.shape} for crops of shape {(channels, self.crop, self.crop)}",
                    "transform_param",
                    "mean_file",
                )
            top, left = ((size - self.crop) // 2 for size in image.shape[1:])
            return image[:, top : top + self.crop, left : left + self.crop]
        if len(values) not in (0, 1, channels):
            raise spec.refuse(f"has {len(values)} mean_value for {channels} channels", "transform_param", "mean_value")
        return np.broadcast_to(values, (channels, self.crop, self.crop)) if values.size else None

    def batch(self, number: int) -> dict[str, np.ndarray]:
        random = self.generator("windows", self.first_item(number) // self.batch_size)
        chosen = [
            kind[i] for kind, n in zip(self.kinds, self.counts) for i in (random.random(n) * len(kind)).astype(int)
        ]
        flips = self.transform.mirror & (random.random(len(chosen)) < 0.5)
        out = np.zeros(self.shapes[self.tops[0]], np.float32)

        def fill(index: int) -> None:
            self.cut(out[index], self.load(chosen[index].image), chosen[index], bool(flips[index]))

        decode_each(fill, range(len(chosen)))
        return dict(zip(self.tops, (out, np.array([window.label for window in chosen], np.float32))))

    def cut(self, out: np.ndarray, image: np.ndarray, window: LabelledWindow, flip: bool) -> None:
        """Write a window of an image into ``out``, zeros of shape (channels, crop, crop)."""
        channels, rows, columns = image.shape
        if channels != len(out):
            raise FileError(f"{self.source}: image `{window.image}` has {channels} channels, not {len(out)}")
        x1, y1, x2, y2 = window.box
        left = top = 0
        width = height = self.crop
        if self.pad or self.square:
            (x1, x2), (y1, y2) = self._expanded(window.box)
            x1, x2, left, right, width = self._clipped(x1, x2, columns)
            y1, y2, top, _, height = self._clipped(y1, y2, rows)
            left = right if flip else left
            width, height = min(width, self.crop - left), min(height, self.crop - top)
        if not (0 <= x1 <= x2 < columns and 0 <= y1 <= y2 < rows):
            box = " ".join(map(str, window.box))
            raise FileError(f"{self.source}: image `{window.image}` of {rows} x {columns} has no window {box}")
        if width <= 0 or height <= 0:  # less than half a pixel of the crop is inside
            return
        piece = resize(np.ascontiguousarray(image[:, y1 : y2 + 1, x1 : x2 + 1]), height, width)
        part = (slice(None), slice(top, top + height), slice(left, left + width))
        values = (piece[..., ::-1] if flip else piece).astype(np.float32)
        out[part] = (values if self.mean is None else values - self.mean[part]) * self.scale

    def _expanded(self, box: Corners) -> tuple[tuple[int, int], tuple[int, int]]:
        """The columns and rows of the box with its surroundings, computed in float32 as in the original."""
        grow = np.float32(self.crop) / np.float32(self.crop - 2 * self.pad)
        halves = [np.float32(box[i + 2] - box[i] + 1) / 2 for i in (0, 1)]
        centres = [np.float32(box[i]) + halves[i] for i in (0, 1)]
        if self.square:
            halves = [max(halves)] * 2
        columns, rows = ((_round(c - h * grow), _round(c + h * grow)) for c, h in zip(centres, halves))
        return columns, rows

    def _clipped(self, low: int, high: int, size: int) -> tuple[int, int, int, int, int]:
        """Clip low..high to the image, and give its length and the margins before and after it in pixels of the crop."""
        ratio = np.float32(self.crop) / np.float32(high - low + 1)
        before, behind = max(0, -low), max(0, high - size + 1)
        low, high = low + before, high - behind
        return low, high, _round(before * ratio), _round(behind * ratio), _round((high - low + 1) * ratio)

    def load(self, name: str) -> np.ndarray:
        """Read an image of the list. Raises `FileError` with the names of the list and the image."""
        data = self.cache.get(name) if self.cache is not None else None
        if data is None:
            path = locate(self.root + name, self.folders, self.source)
            try:
                data = path.read_bytes()
            except OSError as error:
                raise FileError(f"{path}: {error.strerror or error}") from error
            if self.cache is not None:
                self.cache[name] = data
        try:
            return decode(data, color=True)
        except NetdefError as error:
            raise FileError(f"{self.source}: image `{name}` {error}") from error


def _check(spec: LayerDefinition) -> None:
    """Raise `SpecError` for settings that the original refuses, or on which it fails."""
    param, crop = spec.message.window_data_param, spec.message.transform_param.crop_size
    if not crop:
        raise spec.refuse("needs a crop_size", "transform_param")
    if crop <= 2 * param.context_pad:
        raise spec.refuse(
            f"has a context_pad of {param.context_pad}, which leaves nothing of a crop of {crop}", _PARAM, "context_pad")
    if param.crop_mode not in ("warp", "square"):
        raise spec.refuse(f"has the crop_mode `{param.crop_mode}`; it takes `warp` or `square`", _PARAM, "crop_mode")
    if not 0 <= param.fg_fraction <= 1:
        raise spec.refuse(f"has an fg_fraction of {param.fg_fraction:g}; it is 0 to 1", _PARAM, "fg_fraction")


def _round(value: np.floating) -> int:
    """Round halves away from zero, as C's ``round``."""
    return int(np.copysign(np.floor(np.abs(value) + 0.5), value))
