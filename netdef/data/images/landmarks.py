"""Five landmarks of faces, moved with their boxes. Of yuqj1991's caffe_train.

A row of a label then has 11 numbers behind the 8 of its box: whether it has landmarks, and their x, y in parts of the sides.
"""

from __future__ import annotations

import numpy as np

FIRST, COUNT = 8, 5  # the column of the flag; x and y of each landmark follow
WIDTH = FIRST + 1 + 2 * COUNT
NONE = np.full(2 * COUNT, -1.0)


def project_landmarks(cut: np.ndarray, rows: np.ndarray) -> None:
    """Move the landmarks in ``rows`` to a crop x1, y1, x2, y2; a face that has one on its edge or beyond loses all of them."""
    points = rows[:, FIRST + 1 :].reshape(-1, COUNT, 2)
    stay = (rows[:, FIRST] > 0) & ((points > cut[:2]) & (points < cut[2:])).all((1, 2))
    moved = ((points - cut[:2]) / (cut[2:] - cut[:2])).reshape(-1, 2 * COUNT)
    rows[:, FIRST] = stay
    rows[:, FIRST + 1 :] = np.where(stay[:, None], moved, NONE)


def mirror_landmarks(rows: np.ndarray) -> None:
    """Mirror the landmarks in ``rows``, left to right; as in the fork the left eye stays the first."""
    there = rows[:, FIRST] > 0
    rows[there, FIRST + 1 :: 2] = 1 - rows[there, FIRST + 1 :: 2]
