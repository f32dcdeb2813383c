"""Augment an image and the people in it as OpenPose does: scale, rotate, crop and mirror, in this order."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from netdef.data.images.resize import resize
from netdef.data.poses.pose import Pose, Skeleton

_GREY, _MARKED = 128, 255  # what is around the image, and around its mask


@dataclass(frozen=True)
class Augmentation:
    """The limits of random changes of an image.

    Attributes:
        distance: the scale of the person afterwards.
        chance, least, most: share of the images whose scale is multiplied by a random number from ``least`` to ``most``.
        degrees: the largest rotation, to both sides.
        shift: how far the middle of the crop may be from the person, in pixels.
        height, width: of the crop.
        mirror: share of the images that are mirrored.
    """

    distance: float
    chance: float
    least: float
    most: float
    degrees: float
    shift: float
    height: int
    width: int
    mirror: float

    def apply(self, pose: Pose, skeleton: Skeleton, random: np.random.Generator) -> Pose:
        """Change a pose whose joints are those of the skeleton."""
        more = random.uniform(self.least, self.most) if random.random() <= self.chance else 1.0
        pose = _scaled(pose, self.distance / pose.scale * more)
        pose = _turned(pose, random.uniform(-self.degrees, self.degrees))
        shift = np.trunc(random.uniform(-self.shift, self.shift, 2))
        middle = np.rint(pose.centre + shift).astype(int)
        pose = _cropped(pose, middle[1] - self.height // 2, middle[0] - self.width // 2, self.height, self.width)
        return _mirrored(pose, skeleton) if random.random() <= self.mirror else pose


def around_joints(pose: Pose, margin: int, side: int) -> Pose:
    """Cut out the person with a margin around the joints, the centre in the middle, and resize that to a square of a side.

    The cut is as wide as high unless the image ends before. As in a training of pose machines on Human3.6M.
    """
    reach = int((np.abs(pose.points[0] - pose.centre).max(0) + margin).max())
    size = np.array(pose.mask.shape[::-1])  # width, height
    reaches = np.where(pose.centre + reach > size, size - pose.centre, reach).astype(int)
    reaches = np.where(pose.centre < reaches, pose.centre, reaches).astype(int).clip(0)
    start = np.trunc(pose.centre - reaches).astype(int)
    columns, rows = (np.arange(2 * reach + 1) for reach in reaches)
    rows, columns = (start[1] + rows).clip(0, size[1] - 1), (start[0] + columns).clip(0, size[0] - 1)
    image, mask = (resize(np.ascontiguousarray(plane[:, rows][..., columns]), side, side)
                   for plane in (pose.image, pose.mask[None]))
    across, down = side / len(columns), side / len(rows)
    return pose.moved(image, mask[0], np.array([[across, 0, -start[0] * across], [0, down, -start[1] * down]]))


def _scaled(pose: Pose, factor: float) -> Pose:
    height, width = (max(round(side * factor), 1) for side in pose.mask.shape)
    image, mask = (resize(plane, height, width, "CUBIC") for plane in (pose.image, pose.mask[None]))
    return pose.moved(image, mask[0], np.array([[factor, 0, 0], [0, factor, 0]]))


def _turned(pose: Pose, degrees: float) -> Pose:
    """Rotate by degrees counterclockwise, on a canvas that holds the whole image."""
    height, width = pose.mask.shape
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    reach = np.array([abs(width * cosine) + abs(height * sine), abs(width * sine) + abs(height * cosine)]) / 2
    centre = np.array([width, height]) / 2
    size = (np.ceil(centre + reach) - np.floor(centre - reach)).astype(int) + 1
    turn = np.array([[cosine, sine], [-sine, cosine]])
    matrix = np.column_stack((turn, size / 2 - turn @ centre))
    image = _warped(pose.image, matrix, size, _GREY)
    return pose.moved(image, _warped(pose.mask[None], matrix, size, _MARKED)[0], matrix)


def _warped(image: np.ndarray, matrix: np.ndarray, size: np.ndarray, around: int) -> np.ndarray:
    """Map the places of an image (C, H, W), with cubic interpolation and ``around`` outside it. ``size``: width, height."""
    columns, rows = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    turn = np.linalg.inv(matrix[:, :2])
    places = (np.stack((columns, rows), -1) - matrix[:, 2]) @ turn.T  # x, y in the image
    grid = places * 2 / np.maximum(np.array(image.shape[:0:-1]) - 1, 1) - 1
    values = torch.from_numpy(image.astype(np.float32) - around)[None]
    found = torch.nn.functional.grid_sample(
        values, torch.from_numpy(grid.astype(np.float32))[None], "bicubic", "zeros", align_corners=True)
    return (found[0] + around).round().clamp(0, 255).byte().numpy()


def _cropped(pose: Pose, top: int, left: int, height: int, width: int) -> Pose:
    image = np.full((3, height, width), _GREY, np.uint8)
    mask = np.full((height, width), _MARKED, np.uint8)
    rows, columns = (slice(max(start, 0), max(min(start + size, whole), 0))
                     for start, size, whole in zip((top, left), (height, width), pose.mask.shape))
    into = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
    if rows.stop > rows.start and columns.stop > columns.start:
        image[:, into[0], into[1]] = pose.image[:, rows, columns]
        mask[into] = pose.mask[rows, columns]
    return pose.moved(image, mask, np.array([[1.0, 0, -left], [0, 1, -top]]))


def _mirrored(pose: Pose, skeleton: Skeleton) -> Pose:
    matrix = np.array([[-1.0, 0, pose.mask.shape[1] - 1], [0, 1, 0]])
    pose = pose.moved(pose.image[..., ::-1], pose.mask[:, ::-1], matrix)
    order = np.arange(pose.visible.shape[1])
    order[[*skeleton.right, *skeleton.left]] = [*skeleton.left, *skeleton.right]
    return replace(pose, points=pose.points[:, order], visible=pose.visible[:, order])
