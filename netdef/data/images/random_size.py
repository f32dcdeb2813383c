"""Images in random sizes before they are cropped, from NVIDIA's, intel's and Cysu's forks: fields of ``transform_param``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np

from netdef.data.images.resize import resize
from netdef.layers.core.checks import check_above_zero, check_bounds
from netdef.schema.messages import RandomResizeParameter, ResizeParameter

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param"
_NVIDIAS = ("img_rand_resize_lower", "img_rand_resize_upper", "rand_resize_ratio_lower", "rand_resize_ratio_upper",
            "vertical_stretch_lower", "vertical_stretch_upper", "horizontal_stretch_lower", "horizontal_stretch_upper")
_HDCNNS = "resize_size", "resize_short_side_min", "resize_short_side_max"
_OTHERS = "random_resize_param", "random_aspect_ratio_param", "multi_scale_levels"


class RandomSize(Protocol):
    """A change of an image's size."""

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """The image (C, H, W) in another size."""


class BatchSize:
    """The ``min_resize`` and ``max_resize`` of ctensmeyer's pull request: the sides that the crops of a batch get in TRAIN.

    Height and width are drawn from ``min_resize`` to one below ``max_resize``, as one number unless ``square_resize`` is false.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.transform_param
        self.least, self.most, self.square = param.min_resize, param.max_resize, param.square_resize
        if self.most <= self.least:
            raise spec.refuse(f"has `min_resize` {self.least} and `max_resize` {self.most}, which must be greater", _FIELD,
                              "max_resize")
        if spec.type != "Data":
            raise spec.refuse("resizes its crops by batches, which only Data layers do", _FIELD, "min_resize")
        if param.mean_file:
            raise spec.refuse("has `min_resize` and a `mean_file`; give `mean_value`", _FIELD, "mean_file")

    def sides(self, random: np.random.Generator) -> tuple[int, int]:
        """The height and the width of the images of a batch."""
        height = int(random.integers(self.least, self.most))
        return height, height if self.square else int(random.integers(self.least, self.most))


def read_batch_size(spec: LayerDefinition) -> BatchSize | None:
    """The sizes that a layer draws for each batch, None without or in TEST. Raises `SpecError`."""
    param = spec.message.transform_param
    found = BatchSize(spec) if param.min_resize and param.max_resize else None
    return found if spec.phase == "TRAIN" else None


def read_random_size(spec: LayerDefinition) -> RandomSize | None:
    """The random size of a layer's ``transform_param``, None without one. Raises `SpecError` if it gives two."""
    param = spec.message.transform_param
    given = [descriptor.name for descriptor, _ in param.ListFields()]
    kinds = [name for name in _OTHERS if name in given]
    for names in (_NVIDIAS, _HDCNNS):  # several fields of one kind
        kinds += [name for name in names if name in given][:1]
    if len(kinds) > 1:
        raise spec.refuse(f"gives both `{kinds[0]}` and `{kinds[1]}`; give one of them", _FIELD, kinds[1])
    if not kinds:
        return None
    if kinds[0] == "random_resize_param":
        return RandomShorterSide(spec)
    if kinds[0] == "multi_scale_levels":
        return RandomLevel(spec)
    if kinds[0] in _HDCNNS:
        return SquareOrShorterSide.of(spec)
    return RandomPart(spec) if kinds[0] == "random_aspect_ratio_param" else StretchedSides(spec)


class StretchedSides:
    """The random sizes of NVIDIA's fork.

    The shorter side gets a length from ``img_rand_resize_lower`` to ``_upper``; the other one keeps the aspect ratio or, with
    ``rand_resize_ratio_*``, is that many times as long. Then each side is multiplied by a number from ``vertical_`` and
    ``horizontal_stretch_*``. No side becomes shorter than the crop or, without ``allow_upscale``, longer than before.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.transform_param
        self.sizes = param.img_rand_resize_lower, param.img_rand_resize_upper
        self.ratios = param.rand_resize_ratio_lower, param.rand_resize_ratio_upper
        self.stretches = ((param.vertical_stretch_lower, param.vertical_stretch_upper),
                          (param.horizontal_stretch_lower, param.horizontal_stretch_upper))
        for name in ("img_rand_resize", "rand_resize_ratio", "vertical_stretch", "horizontal_stretch"):
            check_bounds(spec, param, name, _FIELD)
        self.least: int = param.crop_size
        self.grows: bool = param.allow_upscale
        algorithms = param.interpolation_algo_down, param.interpolation_algo_up
        kinds = RandomResizeParameter.InterpolationAlgo
        self.down, self.up = (kinds.Name(kind).removeprefix("INTER_") for kind in algorithms)

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        old = np.array(image.shape[1:])
        sides = old.astype(float)
        if min(self.sizes) > 0:
            sides *= random.integers(self.sizes[0], self.sizes[1] + 1) / min(old)
        if self.ratios[0] >= 1 and self.ratios[1] > 1:
            longer = int(random.integers(2)) if sides[0] == sides[1] else int(sides.argmax())
            sides[longer] = sides[1 - longer] * random.uniform(*self.ratios)
        sides *= [random.uniform(*stretch) if min(stretch) > 0 else 1 for stretch in self.stretches]
        new = np.maximum(np.floor(sides + 0.5), max(self.least, 1))
        if not self.grows:
            new = np.minimum(new, old)
        height, width = new.astype(int).tolist()
        return resize(image, height, width, self.down if (new <= old).all() else self.up)


class _Interpolation:
    """Resize by an interpolation drawn from those of SSD's ``resize_param``."""

    def __init__(self, spec: LayerDefinition, param: ResizeParameter, field: str):
        if param.resize_mode != param.WARP:
            raise spec.refuse("resizes in a `resize_mode` other than WARP; only that is there", _FIELD, field, "resize_param")
        self.modes = [param.Interp_mode.Name(mode) for mode in param.interp_mode] or ["LINEAR"]

    def apply(self, image: np.ndarray, height: int, width: int, random: np.random.Generator) -> np.ndarray:
        return resize(image, max(height, 1), max(width, 1), self.modes[random.integers(len(self.modes))])


