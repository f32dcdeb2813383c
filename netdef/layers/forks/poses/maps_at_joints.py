"""HeatMapsFromCoordsOrigin, CoordsToBboxesMasks and TorsoMaskFromCoords: maps drawn at joints. Of zimenglan's fork, for poses."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_sizes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.forks.poses.pose_coordinates import check_coordinates, check_infos

_MAPS = "heat_maps_from_coords_origin_param"


class _MapsOfImages(Layer):
    """The base of the three. Bottoms: coordinates (N, 2 K, 1, 1) in pixels, infos (N, 5, 1, 1) and images (N, C, H, W).

    The fork's layers have two bottoms and compute the images' size from the infos: the definition of a net adds the images. No
    gradient.
    """

    n_bottoms = exactly(3)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_coordinates(spec, shapes)
        check_infos(spec, shapes)
        check_axes(spec, shapes, 4, 2)
        if shapes[2][0] != shapes[0][0]:
            raise refuse_shapes(spec, shapes, 2, "the third must be the images")


@register("HeatMapsFromCoordsOrigin")
class HeatMapsFromCoordsOrigin(_MapsOfImages):
    """Maps (N, K, H, W), 1 within ``radius`` pixels of a joint, else 0; and (N, K, 1, 1), 1 for joints inside of their image.

    ``radius_str`` has a radius for each joint, with commas between them. An image is as large as its infos say: width and height
    times scale. A third top is (W, H, 1, 0). ``is_binary: false`` is refused: the fork's Gaussian grows with the distance.
    """

    n_tops = between(2, 3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, joints = spec.message.heat_maps_from_coords_origin_param, shapes[0][1] // 2
        if not param.is_binary:
            raise spec.refuse("has no `is_binary: true`; without it the fork's maps grow with the distance from the joint, and "
                              "are not implemented", _MAPS, *(["is_binary"] if param.HasField("is_binary") else []))
        if param.HasField("radius") == param.HasField("radius_str"):
            raise spec.refuse("wants one of `radius` and `radius_str`", _MAPS)
        try:
            self.radii = [int(word) for word in param.radius_str.split(",")] if param.radius_str else [param.radius] * joints
        except ValueError:
            raise spec.refuse(f"has `radius_str` `{param.radius_str}`; it wants whole numbers with commas between them", _MAPS,
                              "radius_str") from None
        if len(self.radii) != joints:
            raise spec.refuse(f"has {len(self.radii)} radii for {joints} joints", _MAPS, "radius_str")
        check_sizes(spec, "radii", self.radii, _MAPS, "radius_str" if param.radius_str else "radius")
        self.with_size = len(spec.tops) == 3

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        head = (bottoms[0][0], bottoms[0][1] // 2)
        return [(*head, *bottoms[2][2:]), (*head, 1, 1), (4, 1, 1, 1)][: 2 + self.with_size]

    def forward(self, coordinates: Tensor, infos: Tensor, images: Tensor) -> tuple[Tensor, ...]:
        pairs = coordinates.detach().reshape(len(coordinates), -1, 2, 1)  # items, joints, x or y, places
        sizes = (infos.flatten(1)[:, 1:3] * infos.flatten(1)[:, 3:4]).detach()[:, None, :, None]  # width, height
        inside = ((pairs >= 0) & (pairs < sizes)).all(2, keepdim=True)
        sides = [torch.arange(size, device=pairs.device, dtype=pairs.dtype) for size in images.shape[:1:-1]]
        distances, fits = [], []
        for axis, places in enumerate(sides):
            place, size = pairs[:, :, axis], sizes[:, :, axis]
            distances.append((places - place.floor()).square())
            fits.append(places + (place - place.floor()) < size)
        squares = distances[0][:, :, None, :] + distances[1][:, :, :, None]
        radii = squares.new_tensor(self.radii)[:, None, None]
        maps = (squares <= radii.square()) & fits[0][:, :, None, :] & fits[1][:, :, :, None] & inside
        tops = (maps.to(pairs), inside.to(pairs))
        height, width = images.shape[2:]
        return (*tops, pairs.new_tensor([width, height, 1, 0]).reshape(4, 1, 1, 1)) if self.with_size else tops


class _BoxMasks(_MapsOfImages):
    """Masks (N, 1, H, W): ``value`` in a box of each image, else 0.

    The box has two joints in its corners: ``top_id`` and ``bottom_id`` or ``top_id2`` and ``bottom_id2``, as is drawn for each
    item, in TEST, too. If an id is below 0, or one of the pairs is twice the same, it is around all joints. A box that is not
    inside the image is left out.
    """

    param = ""
    counts_origin = True
    """Whether a box of the place 0, 0 alone is one, and not joints that are unknown."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, joints = getattr(spec.message, self.param), shapes[0][1] // 2
        for field in ("top_id", "top_id2", "bottom_id", "bottom_id2", "value"):
            if not param.HasField(field):
                raise spec.refuse(f"needs `{field}`", self.param)
        pairs = (param.top_id, param.bottom_id), (param.top_id2, param.bottom_id2)
        if max(max(pair) for pair in pairs) >= joints:
            raise spec.refuse(f"names joint {max(max(pair) for pair in pairs)}; there are {joints}, from 0", self.param)
        around_all = any(min(pair) < 0 or pair[0] == pair[1] for pair in pairs)
        self.corners = None if around_all else pairs
        self.value: int = param.value
        self.depends_on_data = self.corners is not None and pairs[0] != pairs[1]  # what is drawn

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 1, *bottoms[2][2:])]

    def forward(self, coordinates: Tensor, infos: Tensor, images: Tensor) -> Tensor:
        pairs = coordinates.detach().reshape(len(coordinates), -1, 2)
        if self.depends_on_data and self.corners:
            chosen = torch.randint(2, (len(pairs),), device=pairs.device)
            index = torch.tensor(self.corners, device=pairs.device)[chosen]
            pairs = pairs.gather(1, index[:, :, None].expand(-1, -1, 2))
        elif self.corners:
            pairs = pairs[:, list(self.corners[0])]
        return box_masks(self.moved(pairs), images, self.counts_origin) * self.value

    def moved(self, pairs: Tensor) -> Tensor:
        """The joints in a box's corners (N, joints, 2), moved at random."""
        return pairs

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.depends_on_data:
            raise NotWritable("draws the corners of its boxes")
        joints = f"[:, {list(self.corners[0])}]" if self.corners else ""
        call = f"box_masks({bottoms[0]}.reshape({bottoms[0]}.shape[0], -1, 2){joints}, {bottoms[2]}, "
        call += f"{self.counts_origin}) * {self.value}"
        return TorchCode(call, functions=(box_masks,))


