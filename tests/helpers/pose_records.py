"""Records of poses, as OpenPose's databases hold them."""

from __future__ import annotations

import numpy as np

from netdef.schema.messages import Datum

HEIGHT, WIDTH, JOINTS = 48, 100, 17


def floats(rows: np.ndarray, row: int, *values: float) -> None:
    data = np.array(values, "<f4").tobytes()
    rows[row, : len(data)] = np.frombuffer(data, np.uint8)


def record(others: int = 1, image: np.ndarray | None = None) -> Datum:
    """A person whose joint i is at (10 + i, 5 + i), counted from 1, and others 30 pixels further to the right."""
    planes = np.zeros((6, HEIGHT, WIDTH), np.uint8)
    planes[:3] = 128 if image is None else image
    planes[4] = 255
    rows = planes[3]
    rows[0, :4] = list(b"COCO")
    floats(rows, 1, HEIGHT, WIDTH)
    rows[2, :3] = 0, others, 0
    floats(rows, 3, 21, 17)
    floats(rows, 4, 0.5)
    blocks = [5, *(9 + others + 3 * other for other in range(others))]
    for person, block in enumerate(blocks):
        marks = np.ones(JOINTS)
        marks[:3] = 0, 3, 1
        floats(rows, block, *(10 + np.arange(JOINTS) + 30 * person))
        floats(rows, block + 1, *(5 + np.arange(JOINTS)))
        floats(rows, block + 2, *marks)
    return Datum(channels=6, height=HEIGHT, width=WIDTH, data=planes.tobytes())
