"""Show images from a side, from nearer or from farther away, or turned: jolibrain's ``geometry_param`` and ``rotate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from netdef.data.images.crop_with_boxes import areas
from netdef.data.images.resize_with_boxes import PADS
from netdef.errors import NetdefError
from netdef.layers.core.checks import check_chance

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param", "geometry_param"
_KEPT = 0.75
_NO_BOXES = np.empty((0, 7))


class Geometry:
    """The perspective and the zoom of a ``geometry_param``, with the chance ``prob``.

    The part of the image that is shown is smaller or larger by up to ``zoom_factor`` of a side at each end, with even chances
    where both are chosen, for each axis by itself. Of the shown image a left or right side, and the upper or lower one, is made
    shorter by up to ``persp_factor`` at each end. Around the image is, as ``pad_mode`` says, its mirror image, its border, or
    black. A box becomes the upright one around its corners, and stays if more than 0.75 of it is within the image; with MIRRORED
    the boxes of the mirror images are there, too.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.transform_param.geometry_param
        self.chance, everything = param.prob, param.all_effects
        check_chance(spec, self.chance, *_FIELD, "prob")
        self.nearer, self.farther = param.zoom_in or everything, param.zoom_out or everything
        self.sideways, self.upright = param.persp_horizontal or everything, param.persp_vertical or everything
        self.zoom, self.bend = param.zoom_factor, param.persp_factor
        for name, value in (("zoom_factor", self.zoom), ("persp_factor", self.bend)):
            if not 0 <= value < 0.5:
                raise spec.refuse(f"has `{name}` {value:g}; it must be at least 0 and below 0.5", *_FIELD, name)
        self.pad = PADS[param.Pad_mode.Name(param.pad_mode)]

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Change an image (1 or 3, rows, columns) of bytes; others stay as they are."""
        return self.with_boxes(image, _NO_BOXES, random)[0]

    def with_boxes(self, image: np.ndarray, rows: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Change an image and its boxes, columns 3 to 6 of ``rows`` as fractions of the sides."""
        if image.dtype != np.uint8 or len(image) not in (1, 3) or random.random() >= self.chance:
            return image, rows
        sides = np.array(image.shape[:0:-1])
        matrix = projection(*self._corners(sides, random))
        return self._warped(image, matrix), self._moved(rows, matrix, sides)

    def _corners(self, sides: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """The corners (4, 2) of the part that is shown, in the image with its surroundings, and where they come to be.

        They are x, y; from the upper left one clockwise.
        """
        nearer, farther = self.nearer, self.farther
        if nearer and farther:
            nearer = random.random() < 0.5
            farther = not nearer
        low = sides.astype(float)
        high = 2 * low - 1
        if nearer or farther:
            low += random.uniform(0, self.zoom, 2) * sides * (1 if nearer else -1)
            high = 3 * sides - low
        shown = np.array([(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])])
        right, bottom = sides - 1.0
        there = np.array([(0, 0), (right, 0), (right, bottom), (0, bottom)])
        if self.sideways:  # the ends of the left or of the right side
            upper, lower = (0, 3) if random.random() < 0.5 else (1, 2)
            there[upper, 1] = random.uniform(0, self.bend) * sides[1]
            there[lower, 1] = sides[1] - there[upper, 1]
        if self.upright:  # of the lower or of the upper side
            left, end = (3, 2) if random.random() < 0.5 else (0, 1)
            there[left, 0] = random.uniform(0, self.bend) * sides[0]
            there[end, 0] = sides[0] - there[left, 0]
        return shown, there

    def _warped(self, image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        _, rows, columns = image.shape
        around = np.pad(image, ((0, 0), (rows, rows), (columns, columns)), self.pad)
        # Pillow asks where a pixel comes from, and counts from the edge of the first pixel, not from its centre. It cuts bytes
        # where OpenCV rounds them; the values here are floats.
        shift = np.array([(1, 0, 0.5), (0, 1, 0.5), (0, 0, 1)])
        back = shift @ np.linalg.inv(matrix) @ np.linalg.inv(shift)
        data = (back / back[2, 2]).ravel()[:8].tolist()
        found = [Image.fromarray(plane).transform((columns, rows), Image.Transform.PERSPECTIVE, data, Image.Resampling.BILINEAR)
                 for plane in around.astype(np.float32)]
        return np.rint(np.stack([np.asarray(plane) for plane in found])).astype(np.uint8)

    def _moved(self, rows: np.ndarray, matrix: np.ndarray, sides: np.ndarray) -> np.ndarray:
        """The rows of the boxes that stay, each with its copies one after the other."""
        boxes = self._copies(rows[:, 3:7])
        corners = boxes[..., [0, 1, 2, 1, 2, 3, 0, 3]].reshape(*boxes.shape[:2], 4, 2) * sides
        ends = np.concatenate((corners, np.ones((*corners.shape[:3], 1))), -1) @ matrix.T
        ends = ends[..., :2] / ends[..., 2:] / sides
        whole = np.concatenate((ends.min(2), ends.max(2)), -1).reshape(-1, 4)
        cut = whole.clip(0, 1)
        stay = areas(cut) > _KEPT * areas(whole)
        found = np.repeat(rows, boxes.shape[1], 0)[stay]
        found[:, 3:7] = cut[stay]
        return found

    def _copies(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes (n, 4) in the image with its surroundings, and in its mirror images, if these surround it: (n, 1 or 9, 4)."""
        found = []
        for column in (0, 1, 2) if self.pad == "reflect" else (1,):
            for row in (0, 1, 2) if self.pad == "reflect" else (1,):
                moved = boxes.copy()
                if column != 1:
                    moved[:, [0, 2]] = 1 - boxes[:, [2, 0]]
                if row != 1:
                    moved[:, [1, 3]] = 1 - boxes[:, [3, 1]]
                found.append(moved + np.array([column, row, column, row]))
        return np.stack(found, 1)


def projection(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """The matrix (3, 3) of the projection that brings four points (4, 2) to four others."""
    lines, wanted = [], []
    for (x, y), (u, v) in zip(here, there):
        lines += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        wanted += [u, v]
    return np.append(np.linalg.solve(np.array(lines), np.array(wanted)), 1).reshape(3, 3)


def turned(image: np.ndarray, quarters: int) -> np.ndarray:
    """An image (channels, rows, columns) turned clockwise. Raises `NetdefError` unless it is square."""
    if image.shape[1] != image.shape[2]:
        raise NetdefError(f"is of {image.shape[1]} x {image.shape[2]}; `rotate` turns square images")
    return np.rot90(image, -quarters, (1, 2))


def turned_boxes(rows: np.ndarray, quarters: int) -> np.ndarray:
    """The rows of boxes, columns 3 to 6 as fractions of the sides, turned with their square image."""
    rows = rows.copy()
    for _ in range(quarters):
        left, top, right, bottom = rows[:, 3:7].T
        rows[:, 3:7] = np.stack((1 - bottom, left, 1 - top, right), 1)
    return rows
