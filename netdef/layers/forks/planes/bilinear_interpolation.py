"""BilinearInterpolation and DynamicBilinear: maps of another size, corner to corner."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_sizes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "dynamic_bilinear_param"


@register("BilinearInterpolation")
class BilinearInterpolation(Layer):
    """(N, C, H, W) to the height and width of a second bottom, values between the four pixels around; corners stay corners.

    Of ctensmeyer's fork (Tensmeyer and Martinez 2017). Without a second bottom ``interpolation_factor`` times its own size, of
    stephenyan1231's fork.
    """

    n_bottoms = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        if (len(shapes) == 2) == spec.message.HasField("bilinear_interpolation_param"):
            raise spec.refuse("wants a second bottom, of the size of its top, or a `bilinear_interpolation_param`", "bottom", 0)
        for index in range(len(shapes)):
            check_axes(spec, shapes, 4, index)
        self.factor: int = spec.message.bilinear_interpolation_param.interpolation_factor
        if self.factor < 1:
            raise spec.refuse("has an `interpolation_factor` of 0", "bilinear_interpolation_param", "interpolation_factor")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        sides = bottoms[1][2:] if len(bottoms) == 2 else [self.factor * side for side in bottoms[0][2:]]
        return [(*bottoms[0][:2], *sides)]

    def forward(self, x: Tensor, like: Tensor | None = None) -> Tensor:
        size = list(self.top_shapes([tuple(x.shape)])[0][2:] if like is None else like.shape[2:])
        return F.interpolate(x, size, mode="bilinear", align_corners=True)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        size = f"{bottoms[1]}.shape[2:]" if len(bottoms) == 2 else self.top_shapes([bottoms[0].shape])[0][2:]
        return TorchCode(f'F.interpolate({bottoms[0]}, {size}, mode="bilinear", align_corners=True)')


@register("DynamicBilinear")
class DynamicBilinear(Layer):
    """(N, C, H, W) as `BilinearInterpolation` makes it, of DSTFlow's fork (Ren et al. 2017).

    The size is ``output_H`` x ``output_W``, else ``scale`` times the bottom's, else that of a second bottom.
    """

    n_bottoms = between(1, 2)
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index in range(len(shapes)):
            check_axes(spec, shapes, 4, index)
        param = spec.message.dynamic_bilinear_param
        if param.HasField("output_H") and param.HasField("output_W"):
            self.size = [param.output_H, param.output_W]
        elif param.HasField("scale"):
            self.size = [int(side * param.scale) for side in shapes[0][2:]]
        elif len(shapes) == 2:
            self.size = list(shapes[1][2:])
        else:
            raise spec.refuse("wants a size: `output_H` and `output_W`, `scale`, or a second bottom", "type")
        check_sizes(spec, "a top of size", self.size, *([PARAM] if spec.message.HasField(PARAM) else ["type"]))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self.size)]

    def forward(self, x: Tensor, like: Tensor | None = None) -> Tensor:
        return F.interpolate(x, self.size, mode="bilinear", align_corners=True)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f'F.interpolate({bottoms[0]}, {self.size}, mode="bilinear", align_corners=True)')
