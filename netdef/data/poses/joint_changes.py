"""Mirror, crop, turn and resize an image with the points of its joints; and maps of joints. See `DataHeatmap`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from netdef.data.images.resize import resize
from netdef.errors import NetdefError

# The points of a face of 68 (iBUG's): their places after mirroring.
_FACE = [*range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, *range(35, 30, -1), 45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41,
         40, *range(54, 47, -1), *range(59, 54, -1), *range(64, 59, -1), 67, 66, 65]
FACE = len(_FACE)


class Jointed(NamedTuple):
    """An image, float32 (channels, rows, columns), and its joints in pixels, (joints, 2) as x, y."""

    image: np.ndarray
    joints: np.ndarray


def mirrored(this: Jointed, first: int, swap: bool) -> Jointed:
    """Mirror left to right; with ``swap`` joints change places, of a face, else in pairs from joint ``first`` on.

    Raises `NetdefError` for a joint without another.
    """
    count = len(this.joints)
    if swap and count != FACE and (count - first) % 2:
        raise NetdefError(f"has {count} joints; mirrored, the last of them changes places with none")
    order = list(range(count))
    if swap and count == FACE:
        order = _FACE
    elif swap:
        order = [*order[:first], *(i + 1 if (i - first) % 2 == 0 else i - 1 for i in order[first:])]
    joints = this.joints * [-1, 1] + [this.image.shape[2], 0]
    return Jointed(this.image[..., ::-1], joints[order])


def cropped(this: Jointed, corner: Sequence[int], size: int) -> Jointed:
    """Cut out a square of ``size`` from row and column ``corner`` on."""
    top, left = corner
    return Jointed(this.image[:, top : top + size, left : left + size], this.joints - [left, top])


def turned(this: Jointed, degrees: float) -> Jointed:
    """Turn counterclockwise around the middle, linearly interpolated, with 0 beyond the image."""
    import torch  # takes a second, and images that are not turned do without

    centre = np.array(this.image.shape[:0:-1]) // 2
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[cosine, sine], [-sine, cosine]])
    rows, columns = np.indices(this.image.shape[1:])
    places = (np.stack((columns, rows), -1) - centre) @ turn + centre  # x, y in the image, by the turn's inverse
    grid = places * 2 / np.maximum(np.array(this.image.shape[:0:-1]) - 1, 1) - 1
    image = torch.nn.functional.grid_sample(
        torch.from_numpy(np.ascontiguousarray(this.image))[None], torch.from_numpy(grid.astype(np.float32))[None],
        "bilinear", "zeros", align_corners=True)[0].numpy()
    return Jointed(image, (this.joints - centre) @ turn.T + centre)


def resized(this: Jointed, size: int) -> Jointed:
    """Resize a square to a side of ``size``."""
    return Jointed(resize(this.image, size, size), this.joints * (size / this.image.shape[1]))


def joint_maps(joints: np.ndarray, height: int, width: int) -> np.ndarray:
    """Maps (joints, height, width) of a bump around each joint, float32.

    A bump is ``4 exp(-d^2 / (2 s^2)) / (s sqrt(2 pi))`` at distance d, s 1.5; of a face s is 6, and 4 is 16.
    """
    sigma, factor = (6.0, 16.0) if len(joints) == FACE else (1.5, 4.0)
    x, y = joints.T[..., None, None]
    distance = (np.arange(width) - x) ** 2 + (np.arange(height)[:, None] - y) ** 2
    return (factor / (sigma * math.sqrt(2 * math.pi)) * np.exp(-distance / (2 * sigma**2))).astype(np.float32)
