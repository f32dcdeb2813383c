"""Change images at random together with their label images and boxes, as torrvision's caffe-tvg does."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from netdef.layers.core.checks import check_above_zero

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

PARAM = "image_label_data_param"
NO_BOXES = np.empty((0, 6))  # boxes are rows of class, x1, y1, x2, y2, score


class PairChanges:
    """The random changes of ``image_label_data_param``; blur, rotation and those of boxes in TRAIN only.

    Hue turns by whole steps of 180 a circle (ImageLabelData's and -Index's of the fork, of 256 by mistake), saturation and value
    change by whole numbers and stay within 0 and 255.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.image_label_data_param
        training = spec.phase == "TRAIN"
        self.noise = (param.h_noise, param.s_noise, param.v_noise) if param.hsv_noise else None
        self.blur = param.blur_probability if param.random_gaussian_blur and training else 0.0
        self.kernel = param.min_kernel_size, param.max_kernel_size
        if self.blur and self.kernel[0] > self.kernel[1]:
            raise spec.refuse(f"blurs with kernels of {self.kernel[0]} to {self.kernel[1]}; wanted is min_kernel_size <= "
                              "max_kernel_size", PARAM, "min_kernel_size")
        self.sigmas = (param.min_sigma_x, param.max_sigma_x), (param.min_sigma_y, param.max_sigma_y)
        self.scales = (param.min_scale, param.max_scale) if param.rand_scale else None
        for field in ("min_scale", "max_scale") if self.scales else ():
            check_above_zero(spec, getattr(param, field), PARAM, field)
        self.angles = (param.min_rotation_angle, param.max_rotation_angle) if param.random_rotate and training else None
        perturbs = param.random_box_perturb and training
        self.box_scale = param.box_perturb_max_scale_percent / 100 if perturbs else 0.0
        self.box_shift = param.box_perturb_max_translate_percent / 100 if perturbs else 0.0

    def colours(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Change hue, saturation and value of an image, and blur it."""
        if self.noise:
            image = recoloured(image, [int(random.integers(-most, most + 1)) for most in self.noise])
        if self.blur and random.random() < self.blur:
            width = int(random.integers(self.kernel[0], self.kernel[1] + 1))
            across, down = (between(limits, random) for limits in self.sigmas)
            image = blurred(image, width if width % 2 else max(3, width - 1), across, down)
        return image

    def scaled(
        self, size: Sequence[int], boxes: np.ndarray, random: np.random.Generator
    ) -> tuple[int, int, np.ndarray]:
        """A new height and width, and the boxes in it."""
        factor = between(self.scales or (1, 1), random)
        height, width = (max(round(side * factor), 1) for side in size)
        boxes = boxes.copy()
        boxes[:, 1:3], boxes[:, 3:5] = np.floor(boxes[:, 1:3] * factor), np.ceil(boxes[:, 3:5] * factor)
        return height, width, boxes

    def turned(
        self, image: np.ndarray, label: np.ndarray, boxes: np.ndarray, random: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rotate all about the middle; then change the boxes alone."""
        if self.angles:
            angle = math.radians(between(self.angles, random))
            image, label = rotated(image, angle), rotated(label, angle, 255)
            boxes = rotated_boxes(boxes, angle, image.shape[1:])
        if self.box_scale or self.box_shift:
            boxes = self._perturbed(boxes, image.shape[1:], random)
        return image, label, boxes

    def _perturbed(self, boxes: np.ndarray, size: Sequence[int], random: np.random.Generator) -> np.ndarray:
        """Enlarge and move all boxes by the same shares of their sides."""
        grow, shift = (random.uniform(-most, most, 2) for most in (self.box_scale, self.box_shift))
        boxes = boxes.copy()
        sides = boxes[:, 3:5] - boxes[:, 1:3] + 1
        more, move = np.floor(sides * grow * 0.5), np.floor(sides * shift)
        boxes[:, 1:3] += move - more
        boxes[:, 3:5] += move + more
        boxes[:, 1:5] = boxes[:, 1:5].clip(0, [size[1], size[0]] * 2)
        return boxes


def between(limits: tuple[float, float], random: np.random.Generator) -> float:
    """A number between two, of which either may be the larger."""
    return limits[0] + (limits[1] - limits[0]) * random.random()


def recoloured(image: np.ndarray, deltas: Sequence[int]) -> np.ndarray:
    """Add to hue (of 180 a circle), saturation and value of an image (3, rows, columns), blue first."""
    pixels = np.array(Image.fromarray(np.ascontiguousarray(image[::-1].transpose(1, 2, 0))).convert("HSV"))
    pixels[..., 0] += np.uint8(round(deltas[0] * 256 / 180) % 256)  # 256 steps a circle, where uint8 wraps
    pixels[..., 1:] = (pixels[..., 1:].astype(int) + deltas[1:]).clip(0, 255)
    changed = Image.frombytes("HSV", (image.shape[2], image.shape[1]), pixels.tobytes())
    return np.asarray(changed.convert("RGB")).transpose(2, 0, 1)[::-1]


def blurred(image: np.ndarray, width: int, across: float, down: float) -> np.ndarray:
    """Blur by a Gaussian kernel of ``width`` places a side, with a deviation for each axis; borders are reflected."""
    half = width // 2
    places = np.arange(-half, half + 1)
    values = np.pad(image.astype(np.float32), ((0, 0), (half, half), (half, half)), "reflect")
    for axis, sigma in ((1, down), (2, across)):
        sigma = sigma if sigma > 0 else 0.3 * ((width - 1) * 0.5 - 1) + 0.8
        weights = np.exp(-(places**2) / (2 * sigma**2))
        windows = np.lib.stride_tricks.sliding_window_view(values, width, axis)
        values = windows @ (weights / weights.sum()).astype(np.float32)
    return values.round().clip(0, 255).astype(np.uint8)


def rotated(image: np.ndarray, angle: float, around: int | None = None) -> np.ndarray:
    """Rotate by radians counterclockwise about (width / 2, height / 2), keeping the size.

    Without ``around`` values are interpolated linearly and reflected at the borders; else the nearest ones are taken, and
    ``around`` beyond the borders.
    """
    height, width = image.shape[1:]
    x, y = np.meshgrid(np.arange(width) - width / 2, np.arange(height) - height / 2)
    column = math.cos(angle) * x - math.sin(angle) * y + width / 2
    row = math.sin(angle) * x + math.cos(angle) * y + height / 2
    if around is not None:
        rows, columns = np.rint(row).astype(int), np.rint(column).astype(int)
        inside = (0 <= rows) & (rows < height) & (0 <= columns) & (columns < width)
        return np.where(inside, image[:, rows.clip(0, height - 1), columns.clip(0, width - 1)], image.dtype.type(around))
    return interpolated(image, row, column, _reflected).round().clip(0, 255).astype(np.uint8)


def interpolated(
    image: np.ndarray, row: np.ndarray, column: np.ndarray, beyond: Callable[[np.ndarray, int], np.ndarray]
) -> np.ndarray:
    """The values (C, H, W) at places between pixels, by linear interpolation of the four around each.

    ``beyond(indices, size)`` says which row or column stands for one that the image does not have.
    """
    height, width = image.shape[1:]
    left, top = np.floor(column).astype(int), np.floor(row).astype(int)
    total = np.zeros((len(image), *row.shape))
    for right in (0, 1):
        for below in (0, 1):
            share = np.abs(1 - right - (column - left)) * np.abs(1 - below - (row - top))
            total += image[:, beyond(top + below, height), beyond(left + right, width)] * share
    return total


def _reflected(index: np.ndarray, size: int) -> np.ndarray:
    """Indices beyond an axis, reflected at its first and last place."""
    if size == 1:
        return np.zeros_like(index)
    index = index % (2 * size - 2)
    return np.minimum(index, 2 * size - 2 - index)


def rotated_boxes(boxes: np.ndarray, angle: float, size: Sequence[int]) -> np.ndarray:
    """The upright boxes around rotated ones, rounded and within the image. ``size``: height and width."""
    height, width = size
    middle = np.array([width / 2, height / 2])
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    corners = np.stack([boxes[:, columns] for columns in ((1, 2), (3, 2), (3, 4), (1, 4))], 1)
    corners = (corners - middle) @ turn.T + middle
    boxes = boxes.copy()
    boxes[:, 1:3] = np.maximum(corners.min(1), 0).round()
    boxes[:, 3:5] = np.minimum(corners.max(1), [width - 1, height - 1]).round()
    return boxes


def moved(boxes: np.ndarray, right: int, down: int) -> np.ndarray:
    """Move boxes by so many places."""
    return boxes + np.array([0, right, down, right, down, 0])


def mirrored(boxes: np.ndarray, width: int) -> np.ndarray:
    """Exchange left and right in an image of a width."""
    boxes = boxes.copy()
    boxes[:, [1, 3]] = width - 1 - boxes[:, [3, 1]]
    return boxes
