"""DetectNetTransformation: images and true boxes to what DetectNet is trained on. Of NVIDIA's fork, for DIGITS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, check_same_batch
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.detectnet.detectnet_changes import Change
from netdef.layers.forks.detectnet.detectnet_grid import LabelGrid, LabelledBox

_TRUTH, _CHANGES = "detectnet_groundtruth_param", "detectnet_augmentation_param"
_ROW = 16  # numbers of a box: x, y, width, height, an angle, the class, and ten that are not read


@register("DetectNetTransformation")
class DetectNetTransformation(Layer):
    """Change images at random, and draw the labels that DetectNet is trained on.

    Bottoms: images (N, 3, height, width), blue, green, red, and labels (N, 1, 1 + boxes, 16), whose first row begins with
    the number of boxes. Tops: images of ``image_size_y`` x ``image_size_x`` and the grids of `LabelGrid.draw`.

    In TEST images are only brought to the size, with the corners where they were. In TRAIN each of these changes is made
    with its probability, in this order: hue, saturation, mirroring, size, rotation; then a part of the size is cut out,
    with ``crop_prob`` anywhere, by up to half of ``shift_x`` and ``shift_y`` beyond the border, else in the middle.
    Boxes change with their image. ``mean_value`` is subtracted after the changes of colour, so that zeros are outside.

    As in the fork on a GPU, with two exceptions: there a hue passes from red to violet only in part, and a rotated image
    and its boxes are up to two pixels apart.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(2)
    depends_on_data = True
    family = "data"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_batch(spec, shapes)
        if shapes[0][1] != 3:
            raise spec.refuse(f"wants images of 3 channels; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        if len(shapes[1]) < 2 or shapes[1][-1] != _ROW:
            raise spec.refuse(f"wants rows of {_ROW} numbers; `{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)
        param, transform = spec.message.detectnet_augmentation_param, spec.message.transform_param
        self.grid = _read_grid(spec)
        if transform.mean_file:
            raise spec.refuse("takes no mean_file; give `mean_value`, once or three times", "transform_param", "mean_file")
        means = list(transform.mean_value) or [0.0]
        if len(means) not in (1, 3):
            raise spec.refuse(f"gives `mean_value` {len(means)} times; give it once or three times", "transform_param",
                              "mean_value")
        self.means = [*means] * (3 // len(means))
        if param.scale_min > param.scale_max:
            raise spec.refuse(f"has `scale_min` {param.scale_min:g} above `scale_max` {param.scale_max:g}", _CHANGES)
        self.chances: list[float] = [param.hue_rotation_prob, param.desaturation_prob, param.flip_prob, param.scale_prob,
                                     param.rotation_prob, param.crop_prob]
        self.hue, self.desaturation = param.hue_rotation, param.desaturation_max
        self.scales, self.degrees = (param.scale_min, param.scale_max), param.max_rotate_degree
        self.shift = param.shift_y, param.shift_x

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        items = bottoms[0][0]
        return [(items, 3, self.grid.height, self.grid.width), (items, *self.grid.shape)]

    @torch.no_grad()
    def forward(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        if images.is_meta:
            changed, grid = self.top_shapes([tuple(images.shape)])
            return images.new_empty(changed), images.new_empty(grid)
        size, means = (self.grid.height, self.grid.width), images.new_tensor(self.means)[:, None, None]
        parts, grids = [], []
        for image, rows in zip(images, labels.reshape(len(labels), -1, _ROW).tolist()):
            height, width = image.shape[1:]
            change = self._draw(height, width) if self.training else Change(size)
            parts.append(change.place(change.recolour(image) - means, size))
            grids.append(self.grid.draw(change.move(box, height, width) for box in self._boxes(rows)))
        return torch.stack(parts), torch.stack([torch.from_numpy(grid) for grid in grids]).to(images)

    def _boxes(self, rows: list[list[float]]) -> list[LabelledBox]:
        count, length = rows[0][:2]
        if length != _ROW or not 0 <= count < len(rows):
            raise NetdefError(f"layer `{self.name}` ({self.type_name}) got labels that begin with {count:g} and {length:g}; "
                              f"wanted are the number of boxes, at most {len(rows) - 1}, and {_ROW}")
        return [LabelledBox(row[0], row[1], row[2], row[3], int(row[5])) for row in rows[1 : int(count) + 1]]

    def _draw(self, height: int, width: int) -> Change:
        """A random change of an image."""
        made = [draw <= chance for draw, chance in zip(torch.rand(6).tolist(), self.chances)]
        hue, grey, scale, angle, down, across = torch.rand(6).tolist()
        factor = self.scales[0] + (self.scales[1] - self.scales[0]) * scale if made[3] else 1.0
        change = Change(
            (round(height * factor), round(width * factor)),
            hue=max(-180.0, min((2 * hue - 1) * self.hue, 180.0)) if made[0] else 0.0,
            saturation=1 - grey * self.desaturation if made[1] else 1.0, flip=made[2],
            rotation=(2 * angle - 1) * self.degrees if made[4] else 0.0)
        shift, share = (self.shift, (down, across)) if made[5] else ((0, 0), (0.5, 0.5))
        rows, columns = (round(part * (whole - size + by) - by // 2) for part, whole, size, by in zip(
            share, change.canvas(), (self.grid.height, self.grid.width), shift))
        return replace(change, offset=(rows, columns))


def _read_grid(spec: LayerDefinition) -> LabelGrid:
    param = spec.message.detectnet_groundtruth_param
    for field in ("stride", "image_size_x", "image_size_y"):
        check_positive(spec, getattr(param, field), _TRUTH, field)
    smallest = param.gridbox_type == param.GRIDBOX_MIN
    planes = {mapping.src: mapping.dst for mapping in param.object_class} or {1: 0}
    return LabelGrid(param.stride, param.image_size_x, param.image_size_y, param.scale_cvg,
                     None if smallest else param.max_cvg_len, param.min_cvg_len, param.obj_norm, param.crop_bboxes, planes)
