"""PriorBox: the boxes that a detector's predictions start from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.definition.upgrade.prior_boxes import aspect_ratios
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_axes, check_each_above_zero, refuse_both
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.schema.messages import PriorBoxParameter

PARAM = "prior_box_param"


@register("PriorBox")
class PriorBox(Layer):
    """(1, 2, places * priors * 4): the boxes around each place of bottom 0, then their variances. From SSD's fork.

    Boxes are x1, y1, x2, y2 in parts of the sides of the image, bottom 1; of both bottoms only the sizes are read.
    For each ``min_size``: its square, the square of the geometric mean with its ``max_size``, then for each aspect
    ratio other than 1 a box of the same area. Sizes are cut to whole numbers, as in the fork. Liu et al. 2016. With
    ``offset_h`` and ``offset_w``, of opencv_contrib, each box is there at each of the offsets (TextBoxes, Liao et al. 2017);
    with ``denser_prior_boxes``, of TextBoxes++'s fork, also a whole step below the place's upper edge. With
    ``use_default: false``, of BDIG (03100076), there are the boxes of the aspect ratios alone.

    For each ``fixed_size``, of FaceBoxes' forks (Zhang et al. 2017), before them: ``density`` x ``density`` squares about points
    at equal distances, cut to the image, and as many for each aspect ratio; or boxes of each ``fixed_ratio`` alone.

    With ``faceboxes``, of FaceBoxes' own fork (sfzhang15), there are squares alone, one pixel smaller than their ``min_size``: of
    32 at 4 x 4 points of a place, 8 pixels apart, of 64 at 2 x 2 points, 16 apart, of other sizes at its centre.

    With ``by_side``, boxes as in SSTD (BestSonny): sizes are not cut, an aspect ratio is times the width, and then with ``flip``
    each is times the height; a ratio and its inverse are different boxes, and may both be given.

    From Synopsys' fork, for nets of TensorFlow: with ``tf`` the square of ``max_size`` comes after the boxes of the aspect
    ratios, and the first square of a ``min_size`` of 60 is smaller by 0.05 of the image on each side. With ``yx_order`` boxes
    are y1, x1, y2, x2; the variances keep their order. With ``keras`` the square of ``max_size`` comes first, and with ``flip``
    the inverses behind all aspect ratios. Boxes of ``width`` and ``height`` are there instead of all others, as in opencv.
    """

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.prior_box_param
        for index in range(len(shapes)):
            check_axes(spec, shapes, 4, index)
        self.within: bool = not param.faceboxes
        self.dense = list(_faceboxes(spec) if param.faceboxes else _dense_boxes(spec))
        self.sizes = list(self.box_sizes(spec)) if (param.min_size or not self.dense) and not param.faceboxes else []
        self.cuts = self._cuts(spec)
        self.order = [1, 0, 3, 2] if param.yx_order else [0, 1, 2, 3]
        if len(param.variance) not in (0, 1, 4) or min(param.variance, default=1) <= 0:
            raise spec.refuse(
                f"has `variance` {list(param.variance)}; give four above 0, or one for all", PARAM, "variance")
        given = list(param.variance) or [0.1]
        self.variances: list[float] = given * (4 // len(given))
        self.image = _height_width(spec, "img_size", "img_h", "img_w")
        self.step = _height_width(spec, "step", "step_h", "step_w")
        self.offsets = _offsets(spec)
        self.clip: bool = param.clip

    def box_sizes(self, spec: LayerDefinition) -> Iterator[tuple[float, float]]:
        """Width and height of each box of a place, in pixels."""
        return _given_sizes(spec) if spec.message.prior_box_param.width else _sizes(spec)

    def forward(self, x: Tensor, image: Tensor) -> Tensor:
        height, width = self.image or image.shape[2:]
        rows, columns = x.shape[2:]
        step = self.step or (height / rows, width / columns)
        down, right = torch.tensor(self.offsets, device=x.device, dtype=x.dtype).unbind(1)
        centre_y = (torch.arange(rows, device=x.device, dtype=x.dtype)[:, None] + down) * step[0] / height
        centre_x = (torch.arange(columns, device=x.device, dtype=x.dtype)[:, None] + right) * step[1] / width
        if self.dense:
            dense = self._dense(centre_x, centre_y, (width, height))
            if not self.sizes:
                return self._with_variances(dense)
        grid = rows, columns, len(self.offsets)
        centres = torch.stack((centre_x.expand(grid), centre_y[:, None].expand(grid)), -1)[:, :, None]
        halves = [(w / width / 2 - cut, h / height / 2 - cut) for (w, h), cut in zip(self.sizes, self.cuts, strict=True)]
        half = torch.tensor(halves, device=x.device, dtype=x.dtype)[:, None]
        boxes = torch.cat((centres - half, centres + half), -1)
        return self._with_variances(torch.cat((dense, boxes.flatten(2, 3)), 2) if self.dense else boxes)

    def _cuts(self, spec: LayerDefinition) -> list[float]:
        """Return how much smaller each box is made on each side, in parts of the image."""
        param, cuts = spec.message.prior_box_param, [0.0] * len(self.sizes)
        if param.tf and not param.keras and not param.width:
            for i, size in enumerate(param.min_size):
                cuts[i * len(cuts) // len(param.min_size)] = 0.05 if int(size) == 60 else 0.0
        return cuts

    def _dense(self, x: Tensor, y: Tensor, image: tuple[float, float]) -> Tensor:
        """The boxes (rows, columns, boxes, 4) about the centres of `dense`, ``within`` the image or not."""
        shifts, sizes = (x.new_tensor(self.dense) / x.new_tensor((*image, *image))).split(2, 1)
        grid = y.shape[0], x.shape[0], 1
        centres = torch.stack((x[:, :1].expand(grid), y[:, None, :1].expand(grid)), -1) + shifts
        first, last = centres - sizes / 2, centres + sizes / 2
        return torch.cat((first.clamp(min=0), last.clamp(max=1)) if self.within else (first, last), -1)

    def _with_variances(self, boxes: Tensor) -> Tensor:
        """The top: boxes, cut to the image with ``clip``, and the variances of each."""
        boxes = boxes if self.order[0] == 0 else boxes[..., self.order]
        if self.clip:
            boxes = boxes.clamp(0, 1)
        variances = boxes.new_tensor(self.variances).expand_as(boxes)
        return torch.stack((boxes, variances)).reshape(1, 2, -1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        priors = self(*(torch.zeros(x.shape) for x in bottoms))  # they depend on the sizes only
        return TorchCode.of_member(me, f"nn.Buffer(torch.zeros({tuple(priors.shape)}))", {"": priors})


@register("PriorBoxClustered")
class PriorBoxClustered(PriorBox):
    """PriorBox with the boxes that ``width`` and ``height`` give, such as clusters of the true ones. From OpenVINO's fork."""

    def box_sizes(self, spec: LayerDefinition) -> Iterator[tuple[float, float]]:
        return _given_sizes(spec)