class RandomShorterSide:
    """The ``random_resize_param`` of intel's fork: a shorter side from ``min_size`` to ``max_size``, the same aspect ratio."""

    def __init__(self, spec: LayerDefinition):
        param = spec.message.transform_param.random_resize_param
        self.least, self.most = param.min_size, param.max_size
        if self.most and self.least > self.most:
            raise spec.refuse(f"resizes to {self.least} to {self.most}; wanted are `min_size` <= `max_size`", _FIELD,
                              "random_resize_param", "min_size")
        self.interpolation = _Interpolation(spec, param.resize_param, "random_resize_param")

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        short, long = sorted(image.shape[1:])
        least, most = self.least or short, self.most or long
        size = int(random.integers(min(least, most), most + 1))
        height, width = (size if side == short else int(size / short * side) for side in image.shape[1:])
        return self.interpolation.apply(image, height, width, random)


class SquareOrShorterSide:
    """HD-CNN's sizes: a shorter side from ``resize_short_side_min`` to ``_max``, the longer rounded up; or ``resize_size``.

    ``resize_size`` is the side of a square; in the fork of encoded records alone. 0 leaves the size as it is.
    """

    def __init__(self, least: int, most: int, square: int):
        self.least, self.most, self.square = least, most, square

    @classmethod
    def of(cls, spec: LayerDefinition) -> SquareOrShorterSide | None:
        param = spec.message.transform_param
        least, most, square = param.resize_short_side_min, param.resize_short_side_max, param.resize_size
        if not least or not most:
            return cls(0, 0, square) if square else None
        if square:
            raise spec.refuse("gives both `resize_size` and `resize_short_side_min`; give one of them", _FIELD, "resize_size")
        if least > most:
            raise spec.refuse(f"has `resize_short_side_min` {least} and `resize_short_side_max` {most}, which must not be less",
                              _FIELD, "resize_short_side_max")
        return cls(least, most, 0)

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        rows, columns = image.shape[1:]
        height = width = self.square or int(random.integers(self.least, self.most + 1))
        if not self.square and rows > columns:
            height = math.ceil(np.float32(rows) / np.float32(columns) * np.float32(width))
        elif not self.square:
            width = math.ceil(np.float32(columns) / np.float32(rows) * np.float32(height))
        return resize(image, height, width, "LINEAR")


class RandomPart:
    """The ``random_aspect_ratio_param`` of intel's fork: a random part of the image, resized to the crop.

    If none of ``max_attempt`` parts fits into the image, the whole image, its shorter side resized to the crop's.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.transform_param.random_aspect_ratio_param
        self.areas = param.min_area_ratio, param.max_area_ratio
        self.change = param.aspect_ratio_change
        self.side: int = spec.message.transform_param.crop_size
        at = _FIELD, "random_aspect_ratio_param"
        if not self.side:
            raise spec.refuse("has a `random_aspect_ratio_param`, which needs a `crop_size`", *at)
        if not 0 < self.areas[0] <= self.areas[1] or not self.change > 0:
            raise spec.refuse(f"takes parts of {self.areas[0]:g} to {self.areas[1]:g} of the image, their sides changed by "
                              f"{self.change:g}; all must be above 0, the lesser first", *at)
        self.tries: int = param.max_attempt
        self.interpolation = _Interpolation(spec, param.resize_param, "random_aspect_ratio_param")

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        rows, columns = image.shape[1:]
        for _ in range(self.tries):
            side = np.sqrt(random.uniform(*self.areas) * rows * columns)
            change = random.uniform(min(self.change, 1 / self.change), max(self.change, 1 / self.change))
            height, width = int(side * change), int(side / change)
            if random.random() < 0.5:
                height, width = width, height
            if 0 < height <= rows and 0 < width <= columns:
                top, left = int(random.integers(rows - height + 1)), int(random.integers(columns - width + 1))
                part = image[:, top : top + height, left : left + width]
                return self.interpolation.apply(part, self.side, self.side, random)
        short = min(rows, columns)
        height, width = (self.side if side == short else int(self.side / short * side) for side in (rows, columns))
        return self.interpolation.apply(image, height, width, random)


class RandomLevel:
    """The ``multi_scale_levels`` of Cysu's fork: both sides times one of these numbers, drawn in TRAIN and TEST.

    Values between pixels are interpolated by the quotient of the sizes; the fork takes the number itself, which differs where
    a side is rounded.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.transform_param
        self.levels: list[float] = list(param.multi_scale_levels)
        for index, level in enumerate(self.levels):
            check_above_zero(spec, level, _FIELD, "multi_scale_levels", index)
        if param.mean_file:
            raise spec.refuse("has `multi_scale_levels` and a `mean_file`; give `mean_value`", _FIELD, "mean_file")

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        level = self.levels[random.integers(len(self.levels))]
        height, width = (max(int(np.floor(side * level + 0.5)), 1) for side in image.shape[1:])
        return resize(image, height, width)
