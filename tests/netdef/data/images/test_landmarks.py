"""Landmarks move with their boxes."""

from __future__ import annotations

import numpy as np

from netdef.data.images.landmarks import mirror_landmarks, project_landmarks

POINTS = [0.3, 0.4, 0.5, 0.4, 0.4, 0.5, 0.35, 0.6, 0.45, 0.6]


def faces() -> np.ndarray:
    """A face, one without landmarks, and one with a nose on the edge of the crop below."""
    there = [0, 1, 0, 0.2, 0.2, 0.6, 0.8, 0]
    edge = list(POINTS)
    edge[4] = 0.2
    return np.array([[*there, 1, *POINTS], [*there, 0, *[-1] * 10], [*there, 1, *edge]])


def test_a_crop_moves_landmarks_or_drops_all_of_a_face():
    rows = faces()
    project_landmarks(np.array([0.2, 0, 0.7, 0.8]), rows)
    np.testing.assert_allclose(rows[0, 9::2], [0.2, 0.6, 0.4, 0.3, 0.5])
    np.testing.assert_allclose(rows[0, 10::2], [0.5, 0.5, 0.625, 0.75, 0.75])
    assert rows[:, 8].tolist() == [1, 0, 0] and (rows[1:, 9:] == -1).all()
    np.testing.assert_array_equal(rows[:, :8], faces()[:, :8])


def test_a_mirrored_face_keeps_the_order_of_its_landmarks():
    rows = faces()
    mirror_landmarks(rows)
    np.testing.assert_allclose(rows[0, 9::2], [0.7, 0.5, 0.6, 0.65, 0.55])
    np.testing.assert_array_equal(rows[:, 10::2], faces()[:, 10::2])
    assert (rows[1, 9:] == -1).all()
