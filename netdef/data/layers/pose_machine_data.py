"""`CPMData` of convolutional pose machines: a person among others. Wei et al. 2016 (shihenw/caffe)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netdef.data.databases.records import Item
from netdef.data.images.datum import parse_datum
from netdef.data.layers.cpm_data import CPMData
from netdef.data.poses.augment import around_joints
from netdef.data.poses.label_maps import draw_joint, person_maps
from netdef.data.poses.pose import POSE_MACHINES, Pose, Skeleton, in_order, joints_in_records, read_pose
from netdef.layers.core.checks import check_above_zero
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "cpm_transform_param"
_MARGIN, _SIDE = 25, 368  # of cuts from Human3.6M


@register("CPMData", when=lambda spec: spec.message.cpm_transform_param.pose_machine)
class PoseMachineData(CPMData):
    """Tops ``data`` (batch, 4, H, W) and, if asked for, ``label`` (batch, 2 (num_parts + 1), H / stride, W / stride).

    Three planes of ``data`` are the image, ``(value - 128) / 256``, the fourth a Gaussian of ``sigma_center`` at the middle of
    the person. ``label`` has the joints of that person, then those of all people; see `person_maps`. In TRAIN images are scaled,
    turned, cropped and mirrored as by OpenPose; in TEST they are as they are.

    ``num_parts`` is 14 or 28, joints of MPI; any other number is of joints as they are in the records, and if there are 9 some
    change sides in a mirrored image. With ``transform_body_joint: false`` none are sorted or change sides, as for hands; if
    ``num_parts`` is 17 then, the layer is that of a pull request to BVLC/caffe for Human3.6M, in its last state. It reads one
    person and cuts it out with all its joints, in both phases; nothing is random.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.cpm_transform_param
        self.one_person = param.num_parts == 17 and not param.transform_body_joint
        self.middle: float = param.sigma_center
        check_above_zero(spec, self.middle, _PARAM, "sigma_center")
        for field in ("crop_size_x", "crop_size_y"):
            if self.one_person and getattr(param, field) != _SIDE:
                raise spec.refuse(f"has `{field}` {getattr(param, field)}; persons of Human3.6M are cut out to {_SIDE}", _PARAM,
                                  field)
        super().__init__(spec)

    def find_skeleton(self, spec: LayerDefinition) -> Skeleton:
        param = spec.message.cpm_transform_param
        if not param.num_parts:
            raise spec.refuse("has `num_parts` 0; it must be at least 1", _PARAM, "num_parts")
        plain = joints_in_records(param.num_parts)
        return POSE_MACHINES.get(param.num_parts, plain) if param.transform_body_joint else plain

    def arrays(self, item: Item, random: np.random.Generator) -> tuple[np.ndarray, ...]:
        """The arrays of the tops for a record."""
        with self.naming(item):
            pose = in_order(read_pose(parse_datum(item[1]), self.joints, masks=False, alone=self.one_person), self.skeleton)
        pose = self.changed(pose, random)
        height, width = pose.mask.shape
        data = np.zeros((4, height, width), np.float32)
        data[:3] = (pose.image.astype(np.float32) - 128) / 256
        draw_joint(data[3], pose.centre, 1, self.middle)
        if len(self.tops) == 1:
            return (data,)
        return data, person_maps(pose, height // self.stride, width // self.stride, self.stride, self.sigma)

    def changed(self, pose: Pose, random: np.random.Generator) -> Pose:
        """The pose as a net sees it."""
        if self.one_person:
            fits = self.augmentation is None and pose.mask.shape == (_SIDE, _SIDE)
            return pose if fits else around_joints(pose, _MARGIN, _SIDE)
        return self.augmentation.apply(pose, self.skeleton, random) if self.augmentation else pose
