"""The results for an image: the classes with the highest scores, or boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netdef.errors import FileError, NetdefError


@dataclass(frozen=True)
class Labels:
    """The names of classes, a line each; without a file, their numbers."""

    names: tuple[str, ...] = ()
    file: str = ""

    @classmethod
    def read(cls, path: str) -> Labels:
        """The lines of a file. Raises `FileError` if it cannot be read."""
        try:
            return cls(tuple(Path(path).read_text("utf-8-sig", errors="replace").splitlines()), path)
        except OSError as error:
            raise FileError(f"{path}: {error.strerror or error}") from error

    def check(self, classes: int) -> None:
        """Raise `NetdefError` if there are not as many lines as classes."""
        if self.names and len(self.names) != classes:
            raise NetdefError(f"{self.file} has {len(self.names)} lines; the net has {classes} classes")

    def __getitem__(self, index: int) -> str:
        return self.names[index] if 0 <= index < len(self.names) else str(index)


@dataclass(frozen=True)
class Prediction:
    """A class and its score."""

    index: int
    label: str
    score: float

    def as_dict(self) -> dict[str, object]:
        """The class as a JSON object."""
        return {"class": self.index, "label": self.label, "score": self.score}


@dataclass(frozen=True)
class Detection(Prediction):
    """A class in a box: left, top, right, bottom in pixels of the image."""

    box: tuple[float, float, float, float]

    def as_dict(self) -> dict[str, object]:
        """The box as a JSON object."""
        return {**super().as_dict(), "box": list(self.box)}


def best(scores: np.ndarray, count: int, labels: Labels) -> list[Prediction]:
    """The ``count`` classes with the highest scores (classes,), the highest first; of equal ones the first."""
    order = np.argsort(-scores, kind="stable")[:count]
    return [Prediction(int(index), labels[int(index)], float(scores[index])) for index in order]


def detections(rows: np.ndarray, size: Sequence[int], least: float, labels: Labels) -> list[Detection]:
    """The detections (n, 7) of DetectionOutput with at least this score, the highest first.

    ``size`` is the height and the width of the image.
    """
    height, width = size
    sides = np.array([width, height, width, height])
    found = []
    for _, index, score, *box in rows[np.argsort(-rows[:, 2], kind="stable")].tolist():
        if index >= 0 and score >= least:
            left, top, right, bottom = (np.array(box) * sides).tolist()
            found.append(Detection(int(index), labels[int(index)], score, (left, top, right, bottom)))
    return found


def draw(image: str | Path, found: Sequence[Detection], target: Path) -> None:
    """Write a copy of an image with boxes, their labels and scores."""
    from PIL import Image, ImageDraw

    with Image.open(image) as file:
        picture = file.convert("RGB")
    pen = ImageDraw.Draw(picture)
    for detection in found:
        left, top, right, bottom = detection.box
        pen.rectangle((min(left, right), min(top, bottom), max(left, right), max(top, bottom)), outline="red", width=2)
        pen.text((left + 3, top + 2), f"{detection.label} {detection.score:.2f}", fill="red")
    picture.save(target)
