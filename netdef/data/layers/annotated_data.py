"""`AnnotatedData`: images and the boxes in them, from a database of AnnotatedDatums. Of SSD's fork, Liu et al. 2016."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from google.protobuf.message import DecodeError

from netdef.data.databases.records import Item
from netdef.data.images.crop_with_boxes import WHOLE, EmitConstraint, read_samplers
from netdef.data.images.datum import datum_array
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.distort import Distortion
from netdef.data.images.geometry import Geometry, turned, turned_boxes
from netdef.data.images.landmarks import FIRST, WIDTH, mirror_landmarks, project_landmarks
from netdef.data.images.resize_with_boxes import ResizeWithBoxes, Resizings
from netdef.data.images.transform import Transform
from netdef.data.images.yolo_labels import MOST_BOXES, YoloLabels
from netdef.data.layers.database_feed import DatabaseFeed
from netdef.errors import NetdefError
from netdef.layers.core.arity import between
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.registry import register
from netdef.schema import messages

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param"
Annotated = tuple[np.ndarray, np.ndarray]  # an image (C, H, W), and a row of the label for each of its boxes


@register("AnnotatedData")
class AnnotatedData(DatabaseFeed):
    """Tops ``data`` (batch, channels, height, width) and ``label`` (1, 1, boxes of the batch, 8).

    A row of ``label``: number in the batch, class, instance, x1, y1, x2, y2 as fractions of the sides, difficult. A
    batch without boxes has one row of -1. Each image is distorted, expanded, cropped at one of the places that the
    samplers found, resized, and then transformed as by any data layer; boxes are cropped and mirrored with their image. A
    ``noise_param`` changes resized images.

    From jolibrain's fork (DeepDetect): ``geometry_param`` and ``rotate`` change images and their boxes after they are expanded,
    in TEST, too. A ``distort_param`` of one ``prob`` changes each image twice, the second time resized. The fork draws the
    geometry anew for each class, so that the boxes of most do not fit, and then for the image alone; here it is drawn once.

    From MobileNet-YOLO's fork: with ``yolo_data_type: 1`` the label is (batch, 1, 300, 5), class from 0, centre and sizes, then
    zeros, as Yolov3 and RegionLoss read it. Without samplers a random part of the image is cut, by ``yolo_data_jitter``. If
    there are several ``resize_param``, one is drawn for every ten batches. The fork's third top, label images in records of
    another kind, is refused.

    From yuqj1991's caffe_train: with ``yoloformat`` the label is (batch, 1, boxes of the batch, 8), the rows of each image from
    the first on, then -1; with ``has_landmarks`` a row has 11 more numbers, whether a face has five landmarks, and their x, y,
    else -1. ``crop_type`` says which crops there are: those of the samplers, of `JitterSampler`, or, by CROP_DEFAULT, none.
    """

    n_tops = between(1, 3)

    def __init__(self, spec: LayerDefinition):
        param, transform = spec.message.data_param, spec.message.transform_param
        super().__init__(spec, param.batch_size)
        self.transform = Transform(spec)
        self.resizings = Resizings(spec)
        self.distortion = Distortion(spec) if transform.HasField("distort_param") else None
        self.geometry = Geometry(spec) if transform.HasField("geometry_param") else None
        self.turns: bool = transform.rotate
        expand = transform.expand_param if transform.HasField("expand_param") else None
        if expand:
            check_at_least(spec, expand.max_expand_ratio, 1, _FIELD, "expand_param", "max_expand_ratio")
        self.expand = (expand.prob, expand.max_expand_ratio) if expand else None
        self.yolo = YoloLabels(spec)
        self.samplers = read_samplers(spec)
        self.by_image: bool = spec.message.annotated_data_param.yoloformat
        self.columns = WIDTH if spec.message.annotated_data_param.has_landmarks else FIRST
        if self.yolo.active and (self.by_image or self.columns > FIRST):
            raise spec.refuse("has a `yolo_data_type` and another fork's `yoloformat` or `has_landmarks`", "annotated_data_param",
                              "yolo_data_type")
        for field in ("geometry_param", "rotate"):
            if transform.HasField(field) and self.columns > FIRST:
                raise spec.refuse(f"has `has_landmarks` and another fork's `{field}`", _FIELD, field)
        self.emit = EmitConstraint(spec)
        image, _ = self._parse(self.open_database(spec))
        if len(self.tops) == 3:
            raise spec.refuse("makes a third top of label images, which are in records of MobileNet-YOLO's own", "top", 2)
        self.channels = len(image)
        for resizing in self.resizings.choices:
            resizing.check(spec, self.channels)
            self.transform.check(spec, (self.channels, resizing.height, resizing.width))
        first = self.resizings.choices[0] if self.resizings.choices else None
        self.own = image.shape[1:]
        self.set_shapes(spec, self.transform.check(spec, self._shape(first)))
        if len(self.tops) == 2:
            label = (MOST_BOXES, 5) if self.yolo.active else (1, self.columns)
            self.shapes[self.tops[1]] = (self.batch_size if self.yolo.active or self.by_image else 1, 1, *label)
        self.work_ahead(param.prefetch)

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        items = self.items(number)
        resizing = self.resizings.of_batch(number, self.generator)
        data = np.empty((len(items), *self.transform.shape(self._shape(resizing))), np.float32)

        def fill(index: int) -> np.ndarray:
            random = self.generator("annotated", first + index)
            image, rows = self._parse(items[index])
            with self.naming(items[index]):
                rows = self._prepare(data[index : index + 1], image, rows, resizing, random)
            rows[:, 0] = index
            return rows

        found = decode_each(fill, range(len(items)))
        if self.yolo.active:
            return dict(zip(self.tops, (data, np.stack([self.yolo.rows(rows) for rows in found])[:, None])))
        boxes = np.concatenate(found)
        if self.by_image:
            label = np.full((len(found), 1, max(len(boxes), 1), self.columns), -1, np.float32)
            for index, rows in enumerate(found):
                label[index, 0, : len(rows)] = rows
            return dict(zip(self.tops, (data, label)))
        boxes = boxes if len(boxes) else np.full((1, self.columns), -1.0)
        return dict(zip(self.tops, (data, boxes.astype(np.float32)[None, None])))

    def _shape(self, resizing: ResizeWithBoxes | None) -> tuple[int, ...]:
        """The shape of an image before it is transformed."""
        return (self.channels, *((resizing.height, resizing.width) if resizing else self.own))

    def _prepare(
        self, out: np.ndarray, image: np.ndarray, rows: np.ndarray, resizing: ResizeWithBoxes | None,
        random: np.random.Generator,
    ) -> np.ndarray:
        """Write an augmented image into ``out``, and return the rows of its boxes."""
        if self.distortion:
            image = self.distortion.apply(image, random)
        if self.expand:
            image, rows = self._expanded(image, rows, *self.expand, random)
        if self.geometry:
            image, rows = self.geometry.with_boxes(image, rows, random)
        if self.turns:
            quarters = int(random.integers(4))
            image, rows = turned(image, quarters), turned_boxes(rows, quarters)
        cuts = [cut for sampler in self.samplers for cut in sampler.cuts(rows[:, 3:7], random)]
        if cuts:
            image, rows = self._cut(image, rows, cuts[random.integers(len(cuts))])
        elif self.yolo.jitter and not self.samplers:
            image, rows = self._cut(image, rows, self.yolo.cut(random, square=bool(resizing and resizing.fits)))
        if resizing:
            image, rows = resizing.apply(image, rows, random)
        image = self.transform.changed(image, random)
        draws = self.transform.draws(random, 1)
        self.transform.into(out, image[None], draws)
        if self.transform.crop:
            _, *window = self.transform.window(image.shape[1:], draws[0, 1:].tolist())
            (top, bottom), (left, right) = ((side.start, side.stop) for side in window)
            view = np.array([left, top, right, bottom]) / np.tile(image.shape[:0:-1], 2)
            rows = self.emit.project(view, rows)
        if self.columns > FIRST:
            rows = rows.copy()
            project_landmarks(WHOLE, rows)
        if self.transform.mirror and draws[0, 0] < 0.5:
            rows = rows.copy()
            rows[:, [3, 5]] = 1 - rows[:, [5, 3]]
            if self.columns > FIRST:
                mirror_landmarks(rows)
        return rows

    def _expanded(
        self, image: np.ndarray, rows: np.ndarray, chance: float, most: float, random: np.random.Generator
    ) -> Annotated:
        """Place the image somewhere on a larger canvas of the mean's colour."""
        ratio, where = random.uniform(1, most), random.random(2)
        if random.random() >= chance or ratio < 1.01:
            return image, rows
        channels, height, width = image.shape
        tall, wide = int(height * ratio), int(width * ratio)
        top, left = (where * (tall - height, wide - width)).astype(int)
        means = self.transform.mean_values
        canvas = np.empty((channels, tall, wide), image.dtype)
        canvas[:] = means.round() if means.size else 0
        canvas[:, top : top + height, left : left + width] = image
        view = np.array([-left, -top, wide - left, tall - top]) / (width, height, width, height)
        return canvas, self.emit.project(view, rows)

    def _cut(self, image: np.ndarray, rows: np.ndarray, cut: np.ndarray) -> Annotated:
        if np.array_equal(cut, WHOLE):
            return image, rows
        left, top, right, bottom = (cut.reshape(2, 2) * image.shape[:0:-1]).astype(int).ravel()
        return image[:, top : max(bottom, top + 1), left : max(right, left + 1)], self.emit.project(cut, rows)

    def _parse(self, item: Item) -> Annotated:
        with self.naming(item):
            try:
                found = messages.AnnotatedDatum.FromString(item[1])
            except DecodeError as error:
                raise NetdefError(f"is not an AnnotatedDatum ({len(item[1])} bytes)") from error
            if not found.HasField("datum"):
                raise NetdefError("holds no image; a database of plain Datums is for a Data layer")
            rows = [
                (0, group.group_label, one.instance_id, box.xmin, box.ymin, box.xmax, box.ymax, box.difficult, *self._marks(one))
                for group in found.annotation_group
                for one in group.annotation
                for box in [one.bbox]
            ]
            return datum_array(found.datum, self.transform.color), np.array(rows, np.float64).reshape(-1, self.columns)

    def _marks(self, one: messages.Annotation) -> Sequence[float]:
        """Whether a face has landmarks, and these; nothing without ``has_landmarks``."""
        if self.columns == FIRST:
            return ()
        face = one.face_lm
        points = (face.lefteye, face.righteye, face.nose, face.leftmouth, face.rightmouth)
        return (one.has_lm, *(value for point in points for value in (point.x, point.y)))
