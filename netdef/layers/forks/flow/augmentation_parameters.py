"""GenerateAugmentationParameters and FlowAugmentation of FlowNet 2 (Ilg et al. 2017): changes of a second image, and of flow."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_batch, read_size, refuse_shapes
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.flow.augmentation_draws import (
    PARAM,
    PLACE,
    UNCHANGED,
    Draws,
    affine,
    from_blob,
    moved,
    to_blob,
    unchanged,
)

_MODES = "add", "replace", "regenerate"


@register("GenerateAugmentationParameters")
class GenerateAugmentationParameters(Layer):
    """Numbers for DataAugmentation, (N, 42, 1, 1), drawn as it draws them.

    Bottoms: the numbers of other images, and those images before and after their change; or one blob, and sizes in the
    text. With ``mode`` "add", the default, drawn numbers are added to those of the bottom (multiplied, where 1 changes
    nothing); "replace" draws their places anew, and the colours that are given; "regenerate", which one bottom with maps is,
    too, draws all. In TEST nothing is drawn without ``augment_during_test``.
    """

    n_bottoms = between(1, 3)
    passes: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.augmentation_param
        if len(shapes) == 2:
            raise spec.refuse("takes 1 or 3 bottoms, the text gives 2", "bottom", 1)
        self.mode = param.mode
        if self.mode not in _MODES:
            raise spec.refuse(f'has `mode` "{self.mode}"; there are {", ".join(_MODES)}', PARAM, "mode")
        if len(shapes) == 1 and any(side > 1 for side in shapes[0][2:]):
            self.mode = "regenerate"
        if self.mode != "regenerate" and (len(shapes[0]) < 2 or shapes[0][1] != len(UNCHANGED)):
            raise refuse_shapes(spec, shapes, 0, f"it wants {len(UNCHANGED)} numbers an image")
        self.draws = Draws(spec)
        self.active = self.depends_on_data = spec.phase == "TRAIN" or param.augment_during_test
        for index in range(1, len(shapes)):
            check_axes(spec, shapes, 4, index)
        crop = read_size(spec, param, "crop_height", "crop_width", PARAM)
        size = read_size(spec, param, "bottomheight", "bottomwidth", PARAM)
        if len(shapes) == 3:
            size, crop = (shapes[1][2], shapes[1][3]), (shapes[2][2], shapes[2][3])
        elif len(shapes[0]) == 4 and max(shapes[0][2:]) > 1:
            size = shapes[0][2], shapes[0][3]
        if not all((*size, *crop)):
            raise spec.refuse("needs the sizes of images before and after: three bottoms, or `bottomheight`, `bottomwidth`, "
                              "`crop_height` and `crop_width`", PARAM)
        self.size, self.crop = size, crop
        self.add_constant("passes", (1, 1), constant(0.0))
        self.carried = ("passes",)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], len(UNCHANGED), 1, 1)]

    @torch.no_grad()
    def forward(self, given: Tensor, before: Tensor | None = None, after: Tensor | None = None) -> Tensor:
        like = given.new_zeros(len(given))
        start = unchanged(like) if self.mode == "regenerate" else from_blob(given)
        if not self.active:
            return to_blob(start)
        self.passes = self.passes + 1
        discount = self.draws.discount(self.passes.item())
        if self.mode == "replace" and self.draws.places_drawn():
            start |= {name: value for name, value in unchanged(like).items() if name in PLACE}
        placed = self.draws.places(start, discount, self.size, self.crop)
        colours = self.draws.colours(like, discount)
        if self.mode == "add":
            return to_blob(placed) + to_blob(unchanged(like) | colours)
        return to_blob(placed | colours)


@register("FlowAugmentation")
class FlowAugmentation(Layer):
    """The optical flow between two images that DataAugmentation has changed: bottoms the flow (N, 2, H, W), their numbers.

    A place of the first image's crop is mapped to the image, where the flow of the nearest pixel moves it, and from there into
    the second one's crop. The flow is that place less the first. A place beyond the image has the flow of its border.
    """

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_batch(spec, shapes)
        for index in (1, 2):
            if shapes[index][:2] != (shapes[0][0], len(UNCHANGED)):
                raise refuse_shapes(spec, shapes, index, f"it wants {len(UNCHANGED)} numbers an image")
        if shapes[0][1] != 2:
            raise refuse_shapes(spec, shapes, 0, "it wants a flow of two channels")
        self.crop = read_size(spec, spec.message.augmentation_param, "crop_height", "crop_width", PARAM)
        if not all(self.crop):
            raise spec.refuse("needs `crop_height` and `crop_width`", PARAM)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], 2, *self.crop)]

    @torch.no_grad()
    def forward(self, flow: Tensor, first: Tensor, second: Tensor) -> Tensor:
        size = flow.shape[2], flow.shape[3]
        to_image, from_crop = (affine(from_blob(numbers), size, self.crop) for numbers in (first, second))
        rows, columns = (torch.arange(side, dtype=flow.dtype, device=flow.device) for side in self.crop)
        x, y = columns.expand(1, *self.crop), rows[:, None].expand(1, *self.crop)
        at_x, at_y = moved(to_image, x, y)
        column, row = ((at + 0.5).long().clamp(0, side - 1) for at, side in ((at_x, size[1]), (at_y, size[0])))
        item = torch.arange(len(flow), device=flow.device)[:, None, None]
        turn, shift = from_crop[:, :, :2].inverse(), from_crop[:, :, 2:]
        into_crop = torch.cat((turn, -turn @ shift), 2)
        new_x, new_y = moved(into_crop, at_x + flow[item, 0, row, column], at_y + flow[item, 1, row, column])
        return torch.stack((new_x - x, new_y - y), 1)
