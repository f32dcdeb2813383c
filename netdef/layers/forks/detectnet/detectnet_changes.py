"""The random changes of images and true boxes that DetectNet is trained with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from netdef.layers.forks.detectnet.detectnet_grid import LabelledBox

_LEAST_SATURATION = 1 - 1 / 255  # more is as good as 1


@dataclass(frozen=True)
class Change:
    """A change of one image.

    ``hue`` and ``rotation`` are in degrees, ``size`` (height, width) is that after scaling, and ``offset`` (y, x) is where the
    part that is kept begins.
    """

    size: tuple[int, int]
    hue: float = 0.0
    saturation: float = 1.0
    flip: bool = False
    rotation: float = 0.0
    offset: tuple[int, int] = (0, 0)

    def recolour(self, image: Tensor) -> Tensor:
        """The image (blue, green, red; height, width) with its hue turned and its saturation reduced."""
        saturation = self.saturation if self.saturation < _LEAST_SATURATION else 1.0
        return image if self.hue == 0 and saturation == 1 else _turn_hue(image, self.hue, saturation)

    def place(self, image: Tensor, size: tuple[int, int]) -> Tensor:
        """Mirror, scale and rotate the image and cut out a part of ``size``; 0 outside it. Interpolation is cubic."""
        height, width = image.shape[1:]
        y = torch.arange(size[0], dtype=torch.float64)[:, None] + self.offset[0]
        x = torch.arange(size[1], dtype=torch.float64)[None] + self.offset[1]
        if self.rotation:
            x, y = self._turned(x, y, -1)
        x = x * ((width - 1) / (self.size[1] - 1) if self.size[1] not in (1, width) else 1)
        y = y * ((height - 1) / (self.size[0] - 1) if self.size[0] not in (1, height) else 1)
        return _sample(image, y, width - 1 - x if self.flip else x)

    def move(self, box: LabelledBox, height: int, width: int) -> LabelledBox:
        """Move a true box of the image, whose size before the change is given. Rotation moves its centre and keeps its sides."""
        x = width - box.x - box.width - 1 if self.flip else box.x
        down, across = self.size[0] / height, self.size[1] / width
        x, y, wide, high = x * across, box.y * down, box.width * across, box.height * down
        if self.rotation:
            column, row = self._turned(torch.tensor(x + wide / 2), torch.tensor(y + high / 2), 1)
            x, y = float(column) - wide / 2, float(row) - high / 2
        return LabelledBox(x - self.offset[1], y - self.offset[0], wide, high, box.kind)

    def canvas(self) -> tuple[int, int]:
        """The size (height, width) that holds the whole scaled and rotated image."""
        high, wide = self._extent()
        return math.ceil(high) + 1, math.ceil(wide) + 1

    def _extent(self) -> tuple[float, float]:
        """The distance of the first and the last pixels of the rotated image, down and across."""
        cos, sin = abs(math.cos(math.radians(self.rotation))), abs(math.sin(math.radians(self.rotation)))
        high, wide = self.size[0] - 1, self.size[1] - 1
        return wide * sin + high * cos, wide * cos + high * sin

    def _turned(self, x: Tensor, y: Tensor, direction: int) -> tuple[Tensor, Tensor]:
        """Places of the scaled image on the canvas, or with direction -1 places of the canvas on the scaled image."""
        extent, size = self._extent(), (self.size[0] - 1, self.size[1] - 1)
        before, after = (size, extent) if direction == 1 else (extent, size)
        angle = math.radians(self.rotation) * direction
        x, y = x - before[1] / 2, y - before[0] / 2
        cos, sin = math.cos(angle), math.sin(angle)
        return x * cos - y * sin + after[1] / 2, x * sin + y * cos + after[0] / 2


def _turn_hue(image: Tensor, degrees: float, saturation: float) -> Tensor:
    blue, green, red = image
    value, chroma = image.amax(0), image.amax(0) - image.amin(0)
    over = chroma.where(chroma != 0, 1)
    sector = torch.where(value == red, (green - blue) / over,
                         torch.where(value == green, 2 + (blue - red) / over, 4 + (red - green) / over))
    sector = sector + degrees / 60

    def channel(start: int) -> Tensor:
        k = (start + sector) % 6
        return value - saturation * chroma * torch.minimum(k, 4 - k).clamp(0, 1)

    return torch.stack([channel(1), channel(3), channel(5)])


def _sample(image: Tensor, y: Tensor, x: Tensor) -> Tensor:
    """Sample the image at places y and x, which are broadcast, by cubic interpolation of four pixels an axis.

    Outside the image the border pixels are repeated once; beyond them it is 0.
    """
    rows, columns = _taps(y, image.shape[1]), _taps(x, image.shape[2])
    pixels, top = image.flatten(1), torch.zeros((), dtype=image.dtype, device=image.device)
    for row, weight in rows:
        for column, other in columns:
            places = (row * image.shape[2] + column).to(image.device)
            top = top + (weight * other).to(image) * pixels[:, places]
    return top


def _taps(at: Tensor, size: int) -> list[tuple[Tensor, Tensor]]:
    """Indices and weights of the four pixels about places along an axis, or of those that count at all."""
    first, last = at.floor(), at.ceil()
    d = at - first
    weights = (d * (-2 + d * (3 - d)) / 6, 1 + d * (-3 + d * (-6 + 3 * d)) / 6, d * (6 + d * (3 - 3 * d)) / 6,
               d * (d**2 - 1) / 6)
    indices = (first - 1, first, last, last + 1)
    return [(index.clamp(0, size - 1).long(), weight * ((index >= -1) & (index <= size)))
            for index, weight in zip(indices, weights) if weight.any()]
