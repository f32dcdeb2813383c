"""Crops of images with boxes: where SSD cuts (``batch_sampler``), and which boxes stay (``emit_constraint``)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.landmarks import FIRST, project_landmarks
from netdef.schema import messages

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_JITTER, _KEPT = 0.1, 0.85
WHOLE = np.array([0.0, 0, 1, 1])  # the box of the whole image: x1, y1, x2, y2 as fractions of the sides


def areas(boxes: np.ndarray) -> np.ndarray:
    """Areas of boxes (..., 4), x1, y1, x2, y2; 0 where x2 < x1 or y2 < y1."""
    return (boxes[..., 2:] - boxes[..., :2]).clip(0).prod(-1)


def intersections(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The area that ``box`` (4,) shares with each of ``boxes`` (N, 4)."""
    return (np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])).clip(0).prod(-1)


class BatchSampler:
    """One ``batch_sampler``: random crops that meet its constraint for some box of the image."""

    def __init__(self, spec: LayerDefinition, index: int):
        param = spec.message.annotated_data_param.batch_sampler[index]
        sampler, wanted = param.sampler, param.sample_constraint
        at = ("annotated_data_param", "batch_sampler", index)
        self.scale = sampler.min_scale, sampler.max_scale
        self.ratio = sampler.min_aspect_ratio, sampler.max_aspect_ratio
        if not 0 < self.scale[0] <= self.scale[1] <= 1 or not 0 < self.ratio[0] <= self.ratio[1]:
            raise spec.refuse(
                f"cuts with scales {self.scale} and aspect ratios {self.ratio}; wanted are 0 < min <= max, and "
                "scales up to 1",
                *at,
                "sampler",
            )
        if not param.use_original_image:
            raise spec.refuse("samples nothing: only `use_original_image: true` is there", *at, "use_original_image")
        self.most: int | None = param.max_sample if param.HasField("max_sample") else None
        self.trials: int = param.max_trials
        self.bounds = [
            (
                getattr(wanted, f"min_{name}") if wanted.HasField(f"min_{name}") else -math.inf,
                getattr(wanted, f"max_{name}") if wanted.HasField(f"max_{name}") else math.inf,
            )
            if wanted.HasField(f"min_{name}") or wanted.HasField(f"max_{name}")
            else None
            for name in ("jaccard_overlap", "sample_coverage", "object_coverage")
        ]

    def cuts(self, boxes: np.ndarray, random: np.random.Generator) -> list[np.ndarray]:
        """Crops that meet the constraint, found in ``max_trials`` tries; at most ``max_sample``."""
        found: list[np.ndarray] = []
        for _ in range(self.trials):
            if self.most is not None and len(found) >= self.most:
                break
            cut = self._draw(random)
            if self.meets(cut, boxes):
                found.append(cut)
        return found

    def _draw(self, random: np.random.Generator) -> np.ndarray:
        scale = random.uniform(*self.scale)
        # Only ratios that keep both sides within the image: near scale 1 none but 1.
        low, high = max(self.ratio[0], scale**2), min(self.ratio[1], scale**-2)
        root = math.sqrt(random.uniform(min(low, high), max(low, high)))
        width, height = min(scale * root, 1.0), min(scale / root, 1.0)
        left, top = random.uniform(0, 1 - width), random.uniform(0, 1 - height)
        return np.array([left, top, left + width, top + height])

    def meets(self, cut: np.ndarray, boxes: np.ndarray) -> bool:
        """Whether some box is within the bounds of one of the constraints, or there are none."""
        if not any(self.bounds):
            return True
        both, of_cut, of_boxes = intersections(cut, boxes), areas(cut), areas(boxes)
        measures = (both / (of_cut + of_boxes - both), both / of_cut, both / np.where(of_boxes > 0, of_boxes, 1))
        return any(bound is not None and bool(((bound[0] <= measure) & (measure <= bound[1])).any())
                   for bound, measure in zip(self.bounds, measures))


class JitterSampler:
    """Crops that move each side by up to a tenth, if 85 percent of a box stay; else the whole image. yuqj1991's caffe_train."""

    def cuts(self, boxes: np.ndarray, random: np.random.Generator) -> list[np.ndarray]:
        """The crop, within the image."""
        left, right, top, bottom = random.uniform(-_JITTER, _JITTER, 4)
        cut = np.array([left, top, 1 - right, 1 - bottom])
        kept = intersections(cut, boxes) >= _KEPT * areas(boxes)
        return [cut.clip(0, 1) if (kept & (areas(boxes) > 0)).any() else WHOLE]


def read_samplers(spec: LayerDefinition) -> list[BatchSampler | JitterSampler]:
    """The samplers of ``annotated_data_param``: each ``batch_sampler``, unless a ``crop_type`` says otherwise."""
    param = spec.message.annotated_data_param
    kind = messages.AnnotatedCrops.CropType.Name(param.crop_type) if param.HasField("crop_type") else "CROP_BATCH"
    if kind in ("CROP_ANCHOR", "CROP_GT_BBOX"):
        raise spec.refuse(f"cuts by {kind}, which is not implemented; CROP_BATCH, CROP_JITTER and CROP_DEFAULT are",
                          "annotated_data_param", "crop_type")
    if kind == "CROP_JITTER":
        return [JitterSampler()]
    return [BatchSampler(spec, i) for i in range(len(param.batch_sampler))] if kind == "CROP_BATCH" else []


class EmitConstraint:
    """``emit_constraint``: which boxes stay after a crop. Without one, all that overlap it."""

    def __init__(self, spec: LayerDefinition):
        param = spec.message.transform_param
        self.kind = (
            param.emit_constraint.EmitType.Name(param.emit_constraint.emit_type)
            if param.HasField("emit_constraint")
            else None
        )
        self.overlap: float = param.emit_constraint.emit_overlap

    def project(self, cut: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The rows that stay, with their boxes (columns 3 to 6) as fractions of the crop's sides, clipped to it."""
        boxes = rows[:, 3:7]
        stay = intersections(cut, boxes) > 0
        if self.kind == "CENTER":
            centres = (boxes[:, :2] + boxes[:, 2:]) / 2
            stay &= ((cut[:2] <= centres) & (centres <= cut[2:])).all(1)
        elif self.kind == "MIN_OVERLAP":
            stay &= intersections(cut, boxes) > self.overlap * areas(boxes)
        rows = rows[stay].copy()
        size = cut[2:] - cut[:2]
        rows[:, 3:7] = ((rows[:, 3:7].reshape(-1, 2, 2) - cut[:2]) / size).clip(0, 1).reshape(-1, 4)
        if rows.shape[1] > FIRST:
            project_landmarks(cut, rows)
        return rows
