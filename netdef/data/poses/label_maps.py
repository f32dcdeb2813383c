"""Training targets: maps of joints and of the directions of limbs, of OpenPose (Cao et al. 2017) and pose machines."""

from __future__ import annotations

import numpy as np

from netdef.data.poses.pose import OUTSIDE, UNKNOWN, Pose, Skeleton

_LEAST = 4.6052  # -log(1%): no Gaussian is drawn beyond
_LIMBS = 0.125  # limbs are drawn as if the stride were 8, whatever it is
_REACH = 1  # of a limb to both sides, in places


def label_maps(pose: Pose, skeleton: Skeleton, mask: np.ndarray, stride: int, sigma: float) -> np.ndarray:
    """Maps (2 (parts + 1), h, w): the weight of each plane of the truth, then the truth.

    The truth has two planes for each limb, its direction x and y; one for each joint, Gaussians; and one for the
    background, 1 minus the largest joint. The weight of a plane is ``mask`` / 255, which has the size of the planes. As in
    the fork, plane i has weight 0 if joint i of the first person is unknown, although the first planes are those of limbs.
    """
    parts = 2 * len(skeleton.limbs) + len(skeleton.joints)
    maps = np.zeros((2 * (parts + 1), *mask.shape), np.float32)
    maps[: parts + 1] = mask / 255
    unknown = pose.visible[0] == UNKNOWN
    maps[: len(unknown)][unknown] = 0
    limbs, joints = maps[parts + 1 : -1 - len(skeleton.joints)], maps[-1 - len(skeleton.joints) : -1]
    drawn = pose.visible < OUTSIDE
    for points, shown in zip(pose.points, drawn):
        for joint, plane in enumerate(joints):
            if shown[joint]:
                draw_joint(plane, points[joint], stride, sigma)
    for limb, (start, end) in enumerate(skeleton.limbs):
        for points, shown in zip(pose.points, drawn):
            if shown[start] and shown[end]:
                _draw_limb(limbs[2 * limb : 2 * limb + 2], points[start] * _LIMBS, points[end] * _LIMBS)
    maps[-1] = np.maximum(1 - joints.max(0), 0)
    return maps


def person_maps(pose: Pose, height: int, width: int, stride: int, sigma: float) -> np.ndarray:
    """Maps (2 (joints + 1), height, width) of Gaussians at joints, of convolutional pose machines (Wei et al. 2016).

    First those of the person that the record is about, then those of all; each half ends with the background, 1 minus the
    largest.
    """
    joints = pose.visible.shape[1]
    maps = np.zeros((2, joints + 1, height, width), np.float32)
    for person, (points, visible) in enumerate(zip(pose.points, pose.visible)):
        for half in maps[person > 0 :]:
            for joint in np.flatnonzero(visible < OUTSIDE):
                draw_joint(half[joint], points[joint], stride, sigma)
    maps[:, -1] = np.maximum(1 - maps[:, :-1].max(1), 0)
    return maps.reshape(-1, height, width)


def draw_joint(plane: np.ndarray, point: np.ndarray, stride: int, sigma: float) -> None:
    """Add a Gaussian; the sum is at most 1."""
    rows, columns = (stride / 2 - 0.5 + np.arange(size) * stride for size in plane.shape)
    exponent = ((columns - point[0]) ** 2 + (rows[:, None] - point[1]) ** 2) / (2 * sigma**2)
    plane += np.where(exponent <= _LEAST, np.exp(-exponent), 0)
    np.minimum(plane, 1, out=plane)


def _draw_limb(planes: np.ndarray, start: np.ndarray, end: np.ndarray) -> None:
    """Write the direction of a limb along it. Where limbs of two people overlap, the later one's is kept, as in the fork."""
    away = end - start
    length = float(np.hypot(*away))
    if not length:
        return
    away = away / length
    low, high = np.minimum(start, end) - _REACH, np.maximum(start, end) + _REACH
    sizes = planes.shape[:0:-1]  # width, height
    first, last = (np.trunc(bound + np.copysign(0.5, bound)).clip(0, sizes).astype(int) for bound in (low, high))
    columns, rows = np.arange(first[0], last[0]) - start[0], np.arange(first[1], last[1])[:, None] - start[1]
    near = np.abs(columns * away[1] - rows * away[0]) <= _REACH
    window = planes[:, first[1] : last[1], first[0] : last[0]]
    window[:, near] = away[:, None]