def box_masks(joints: Tensor, images: Tensor, counts_origin: bool) -> Tensor:
    """Masks (N, 1, H, W) of the images' size, 1 in the box around joints (N, joints, 2), x and y, if it is inside.

    Without ``counts_origin`` a box of the place 0, 0 alone is left out.
    """
    low, high = joints.amin(1), joints.amax(1)
    columns, rows = torch.arange(images.shape[3], device=joints.device), torch.arange(images.shape[2], device=joints.device)
    size = torch.tensor([images.shape[3], images.shape[2]], device=joints.device)
    fits = ((low >= 0) & (high < size)).all(1)
    if not counts_origin:
        fits = fits & (high > 0).any(1)
    wide = (columns >= low[:, :1].floor()) & (columns <= high[:, :1])
    tall = (rows >= low[:, 1:].floor()) & (rows <= high[:, 1:])
    return (wide[:, None, None, :] & tall[:, None, :, None] & fits[:, None, None, None]).to(joints.dtype)


@register("CoordsToBboxesMasks")
class CoordsToBboxesMasks(_BoxMasks):
    """`_BoxMasks`, none for joints at 0, 0. ``perturb_num``, random changes of some boxes, is refused."""

    param = "coord_to_bbox_masks_param"
    counts_origin = False

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if spec.message.coord_to_bbox_masks_param.perturb_num > 0:
            raise spec.refuse("has `perturb_num`, random changes of boxes, which are not implemented", self.param, "perturb_num")


@register("TorsoMaskFromCoords")
class TorsoMaskFromCoords(_BoxMasks):
    """`_BoxMasks`, each of whose corners' x and y is moved by a number from -p to p, p being ``perb_num`` if that is above 1."""

    param = "torso_mask_from_coords_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.torso_mask_from_coords_param
        self.most = param.perb_num if param.HasField("perb_num") and param.perb_num > 1 else 0
        self.depends_on_data |= bool(self.most)

    def moved(self, pairs: Tensor) -> Tensor:
        if not self.most:
            return pairs
        ends = torch.stack((pairs.amin(1), pairs.amax(1)), 1) if self.corners is None else pairs
        return ends + torch.randint(-self.most, self.most + 1, ends.shape, device=ends.device)
