"""`CPMData`: images with maps of the joints and limbs of people, from a database. Of OpenPose's fork, Cao et al. 2017."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.databases.records import Item
from netdef.data.images.datum import parse_datum
from netdef.data.images.decode_threads import decode_each
from netdef.data.images.resize import resize
from netdef.data.layers.database_feed import DatabaseFeed
from netdef.data.poses.augment import Augmentation
from netdef.data.poses.label_maps import label_maps
from netdef.data.poses.pose import SKELETONS, Skeleton, in_order, read_pose
from netdef.errors import FileError
from netdef.layers.core.arity import between
from netdef.layers.core.checks import check_above_zero, check_positive
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "cpm_transform_param"


@register("CPMData")
class CPMData(DatabaseFeed):
    """Tops ``data`` (batch, 6, H, W) and, if asked for, ``label`` (batch, 2 (num_parts + 1), H / stride, W / stride).

    Three planes of ``data`` are the image, ``(value - 128) / 256``; the others are 0 (uninitialised memory in the fork).
    ``label`` has the weight of each plane of the truth, then the truth; see `label_maps`. In TRAIN images are scaled,
    turned, cropped and mirrored; in TEST they are as they are. ``num_parts`` is 56 (COCO) or 43 (MPI).
    """

    n_tops = between(1, 2)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.cpm_transform_param
        super().__init__(spec, spec.message.data_param.batch_size)
        for field, usual in (("do_clahe", False), ("gray", 0), ("aug_way", "rand")):
            self.check_usual(spec, field, usual)
        self.skeleton = self.find_skeleton(spec)
        for field in ("stride", "crop_size_x", "crop_size_y"):
            check_positive(spec, getattr(param, field), _PARAM, field)
        for field in ("target_dist", "scale_min", "sigma"):
            check_above_zero(spec, getattr(param, field), _PARAM, field)
        self.joints, self.stride, self.sigma = param.np_in_lmdb, param.stride, param.sigma
        if self.joints <= max(map(max, self.skeleton.joints)):
            raise spec.refuse(f"has {self.joints} joints a person, too few for `num_parts` {param.num_parts}", _PARAM,
                              "np_in_lmdb")
        self.augmentation = Augmentation(
            param.target_dist, param.scale_prob, param.scale_min, param.scale_max, param.max_rotate_degree,
            param.center_perterb_max, param.crop_size_y, param.crop_size_x, param.flip_prob) if spec.phase == "TRAIN" else None
        first = self.arrays(self.open_database(spec), np.random.default_rng(0))
        self.set_shapes(spec, *(array.shape for array in first))
        self.work_ahead(spec.message.data_param.prefetch)

    def check_usual(self, spec: LayerDefinition, field: str, usual: object) -> None:
        """Raise `SpecError` if a field has another value than the only one that is there."""
        value = getattr(spec.message.cpm_transform_param, field)
        if value != usual:
            raise spec.refuse(f"has `{field}` {value}; only {usual} is there", _PARAM, field)

    def find_skeleton(self, spec: LayerDefinition) -> Skeleton:
        """The joints that there are maps of."""
        self.check_usual(spec, "transform_body_joint", True)
        parts = spec.message.cpm_transform_param.num_parts
        if parts not in SKELETONS:
            raise spec.refuse(f"has `num_parts` {parts}; there are 56 (COCO) and 43 (MPI)", _PARAM, "num_parts")
        return SKELETONS[parts]

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first, items = self.first_item(number), self.items(number)
        made = decode_each(
            lambda index: self.arrays(items[index], self.generator("pose", first + index)), range(len(items)))
        for item, (data, *_) in zip(items, made):
            if data.shape != made[0][0].shape:
                raise FileError(f"{self.records.path}: item `{item[0].decode(errors='replace')}` is of shape {data.shape}, the "
                                f"first of its batch of {made[0][0].shape}")
        return {top: np.stack(arrays) for top, arrays in zip(self.tops, zip(*made))}

    def arrays(self, item: Item, random: np.random.Generator) -> tuple[np.ndarray, ...]:
        """The arrays of the tops for a record."""
        with self.naming(item):
            pose = in_order(read_pose(parse_datum(item[1]), self.joints), self.skeleton)
        if self.augmentation:
            pose = self.augmentation.apply(pose, self.skeleton, random)
        height, width = (side // self.stride for side in pose.mask.shape)
        data = np.zeros((6, *pose.mask.shape), np.float32)
        data[:3] = (pose.image.astype(np.float32) - 128) / 256
        if len(self.tops) == 1:
            return (data,)
        mask = resize(np.ascontiguousarray(pose.mask)[None], height, width, "CUBIC")[0]
        return data, label_maps(pose, self.skeleton, mask, self.stride, self.sigma)
