"""The labels of DetectNet: for each cell of a grid, which object covers it and where that object is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

_SMALL = float(np.finfo(np.float32).eps)  # boxes with a smaller area are left out


class LabelledBox(NamedTuple):
    """A true box in pixels, and its class."""

    x: float
    y: float
    width: float
    height: float
    kind: int


@dataclass(frozen=True)
class LabelGrid:
    """A grid of ``stride`` pixels over images of one size. An object covers the middle of its box.

    ``scale`` is the share of each side that it covers: there at most ``largest`` pixels, or if that is None at least
    ``smallest``, within the box. ``planes`` are the planes of the classes.
    """

    stride: int
    width: int
    height: int
    scale: float
    largest: int | None
    smallest: int
    obj_norm: bool
    crop: bool
    planes: Mapping[int, int]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(8 + classes, rows, columns)"""
        return 9 + max(self.planes.values()), round(self.height / self.stride), round(self.width / self.stride)

    def draw(self, boxes: Iterable[LabelledBox]) -> np.ndarray:
        """The labels of an image, of `shape`. Later boxes overwrite earlier ones.

        Plane 0 is the foreground; 1 to 4 are the box's left, top, right and bottom edge seen from the cell's upper left
        corner; 5 and 6 the inverse of its width and height; 7 the cell's area over the covered one (at least 1 without
        ``obj_norm``); then comes one for each class.
        """
        label = np.zeros(self.shape)
        for box in boxes:
            box = self._visible(box) if self.crop else box
            if box.kind in self.planes and box.width * box.height >= _SMALL:
                self._add(label, box)
        return label

    def _visible(self, box: LabelledBox) -> LabelledBox:
        left, top = max(box.x, 0.0), max(box.y, 0.0)
        right, bottom = min(box.x + box.width, self.width), min(box.y + box.height, self.height)
        return LabelledBox(left, top, max(right - left, 0.0), max(bottom - top, 0.0), box.kind)

    def _add(self, label: np.ndarray, box: LabelledBox) -> None:
        width, height = self._covered(box.width), self._covered(box.height)
        columns, across = self._cells(box.x + box.width / 2, width, label.shape[2])
        rows, down = self._cells(box.y + box.height / 2, height, label.shape[1])
        cells = self.stride**2
        covered = np.outer(down, across) > _SMALL * cells
        x, y = columns * self.stride, (rows * self.stride)[:, None]
        values: list[float | np.ndarray] = [
            1.0, box.x - x, box.y - y, box.x + box.width - x, box.y + box.height - y, 1 / box.width, 1 / box.height,
            max(cells / (width * height), 0.0 if self.obj_norm else 1.0)]
        if not covered.any():
            return
        part = label[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        for plane, value in enumerate(values):
            part[plane] = np.where(covered, value, part[plane])
        part[8:, covered] = 0
        part[8 + self.planes[box.kind], covered] = 1

    def _covered(self, side: float) -> float:
        """The length of a side of a box that its object covers, in pixels."""
        if self.largest is not None:
            return min(self.largest, self.scale * side)
        return min(side, max(self.smallest, self.scale * side))

    def _cells(self, centre: float, side: float, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The cells along an axis that a side about a centre touches, and how many pixels of each it covers."""
        low, high = centre - side / 2, centre + side / 2
        cells = np.arange(max(math.floor(low / self.stride), 0), min(math.ceil(high / self.stride), count))
        begin = cells * self.stride
        return cells, np.minimum(high, begin + self.stride) - np.maximum(low, begin)