def _given_sizes(spec: LayerDefinition) -> Iterator[tuple[float, float]]:
    """Width and height of each prior that the text gives."""
    param = spec.message.prior_box_param
    if not param.width or len(param.width) != len(param.height):
        raise spec.refuse(f"has {len(param.width)} `width` and {len(param.height)} `height`; it wants as many of both, at "
                          "least one", PARAM)
    for field in ("width", "height"):
        check_each_above_zero(spec, getattr(param, field), PARAM, field)
    return zip(param.width, param.height, strict=True)


def _sizes(spec: LayerDefinition) -> Iterator[tuple[float, float]]:
    """Width and height of each prior, in pixels."""
    param = spec.message.prior_box_param
    if not param.min_size or min(param.min_size) < 1:
        raise spec.refuse("needs a `min_size` of at least 1", PARAM, "min_size")
    if param.max_size and len(param.max_size) != len(param.min_size):
        raise spec.refuse(
            f"has {len(param.max_size)} `max_size` and {len(param.min_size)} `min_size`; give none, or one for each",
            PARAM, "max_size")
    for i, (least, most) in enumerate(zip(param.min_size, param.max_size)):
        if most <= least:
            raise spec.refuse(f"has `max_size` {most:g}, which is not above its `min_size` {least:g}", PARAM, "max_size", i)
    ratios = _ratios(spec)
    if param.by_side:
        yield from _sizes_by_side(param)
        return
    if not param.use_default:
        if param.max_size or not ratios[1:] or any(abs(ratio - 1) < 1e-6 for ratio in param.aspect_ratio):
            raise spec.refuse("has boxes of its aspect ratios alone; it wants some, other than 1, and no `max_size`", PARAM,
                              "use_default")
        sides = map(int, param.min_size)
        yield from ((size * math.sqrt(ratio), size / math.sqrt(ratio)) for size in sides for ratio in ratios[1:])
        return
    for i, size in enumerate(map(int, param.min_size)):
        squares = [math.sqrt(size * int(side)) for side in param.max_size[i : i + 1]]
        others = [(size * math.sqrt(ratio), size / math.sqrt(ratio)) for ratio in ratios[1:]]
        means = [(side, side) for side in squares]
        first: list[tuple[float, float]] = [(size, size)]
        yield from means + first + others if param.keras else first + others + means if param.tf else first + means + others


