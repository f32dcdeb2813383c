"""NNInterp: planes resized by nearest places. Of HydraPlus-Net (Liu et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.forks.planes.tf_resize import resize_nearest, scaled_places

PARAM = "nninterp_param"


@register("NNInterp")
class NNInterp(Layer):
    """(N, C, H, W) to ``height`` x ``width``, or with zoom z to ``H + (H - 1)(z - 1)``, or shrunk by s to ``(H - 1) / s + 1``.

    Value i along an axis comes from place ``floor(i old / new)``, found in single precision. The gradient is that of the
    fork's GPU code; its CPU code confuses height and width.
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.nninterp_param
        rules = [name for name in ("zoom_factor", "shrink_factor") if param.HasField(name)]
        if param.HasField("height") and param.HasField("width"):
            rules.append("height")
        if len(rules) != 1:
            raise spec.refuse("wants one of `zoom_factor`, `shrink_factor`, and `height` with `width`", PARAM)
        for name in rules + ["width"] * (rules == ["height"]):
            check_positive(spec, getattr(param, name), PARAM, name)
        self.rule, self.factor = rules[0], getattr(param, rules[0])
        self.fixed = param.height, param.width

    def _sizes(self, shape: Sequence[int]) -> tuple[int, ...]:
        """The height and width of the top."""
        if self.rule == "height":
            return self.fixed
        if self.rule == "zoom_factor":
            return tuple(size + (size - 1) * (self.factor - 1) for size in shape[2:])
        return tuple((size - 1) // self.factor + 1 for size in shape[2:])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self._sizes(bottoms[0]))]

    def forward(self, x: Tensor) -> Tensor:
        return resize_nearest(x, (2, 3), self._sizes(x.shape), "plain")

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x = bottoms[0]
        return TorchCode(f'resize_nearest({x}, (2, 3), {self._sizes(x.shape)}, "plain")',
                         functions=(scaled_places, resize_nearest))
