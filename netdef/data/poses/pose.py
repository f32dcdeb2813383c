"""Images with the joints of the people in them, as OpenPose's databases hold them. Cao et al. 2017."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from netdef.data.images.datum import datum_array
from netdef.errors import NetdefError
from netdef.schema import messages

OUTSIDE, UNKNOWN = 2, 3
"""Visibilities of a joint: outside the image, and not marked in this data set. 0 is hidden, 1 visible."""


@dataclass(frozen=True)
class Skeleton:
    """The joints of a data set in OpenPose's order.

    Attributes:
        joints: for each, the two joints of the data set whose middle it is; twice the same for a joint of the data set.
        right, left: the joints that are swapped in a mirrored image.
        limbs: pairs of joints that are joined.
    """

    joints: tuple[tuple[int, int], ...]
    right: tuple[int, ...]
    left: tuple[int, ...]
    limbs: tuple[tuple[int, int], ...]


def _from_one(*numbers: int) -> tuple[int, ...]:
    return tuple(number - 1 for number in numbers)


# By `num_parts`: planes of limbs, 2 each, and of joints.
SKELETONS = {
    56: Skeleton(  # COCO
        tuple(zip(_from_one(1, 6, 7, 9, 11, 6, 8, 10, 13, 15, 17, 12, 14, 16, 3, 2, 5, 4),
                  _from_one(1, 7, 7, 9, 11, 6, 8, 10, 13, 15, 17, 12, 14, 16, 3, 2, 5, 4))),
        _from_one(3, 4, 5, 9, 10, 11, 15, 17), _from_one(6, 7, 8, 12, 13, 14, 16, 18),
        tuple(zip(_from_one(2, 9, 10, 2, 12, 13, 2, 3, 4, 3, 2, 6, 7, 6, 2, 1, 1, 15, 16),
                  _from_one(9, 10, 11, 12, 13, 14, 3, 4, 5, 17, 6, 7, 8, 18, 1, 15, 16, 17, 18)))),
    43: Skeleton(  # MPI
        tuple(zip((9, 8, 12, 11, 10, 13, 14, 15, 2, 1, 0, 3, 4, 5, 7), (9, 8, 12, 11, 10, 13, 14, 15, 2, 1, 0, 3, 4, 5, 6))),
        _from_one(3, 4, 5, 9, 10, 11), _from_one(6, 7, 8, 12, 13, 14),
        tuple(zip((0, 1, 2, 3, 1, 5, 6, 1, 14, 8, 9, 14, 11, 12), (1, 2, 3, 4, 5, 6, 7, 14, 8, 9, 10, 11, 12, 13)))),
}


def joints_in_records(count: int) -> Skeleton:
    """The first joints of a data set as they are; none are swapped in a mirrored image."""
    return Skeleton(tuple((joint, joint) for joint in range(count)), (), (), ())


_MPI = (9, 8, 12, 11, 10, 13, 14, 15, 2, 1, 0, 3, 4, 5)
_MORE = ((7, 6, 9, 8, 12, 11, 8, 13, 14, 2, 1, 3, 4, 6), (7, 6, 8, 12, 11, 10, 13, 14, 15, 1, 0, 4, 5, 7))

# By `num_parts`: maps of joints, of convolutional pose machines.
POSE_MACHINES = {
    9: Skeleton(joints_in_records(9).joints, _from_one(1, 2, 3, 7), _from_one(4, 5, 6, 8), ()),
    14: Skeleton(tuple(zip(_MPI, _MPI)), _from_one(3, 4, 5, 9, 10, 11), _from_one(6, 7, 8, 12, 13, 14), ()),
    28: Skeleton(tuple(zip((*_MPI, *_MORE[0]), (*_MPI, *_MORE[1]))),
                 _from_one(3, 4, 5, 9, 10, 11, 18, 19, 20, 24, 25), _from_one(6, 7, 8, 12, 13, 14, 21, 22, 23, 26, 27), ()),
}


@dataclass(frozen=True)
class Pose:
    """An image and the people in it.

    Attributes:
        image: uint8 (3, H, W), blue first.
        mask: uint8 (H, W), 0 where there are people whose joints are not marked.
        centre, scale: where the person that the record is about is, and how large; a point is x, y in pixels.
        points: float (people, joints, 2); that person is the first.
        visible: int (people, joints).
    """

    image: np.ndarray
    mask: np.ndarray
    centre: np.ndarray
    scale: float
    points: np.ndarray
    visible: np.ndarray

    def moved(self, image: np.ndarray, mask: np.ndarray, matrix: np.ndarray) -> Pose:
        """The pose with another image and mask, and its points mapped by an affine matrix (2, 3)."""
        def move(points: np.ndarray) -> np.ndarray:
            return points @ matrix[:, :2].T + matrix[:, 2]

        return replace(self, image=image, mask=mask, centre=move(self.centre), points=move(self.points))


def read_pose(datum: messages.Datum, joints: int, masks: bool = True, alone: bool = False) -> Pose:
    """The pose in a datum of 6 planes: image, records in rows, mask of what is unmarked, mask of all people.

    ``joints`` is how many each person has. Without ``masks`` a datum has 4 planes, as for convolutional pose machines, where all
    joints are marked. ``alone``: only the person that the record is about is read. Raises `NetdefError` for a datum that does
    not hold all that.
    """
    planes = datum_array(datum)
    wanted = 6 if masks else 4
    if len(planes) != wanted or planes.dtype != np.uint8:
        raise NetdefError(f"has {len(planes)} planes of {planes.dtype}; poses have {wanted} of bytes")
    rows = planes[3]
    others = int(rows[2, 1]) if not alone and len(rows) > 2 and rows.shape[1] > 1 else 0
    if len(rows) < 9 + 4 * others or rows.shape[1] < 4 * max(joints, others, 4):
        raise NetdefError(f"is of {rows.shape[0]} x {rows.shape[1]}, too small to hold {joints} joints of {1 + others} people")

    def floats(row: int, count: int) -> np.ndarray:
        return np.frombuffer(rows[row, : 4 * count].tobytes(), "<f4").astype(np.float64)

    height, width = floats(1, 2)
    blocks = [5, *(9 + others + 3 * other for other in range(others))]
    people = np.stack([np.stack([floats(block + row, joints) for row in range(3)], 1) for block in blocks])
    points, marks = people[..., :2] - 1, people[..., 2]
    visible = (marks != 0).astype(np.int64)
    outside = (points < 0).any(2) | (points[..., 0] >= width) | (points[..., 1] >= height)
    visible[outside] = OUTSIDE
    if masks:
        visible[0, marks[0] == UNKNOWN] = UNKNOWN
    mask = planes[4] if masks else np.full(rows.shape, 255, np.uint8)
    return Pose(planes[:3], mask, floats(3, 2) - 1, float(floats(4, 1)[0]), points, visible)


def in_order(pose: Pose, skeleton: Skeleton) -> Pose:
    """The pose in the skeleton's order of joints; a joint between two others is as visible as both."""
    first, second = (np.array(side) for side in zip(*skeleton.joints))
    one, other = pose.visible[:, first], pose.visible[:, second]
    both = ((one != 0) & (other != 0)).astype(np.int64)
    visible = np.where((one == UNKNOWN) | (other == UNKNOWN), UNKNOWN, both)
    visible = np.where((one == OUTSIDE) | (other == OUTSIDE), OUTSIDE, visible)
    return replace(pose, points=(pose.points[:, first] + pose.points[:, second]) / 2, visible=visible)