def _sizes_by_side(param: PriorBoxParameter) -> Iterator[tuple[float, float]]:
    """Width and height of each prior of SSTD, in pixels."""
    ratios = [ratio for i, ratio in enumerate(param.aspect_ratio) if ratio != 1 and ratio not in param.aspect_ratio[:i]]
    for i, size in enumerate(param.min_size):
        squares = [size] + [math.sqrt(size * int(side)) for side in param.max_size[i : i + 1]]
        yield from zip(squares, squares)
        yield from ((size * ratio, size) for ratio in ratios)
        if param.flip:
            yield from ((size, size * ratio) for ratio in ratios)


def _ratios(spec: LayerDefinition) -> list[float]:
    """The aspect ratios, 1 first."""
    param = spec.message.prior_box_param
    for i, ratio in enumerate(param.aspect_ratio):
        if not 0 < ratio < math.inf:
            raise spec.refuse(f"has `aspect_ratio` {ratio:g}; it must be a number above 0", PARAM, "aspect_ratio", i)
    return aspect_ratios(param)


def _dense_boxes(spec: LayerDefinition) -> Iterator[tuple[float, float, float, float]]:
    """The boxes of each ``fixed_size``: offsets of the centre from that of the place, right and down, width and height."""
    param = spec.message.prior_box_param
    if len(param.fixed_size) != len(param.density) or (param.fixed_ratio and param.aspect_ratio):
        raise spec.refuse(f"has {len(param.fixed_size)} `fixed_size` and {len(param.density)} `density`, or `aspect_ratio` "
                          "beside `fixed_ratio`; it wants as many of both, and ratios of one kind", PARAM)
    for i, (size, density) in enumerate(zip(param.fixed_size, map(int, param.density), strict=True)):
        check_above_zero(spec, size, PARAM, "fixed_size", i)
        check_above_zero(spec, density, PARAM, "density", i)
        whole, shift = int(size), int(size / density)  # cut to whole numbers, as in the fork
        sides = [(size * math.sqrt(ratio), size / math.sqrt(ratio)) for ratio in param.fixed_ratio or _ratios(spec)]
        if not param.fixed_ratio:
            sides[0] = whole, whole
        for width, height in sides:
            ways = [shift / 2 + shift * step - whole // 2 for step in range(density)]
            yield from ((right, down, width, height) for down in ways for right in ways)


def _faceboxes(spec: LayerDefinition) -> Iterator[tuple[float, float, float, float]]:
    """The boxes of each ``min_size`` as `_dense_boxes` gives them, in FaceBoxes' own fork."""
    param = spec.message.prior_box_param
    if not param.min_size or param.max_size or aspect_ratios(param)[1:]:
        raise spec.refuse("has squares alone, as in FaceBoxes' fork; it wants some `min_size`, no `max_size` and no "
                          "`aspect_ratio` but 1", PARAM, "faceboxes")
    for size in map(int, param.min_size):
        near = {32: (-16, -8, 0, 8), 64: (-16, 0)}.get(size, (0,))
        yield from ((right, down, size - 1, size - 1) for down in near for right in near)


def _offsets(spec: LayerDefinition) -> list[tuple[float, float]]:
    """The offsets of the centres from the corners of their places, down and right."""
    param = spec.message.prior_box_param
    if len(param.offset_h) != len(param.offset_w):
        raise spec.refuse(
            f"has {len(param.offset_h)} `offset_h` and {len(param.offset_w)} `offset_w`; give as many of both", PARAM)
    if param.offset_h and param.HasField("offset"):
        raise refuse_both(spec, "offset", "offset_h", PARAM, "offset_h", 0)
    if param.denser_prior_boxes:
        if param.offset_h:
            raise refuse_both(spec, "offset_h", "denser_prior_boxes", PARAM, "denser_prior_boxes")
        return [(param.offset, param.offset), (1.0, param.offset)]
    return list(zip(param.offset_h, param.offset_w)) or [(param.offset, param.offset)]


def _height_width(spec: LayerDefinition, both: str, height: str, width: str) -> tuple[float, float] | None:
    """A size given once or for each side; None if it is not given, or given as 0."""
    param = spec.message.prior_box_param
    if param.HasField(both) and (param.HasField(height) or param.HasField(width)):
        raise spec.refuse(f"gives both `{both}` and `{height}` or `{width}`; give one of them", PARAM, both)
    sizes = (getattr(param, both),) * 2 if param.HasField(both) else (getattr(param, height), getattr(param, width))
    if min(sizes) < 0:
        raise spec.refuse(f"has a negative `{both}` {sizes}", PARAM)
    return sizes if min(sizes) > 0 else None
