"""Convolution with `submanifold_sparse`: places without values stay so. Of Synopsys' fork (Graham and van der Maaten 2017)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution import PARAM, Convolution
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Convolution", when=lambda spec: spec.message.convolution_param.submanifold_sparse)
class SubmanifoldConvolution(Convolution):
    """`Convolution` whose top is 0 at each place at which all channels of its bottom are 0.

    The fork does so for the first image of a batch only, and has the gradient of the usual convolution; here it is done for all,
    with the true gradient.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        (top, *_), bottom = self.top_shapes(shapes), shapes[0]
        if self.axis != 1 or len(bottom) < 3 or top[2:] != bottom[2:]:
            raise spec.refuse(f"wants planes of one size in its bottom and top, with `axis` 1; they have shapes {bottom} and "
                              f"{top}", PARAM, "submanifold_sparse")

    def forward(self, *bottoms: Tensor) -> Tensor | tuple[Tensor, ...]:
        tops = super().forward(*bottoms)
        if isinstance(tops, Tensor):
            return tops * (bottoms[0] != 0).any(1, keepdim=True)
        return tuple(top * (x != 0).any(1, keepdim=True) for top, x in zip(tops, bottoms))

    def folding_param(self) -> str | None:
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        calls = []
        for x in bottoms:
            code = super().torch_code(me, [x])
            calls.append(f"{code.call} * ({x} != 0).any(1, keepdim=True)")
        return TorchCode(", ".join(calls), code.members, code.state)
